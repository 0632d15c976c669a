"""The benchmarks can be run, and say what they were run on and what was to be seen."""

import subprocess
import sys

import pytest

from benchmarks.figures import Aim, Figure, Floor, table
from support.module_map import ROOT

HEALTHZ = Floor(name="GET /healthz", value=0.4, unit="ms")
POSTS = Floor(name="empty POST", value=2500, unit="/s")


def test_figures_are_printed_with_the_machine_they_were_taken_on():
    bench = [sys.executable, ROOT / "tests/benchmarks/bench.py", "--only", "turns"]
    done = subprocess.run(  # noqa: S603 (our own command)
        bench, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    machine, _, printed = done.stdout.strip().partition("\n\n")
    assert "Python 3." in machine
    assert "SQLite 3." in machine
    heads, rule, *rows = printed.splitlines()
    assert [head.strip() for head in heads.strip("|").split("|")][:3] == [
        "figure",
        "median",
        "p99",
    ]
    assert set(rule) == {"|", "-"}
    assert len(rows) == 4


@pytest.mark.parametrize(
    ("samples", "unit", "aim", "said"),
    [
        ([4.4], "ms", 12, "≤ 12 × GET /healthz (0.400 ms): 11.0 ×, met"),
        ([5.2], "ms", 12, "≤ 12 × GET /healthz (0.400 ms): 13.0 ×, MISSED"),
        ([3.0], "s", 7500, "≤ 7500 × GET /healthz (0.400 ms): 7,500 ×, met"),
    ],
)
def test_an_aim_is_so_many_times_the_floor_beside_it(
    samples: list[float], unit: str, aim: float, said: str
):
    figure = Figure(
        name="f", samples=samples, unit=unit, aims=[Aim(bound=aim, floor=HEALTHZ)]
    )
    assert f"| {said} |" in table([figure])


@pytest.mark.parametrize(
    ("rate", "verdict"), [(1000.0, "0.400 ×, met"), (975.0, "0.390 ×, MISSED")]
)
def test_a_rate_is_to_be_so_much_of_its_floor(rate: float, verdict: str):
    aims = [Aim(bound=0.4, floor=POSTS)]
    figure = Figure(name="f", samples=[rate], unit="/s", aims=aims, more_is_better=True)
    assert f"≥ 0.4 × empty POST (2,500 /s): {verdict}" in table([figure])


def test_each_of_several_aims_is_judged_by_itself():
    aims = [Aim(bound=12, floor=HEALTHZ), Aim(bound=50, floor=HEALTHZ, of=99)]
    figure = Figure(name="f", samples=[4.0] * 90 + [30.0] * 10, unit="ms", aims=aims)
    middle, _, late = table([figure]).partition("; ")
    assert middle.endswith("10.0 ×, met")
    assert late.startswith("p99 ≤ 50 × GET /healthz (0.400 ms): 75.0 ×, MISSED")


def test_what_no_floor_is_about_is_bounded_as_it_is():
    figure = Figure(name="f", samples=[160], unit="MiB", aims=[Aim(bound=150)])
    assert "| ≤ 150: MISSED |" in table([figure])
