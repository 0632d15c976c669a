"""ARCHITECTURE.md says what there is, all of it, and nothing else."""

import re
import tomllib
from pathlib import Path

from oncall.store import pages
from support.module_map import ROOT, parts, rendered
from support.papers import PACKAGES

TEXT = (ROOT / "ARCHITECTURE.md").read_text()
HEADING = re.compile(r"^### `([\w/]+)/`")
BULLET = re.compile(r"^- `(\w+)`")


def named_modules() -> list[Path]:
    """Return the modules that the map names, as files."""
    found, folder = [], ROOT
    for line in parts(TEXT)[1].splitlines():
        if heading := HEADING.match(line):
            folder = ROOT / heading[1]
            found.append(folder / "__init__.py")
        elif bullet := BULLET.match(line):
            found.append(folder / f"{bullet[1]}.py")
    return found


def test_every_module_is_named_and_none_that_is_not_there():
    there = {
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if (path.parent / "__init__.py").exists()
    }
    named = named_modules()
    assert sorted(set(named) ^ there) == []
    assert len(named) == len(set(named))


def test_the_map_says_of_each_module_what_it_says_of_itself():
    written = parts(TEXT)[1].splitlines()
    wanted = rendered().splitlines()
    assert written == wanted, "run: python tests/support/module_map.py"


def test_every_module_says_what_it_is_for():
    assert [line for line in rendered().splitlines() if line.endswith("`: ")] == []


def test_the_drawn_states_are_those_of_the_outbox():
    drawn = set(re.findall(r"^ +(\w+) --> (\w+): (\w+)", TEXT, re.MULTILINE))
    moves = {
        (str(state), str(pages.REACHES[transition]), str(transition))
        for transition, states in pages.LEAVES.items()
        for state in states
    }
    assert drawn == moves


def test_the_floors_are_those_that_the_checks_hold():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    floors = next(c["layers"] for c in contracts if c.get("containers") == ["oncall"])
    drawn = re.findall(r"^\| \d+ \| (.*?) \|", TEXT, re.MULTILINE)
    assert [re.findall(r"`(\w+)`", line) for line in drawn] == [
        re.findall(r"\w+", floor) for floor in floors
    ]
