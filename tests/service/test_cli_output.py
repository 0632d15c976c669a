import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from oncall.cli import output

HEAD = ("who", "what")


@dataclass(frozen=True, kw_only=True)
class Cover:
    start: datetime
    end: datetime | None
    with_person: str
    reason: str


def test_a_piped_table_is_aligned_text(capsys: pytest.CaptureFixture[str]):
    output.table(HEAD, [("sara", "a"), ("li", "long words")])
    assert capsys.readouterr().out == "who   what\nsara  a\nli    long words\n"


def test_a_piped_table_without_rows_is_its_head(capsys: pytest.CaptureFixture[str]):
    output.table(HEAD, [])
    assert capsys.readouterr().out == "who  what\n"


def test_a_terminal_gets_a_drawn_table_with_words_as_they_are(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    output.table(HEAD, [("[red]sara", "a\x1b[2J")])
    drawn = capsys.readouterr().out
    assert drawn.startswith("\x1b[1m")
    assert "[red]sara" in drawn
    assert "\x1b[2J" not in drawn


def test_progress_is_for_terminals_and_never_on_stdout(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    output.progress("piped")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    output.progress("shown")
    assert capsys.readouterr() == ("", "shown\n")


def test_a_time_is_shown_as_the_zones_clocks_do():
    at = datetime(2026, 12, 4, 22, 0, tzinfo=UTC)
    assert output.local(at, ZoneInfo("Asia/Tehran")) == "Sat 2026-12-05 01:30"
    assert output.local(None, ZoneInfo("Asia/Tehran")) == "-"


def test_a_value_is_written_under_the_names_of_the_api():
    cover = Cover(
        start=datetime(2026, 12, 4, tzinfo=UTC), end=None, with_person="li", reason=""
    )
    assert output.shape(cover) == {
        "from": "2026-12-04T00:00:00Z",
        "to": None,
        "with": "li",
        "reason": None,
    }
