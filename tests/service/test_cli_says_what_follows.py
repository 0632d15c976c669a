"""A change made on the command line is answered with what follows from it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from escalation_policies.simulate import Step
from oncall.cli.simulation import folded
from support.command_line import CommandLine


@pytest.fixture
def oncall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    return CommandLine(tmp_path, monkeypatch)


def away(oncall: CommandLine, person: str, start: str, end: str) -> list[str]:
    said = oncall.says("absence", "new", person, "--from", start, "--to", end)
    return said.splitlines()[1:]


def test_an_absence_says_who_covers_and_how_they_are_reached(oncall: CommandLine):
    weekend, *care = away(oncall, "mina", "2026-12-04T00:00", "2026-12-05T00:00")
    assert weekend.startswith("  weekend, Fri 2026-12-04 00:00 to Sat 2026-12-05 00:00")
    assert weekend.endswith("(Asia/Tehran): Nina Berger (sms, voice)")
    assert len(care) == 3
    assert all(line.endswith(": Reza Karimi (telegram, sms, voice)") for line in care)


def test_an_absence_of_somebody_without_a_shift_says_so(oncall: CommandLine):
    (said,) = away(oncall, "omid", "2026-12-04T00:00", "2026-12-05T00:00")
    assert said == "  Omid Rahimi has no shift in that time"


def test_an_absence_that_nobody_covers_says_so_loudly(oncall: CommandLine):
    for person in ("sara", "reza", "nina"):
        away(oncall, person, "2026-12-04T00:00", "2026-12-06T00:00")
    said = away(oncall, "mina", "2026-12-04T00:00", "2026-12-05T00:00")
    assert any("NOBODY: make an override" in line for line in said)


def override(oncall: CommandLine, person: str) -> list[str]:
    span = ("--from", "2026-12-04T08:00", "--to", "2026-12-05T08:00")
    said = oncall.says("override", "new", "weekend", "--person", person, *span)
    return said.splitlines()[1:]


def test_an_override_says_who_is_on_call_and_how_they_are_reached(oncall: CommandLine):
    assert override(oncall, "reza")[0].endswith(
        "(Asia/Tehran): Reza Karimi (telegram, sms, voice)"
    )


def test_an_override_over_several_turns_is_said_once_for_its_person(
    oncall: CommandLine,
):
    span = ("--from", "2026-12-08T10:00", "--to", "2026-12-09T12:00")
    said = oncall.says("override", "new", "care", "--person", "reza", *span)
    _, only = said.splitlines()
    assert only.startswith("  care, Tue 2026-12-08 10:00 to Wed 2026-12-09 12:00 ")
    assert only.endswith(": Reza Karimi (telegram, sms, voice)")


def test_an_override_with_somebody_who_cannot_be_reached_says_so(oncall: CommandLine):
    text = oncall.config.read_text(encoding="utf-8")
    nobody = '[people.kim]\nname = "Kim"\ncontact = [{via = "apprise"}]\n\n'
    oncall.config.write_text(text.replace("[groups]", f"{nobody}[groups]"))
    said = override(oncall, "kim")
    assert said == ["  Kim cannot be reached: no contact method of theirs works"]


def test_taking_what_somebody_has_says_who_helps_now(oncall: CommandLine):
    oncall.says("issue", "new", "--customer", "Mina", "--subject", "hi")
    oncall.says("issue", "acknowledge", "1", "--person", "sara")
    said = oncall.says("issue", "acknowledge", "1", "--person", "reza")
    assert said.startswith("#1 is Sara Ahmadi's since Fri 2026-12-04 21:00")
    assert said.endswith("; Reza Karimi helps with it now\n")
    shown = oncall.says("issue", "show", "1")
    assert "owner Sara Ahmadi, helped by Reza Karimi" in shown


def test_an_issue_shows_how_its_customer_is_reached(oncall: CommandLine):
    about = ("--customer", "Mina", "--phone", "+989121234567", "--tier", "vip")
    oncall.says("issue", "new", *about, "--subject", "hi", "--text", "where is it")
    shown = oncall.says("issue", "show", "1").splitlines()
    assert shown[1:3] == ["Mina: hi", "customer +989121234567, vip"]
    assert any(line.endswith("customer: where is it") for line in shown)


def test_a_simulation_shows_levels_that_page_nobody_and_folds_repeats(
    oncall: CommandLine,
):
    monday = ("--policy", "customer-issue", "--at", "2026-12-07T10:00")
    lines = oncall.says("simulate", *monday).splitlines()
    assert any("nobody is on call: rotation:weekend" in line for line in lines)
    assert any("the same every 30 minutes" in line for line in lines)
    assert len(lines) < 40
    steps = oncall.json("simulate", *monday)
    assert {step["kind"] for step in steps} <= {"page", "bad_news"}
    assert set(steps[0]) == {
        *("after_s", "at", "level", "round", "person", "via", "kind", "because")
    }


OPENED = datetime(2026, 12, 4, tzinfo=UTC)


def step(minute: int, person: str = "sara") -> Step:
    return Step(
        after_s=minute * 60,
        at=OPENED + timedelta(minutes=minute),
        level=None,
        round=None,
        person=person,
        via="sms",
        kind="page",
        because="last_resort",
    )


@pytest.mark.parametrize(
    ("steps", "shown", "again"),
    [
        ([], 0, None),
        ([step(0), step(30)], 2, None),
        ([step(0), step(30), step(60)], 1, (timedelta(minutes=30), 2)),
        ([step(0), step(30), step(61)], 3, None),
        ([step(0, "x"), step(5), step(35), step(65)], 2, (timedelta(minutes=30), 2)),
        (
            [
                step(m, p)
                for n in range(4)
                for m, p in ((n * 30, "a"), (n * 30 + 1, "b"))
            ],
            2,
            (timedelta(minutes=30), 3),
        ),
    ],
)
def test_what_comes_again_at_the_end_is_shown_once(
    steps: list[Step], shown: int, again: tuple[timedelta, int] | None
):
    rows = list(folded(steps))
    assert len(rows) == shown
    assert (rows[-1][1] if rows else None) == again
