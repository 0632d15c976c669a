"""The repository's own papers and files, as tests read them."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from support.module_map import ROOT

PACKAGES = ("oncall", "rotations", "escalation_policies", "integrations")
PAPERS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")


def blocks(text: str, language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return [body for name, body in FENCE.findall(text) if name == language]


def code(text: str) -> Iterator[str]:
    """Yield every line that is shown as code: of shell blocks, and within prose."""
    for block in blocks(text, "sh"):
        yield from block.splitlines()
    yield from SPAN.findall(FENCE.sub("", text))


def tracked() -> list[Path]:
    """Return all files that git knows or would take."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(  # noqa: S603 (our own command)
        command, cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    paths = (ROOT / name for name in listed.split("\0") if name)
    return [path for path in paths if path.is_file()]
