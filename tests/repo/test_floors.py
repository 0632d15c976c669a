"""Who may import whom is held, not only written down."""

import subprocess
import sys
from pathlib import Path

from support.papers import ROOT


def test_nothing_imports_what_stands_above_it():
    lint = Path(sys.executable).with_name("lint-imports")
    checked = subprocess.run(  # noqa: S603 (our own command)
        [lint, "--no-logo", "--no-cache"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
