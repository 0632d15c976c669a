import csv
import os
import shutil
from io import StringIO
from pathlib import Path

import pytest

from oncall.cli.printing import BROWSERS
from support.command_line import CommandLine

NO_BROWSER = not any(map(shutil.which, BROWSERS))


@pytest.fixture
def oncall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    return CommandLine(tmp_path, monkeypatch)


def written(oncall: CommandLine, *words: str) -> str:
    """Write a page and return it; nothing is printed but where it is."""
    file = oncall.folder / "rota.html"
    result = oncall.run("rota", *words, "--html", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"the rota is in {file}\n"
    return file.read_text("utf-8")


def rows(oncall: CommandLine, *words: str) -> list[dict[str, str]]:
    result = oncall.run("rota", *words, "--csv")
    assert result.exit_code == 0
    text = result.stdout_bytes.decode()
    return list(csv.DictReader(StringIO(text, newline="")))


def test_the_next_five_weeks_are_shown_day_by_day(oncall: CommandLine):
    head, *lines = oncall.says("rota", "weekend").splitlines()
    days = [line for line in lines if line.strip()]
    columns = " ".join(head.split())
    assert columns == "Day Date Jalali Hours (Asia/Tehran) On call Notes"
    assert " ".join(days[0].split()) == "Fri 4 Dec 13 Azar Mina Haddad weekend"
    assert len(days) == 35
    assert days[-1].startswith("Thu  7 Jan")


def test_a_space_stands_where_a_week_begins(oncall: CommandLine):
    lines = oncall.says("rota", "weekend").splitlines()
    spaces = [number for number, line in enumerate(lines) if not line]
    assert {lines[number + 1][:3] for number in spaces} == {"Sat"}
    assert len(spaces) == 5


def test_whole_days_are_shown_whatever_hours_are_asked_for(oncall: CommandLine):
    asked = ("--from", "2026-12-03T15:00", "--to", "2026-12-05T00:01")
    found = rows(oncall, "weekend", *asked)
    assert [(row["date"], row["start"], row["end"]) for row in found] == [
        ("2026-12-03", "2026-12-03 13:00", "2026-12-04 00:00"),
        ("2026-12-04", "2026-12-04 00:00", "2026-12-05 00:00"),
        ("2026-12-05", "2026-12-05 00:00", "2026-12-05 09:00"),
    ]


def test_a_day_that_ends_the_span_at_midnight_is_not_shown(oncall: CommandLine):
    found = rows(oncall, "weekend", "--from", "2026-12-03", "--to", "2026-12-05")
    assert [row["date"] for row in found] == ["2026-12-03", "2026-12-04"]


def test_what_is_in_the_database_counts(oncall: CommandLine):
    span = ("--from", "2026-12-04", "--to", "2026-12-05")
    oncall.says("override", "new", "weekend", "--person", "omid", *span)
    (row,) = rows(oncall, "weekend", *span)
    assert (row["person"], row["because"]) == ("Omid Rahimi", "override")


def test_the_page_is_in_the_services_language_unless_another_is_wanted(
    oncall: CommandLine,
):
    assert '<html lang="en" dir="ltr">' in written(oncall, "weekend")
    assert '<html lang="fa" dir="rtl">' in written(oncall, "weekend", "--language=fa")
    text = oncall.config.read_text("utf-8")
    oncall.configure(text.replace('language = "en"', 'language = "ar"', 1))
    assert '<html lang="ar" dir="rtl">' in written(oncall, "weekend")


def test_a_spreadsheet_may_begin_with_a_byte_order_mark(oncall: CommandLine):
    plain = oncall.run("rota", "weekend", "--csv").stdout_bytes
    marked = oncall.run("rota", "weekend", "--csv", "--bom").stdout_bytes
    assert marked == b"\xef\xbb\xbf" + plain


def test_an_unknown_rotation_is_told(oncall: CommandLine):
    assert "there is no rotation 'weekday'" in oncall.fails("rota", "weekday")


def test_a_span_turned_round_is_told(oncall: CommandLine):
    said = oncall.fails("rota", "weekend", "--to", "2026-12-01")
    assert said == "--to must be later than --from"


@pytest.mark.parametrize(
    "words",
    [("--csv", "--html", "a"), ("--html", "a", "--pdf", "b"), ("--bom",)],
)
def test_options_that_do_not_go_together_are_wrong_usage(
    oncall: CommandLine, words: tuple[str, ...]
):
    assert "Invalid value" in oncall.misused("rota", "weekend", *words)


def test_a_file_that_cannot_be_written_is_told(oncall: CommandLine):
    file = oncall.folder / "nowhere" / "rota.html"
    said = oncall.fails("rota", "weekend", "--html", str(file))
    assert said == f"{file} cannot be written: No such file or directory"


def test_without_a_browser_it_is_said_what_to_install(
    oncall: CommandLine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(oncall.folder))
    monkeypatch.setattr("oncall.cli.printing.BROWSERS", ("chromium",))
    said = oncall.fails("rota", "weekend", "--pdf", "rota.pdf")
    assert "apt install chromium" in said
    assert "--html FILE" in said
    assert not (oncall.folder / "rota.pdf").exists()


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
@pytest.mark.parametrize(
    ("script", "told"), [("exit 3", "could not print"), ("exit 0", "printed nothing")]
)
def test_a_browser_that_fails_is_told(
    oncall: CommandLine, monkeypatch: pytest.MonkeyPatch, script: str, told: str
):
    browser = oncall.folder / "chromium"
    browser.write_text(f"#!/bin/sh\n{script}\n")
    browser.chmod(0o755)
    monkeypatch.setenv("PATH", str(oncall.folder))
    assert told in oncall.fails("rota", "weekend", "--pdf", "rota.pdf")


@pytest.mark.skipif(NO_BROWSER, reason="no Chromium, Chrome or Edge is installed")
def test_a_pdf_is_printed_on_a4_on_its_side(oncall: CommandLine):
    result = oncall.run("rota", "weekend", "--pdf", "rota.pdf", "--language", "fa")
    assert (result.exit_code, result.stderr) == (0, "the rota is in rota.pdf\n")
    printed = (oncall.folder / "rota.pdf").read_bytes()
    assert printed.startswith(b"%PDF-")
    assert b"/MediaBox [0 0 841.9" in printed
