"""The papers say nothing that is not so."""

import re
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_group

from oncall.cli.app import app
from oncall.config.example import render
from oncall.config.load import read
from support.night import Night
from support.papers import PAPERS, ROOT, blocks, code

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)
ENVIRON = re.compile(r'"env:(\w+)"')
SECTIONS = (
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
)

papers = pytest.mark.parametrize(
    "paper", PAPERS, ids=lambda path: str(path.relative_to(ROOT))
)


def test_every_paper_is_there():
    assert {path.name for path in PAPERS} >= set(SECTIONS)


def slug(heading: str) -> str:
    """Return a heading's anchor, as GitHub makes it."""
    kept = re.sub(r"[^\w\- ]", "", heading.lower())
    return kept.strip().replace(" ", "-")


@papers
def test_links_lead_somewhere(paper: Path):
    for target in LINK.findall(paper.read_text()):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        name, _, anchor = target.partition("#")
        file = paper.parent / name if name else paper
        assert file.exists(), f"{paper.name} links to {target}, which is not there"
        if anchor:
            headings = {slug(heading) for heading in HEADING.findall(file.read_text())}
            assert anchor in headings, f"{file.name} has no heading for #{anchor}"


@papers
def test_what_papers_say_to_make_can_be_made(paper: Path):
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    said = {
        words[1]
        for line in code(paper.read_text())
        if (words := line.split())[:1] == ["make"] and len(words) > 1
    }
    assert said <= targets


def test_the_readme_names_the_commands_that_everything_is_done_with():
    lines = set(code((ROOT / "README.md").read_text()))
    assert {"make demo", "make test", "make check"} <= lines


@papers
def test_commands_in_papers_exist(paper: Path):
    commands = set(get_group(app).commands)
    said = {
        found[1]
        for line in code(paper.read_text())
        if (found := re.match(r"(?:\S*/)?oncall ([a-z]+)\b(?!\.)", line))
    }
    assert said <= commands


def test_the_readme_names_every_command():
    lines = "\n".join(code((ROOT / "README.md").read_text()))
    missing = [
        name
        for name in get_group(app).commands
        if not re.search(rf"\boncall {name}\b", lines)
    ]
    assert missing == []


@papers
def test_configuration_in_papers_can_be_added_to_the_example(paper: Path):
    for block in blocks(paper.read_text(), "toml"):
        environ = dict.fromkeys(ENVIRON.findall(block), "a-value-for-a-test")
        read(f"{render()}\n{block}", environ=environ)


async def test_the_night_that_contributing_shows_is_a_test_that_passes(
    database_url: str,
):
    (shown,) = blocks((ROOT / "CONTRIBUTING.md").read_text(), "python")
    scope: dict[str, Any] = {"Night": Night}
    exec(shown, scope)  # noqa: S102 (the paper's own example)
    (test,) = (value for name, value in scope.items() if name.startswith("test_"))
    await test(database_url)


def test_every_test_that_the_security_paper_names_is_there():
    named = re.findall(r"`(tests/[\w/]+\.py)`", (ROOT / "SECURITY.md").read_text())
    assert named
    assert [name for name in named if not (ROOT / name).is_file()] == []
