"""The benchmarks can be run, and say what they were run on."""

import subprocess
import sys

from support.module_map import ROOT


def test_figures_are_printed_with_the_machine_they_were_taken_on():
    bench = [sys.executable, ROOT / "tests/benchmarks/bench.py", "--only", "turns"]
    done = subprocess.run(  # noqa: S603 (our own command)
        bench, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    machine, _, table = done.stdout.strip().partition("\n\n")
    assert "Python 3." in machine
    assert "SQLite 3." in machine
    heads, rule, *rows = table.splitlines()
    assert [head.strip() for head in heads.strip("|").split("|")][:3] == [
        "figure",
        "median",
        "p99",
    ]
    assert set(rule) == {"|", "-"}
    assert len(rows) == 4
