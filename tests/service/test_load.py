"""What people carry, by the command and by the API: the same."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from support.api import Api, assert_problem
from support.command_line import FRIDAY, CommandLine

KINDS = ("nights_h", "weekends_h", "holidays_h", "other_h")


@pytest.fixture
def oncall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    return CommandLine(tmp_path, monkeypatch)


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[Api]:
    async with Api(database_url, now=FRIDAY) as running:
        yield running


def carried(found: dict[str, Any], period: str, person: str) -> dict[str, float]:
    (one,) = [each for each in found[period]["people"] if each["person"] == person]
    return dict(one)


def test_the_weeks_behind_and_ahead_meet_now(oncall: CommandLine):
    found = oncall.json("load")
    assert found["rotations"] == ["weekend", "weekend-backup", "workdays", "care"]
    assert found["past"]["to"] == found["coming"]["from"] == "2026-12-04T17:30:12Z"
    spans = [
        datetime.fromisoformat(found[period]["to"])
        - datetime.fromisoformat(found[period]["from"])
        for period in ("past", "coming")
    ]
    assert spans == [timedelta(weeks=26)] * 2


def test_a_persons_hours_are_those_of_the_shifts(oncall: CommandLine):
    found = oncall.json("load", "weekend", "--weeks", "1")
    mina = carried(found, "coming", "mina")
    # Until Saturday 09:00; it is Friday, 21:00:12 in Tehran.
    assert mina["weekends_h"] == mina["total_h"] == 12.0
    assert carried(found, "past", "mina")["total_h"] == 32.0


def test_who_carries_nothing_in_one_of_the_two_is_there_all_the_same(
    oncall: CommandLine,
):
    found = oncall.json("load", "weekend", "--weeks", "1")
    people = [[one["person"] for one in found[p]["people"]] for p in ("past", "coming")]
    assert people[0] == people[1] == ["mina", "nina", "reza"]
    assert carried(found, "past", "nina")["total_h"] == 0.0


def test_the_kinds_of_hours_add_up(oncall: CommandLine):
    for period in ("past", "coming"):
        for one in oncall.json("load")[period]["people"]:
            assert sum(one[kind] for kind in KINDS) == pytest.approx(
                one["total_h"], abs=0.05
            )


def test_people_read_a_table(oncall: CommandLine):
    head, *lines = oncall.says("load", "weekend", "--weeks", "1").splitlines()
    assert head.split()[:3] == ["hours", "person", "nights"]
    first = " ".join(lines[0].split())
    assert first == "last 1 week Mina Haddad 0.0 32.0 0.0 0.0 32.0"
    assert lines[3].startswith("next 1 week")


def test_overrides_made_long_ago_count(oncall: CommandLine):
    span = ("--from", "2026-07-10", "--to", "2026-07-11")
    oncall.turn_to(FRIDAY - timedelta(days=180))
    oncall.says("override", "new", "weekend", "--person", "omid", *span)
    oncall.turn_to(FRIDAY)
    assert carried(oncall.json("load"), "past", "omid")["total_h"] == 24.0


def test_an_unknown_rotation_is_told(oncall: CommandLine):
    assert "there is no rotation 'weekday'" in oncall.fails("load", "weekday")


@pytest.mark.parametrize("weeks", ["0", "105"])
def test_weeks_out_of_reach_are_wrong_usage(oncall: CommandLine, weeks: str):
    assert "--weeks" in oncall.misused("load", "--weeks", weeks)


async def test_the_api_says_what_the_command_says(api: Api, oncall: CommandLine):
    asked = await api.get("/load", rotation="weekend", weeks=13)
    assert asked.json() == oncall.json("load", "weekend", "--weeks", "13")
    assert (await api.get("/load")).json() == oncall.json("load")


async def test_the_api_counts_what_was_changed_long_ago(api: Api):
    api.clock.turn_to(FRIDAY - timedelta(days=180))
    span = {"from": "2026-07-10T00:00:00Z", "to": "2026-07-11T00:00:00Z"}
    made = await api.post("/rotations/weekend/overrides", {"person": "omid"} | span)
    assert made.status_code == 201, made.text
    api.clock.turn_to(FRIDAY)
    found = (await api.get("/load")).json()
    assert carried(found, "past", "omid")["total_h"] == 24.0


async def test_the_api_refuses_what_does_not_exist(api: Api):
    assert_problem(await api.get("/load", rotation="weekday"), 404)
    assert_problem(await api.get("/load", weeks=105), 422, "weeks")
