import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oncall.config.load import load
from oncall.web import shapes
from support.command_line import CommandLine

WEEK = ("--from", "2026-12-03", "--to", "2026-12-10")
MINAS_WEEKEND = {
    "person": "mina",
    "start": "2026-12-03T09:30:00Z",
    "end": "2026-12-05T05:30:00Z",
    "layer": 0,
    "because": "turn",
}


@pytest.fixture
def oncall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    return CommandLine(tmp_path, monkeypatch)


def test_who_answers_with_rotation_people_and_until(oncall: CommandLine):
    assert oncall.json("who", "weekend") == [
        {"rotation": "weekend", "people": ["mina"], "until": "2026-12-05T05:30:00Z"}
    ]


def test_who_answers_for_all_rotations_in_the_order_of_the_file(oncall: CommandLine):
    names = [found["rotation"] for found in oncall.json("who")]
    assert names == ["weekend", "weekend-backup", "workdays", "care"]


def test_a_time_without_offset_is_of_the_services_zone(oncall: CommandLine):
    local = oncall.json("who", "weekend", "--at", "2026-12-05T08:59:59")
    same = oncall.json("who", "weekend", "--at", "2026-12-05T05:29:59Z")
    later = oncall.json("who", "weekend", "--at", "2026-12-05T09:00")
    assert local == same
    assert local[0]["people"] == ["mina"]
    assert later[0]["people"] == []


def test_until_is_null_when_nobody_ever_takes_over(oncall: CommandLine):
    text = oncall.config.read_text("utf-8")
    oncall.configure(text + '\n[rotations.alone]\npeople = ["nina"]\n')
    assert oncall.json("who", "alone") == [
        {"rotation": "alone", "people": ["nina"], "until": None}
    ]


def test_people_read_names_and_the_services_time(oncall: CommandLine):
    head, weekend, *_ = oncall.says("who").splitlines()
    assert head.split() == ["rotation", "on", "call", "until", "(Asia/Tehran)"]
    assert weekend == "weekend         Mina Haddad  Sat 2026-12-05 09:00"


def test_an_unknown_rotation_is_a_failure_that_names_the_known(oncall: CommandLine):
    said = "there is no rotation 'weekand'; there are: "
    said += "weekend, weekend-backup, workdays, care"
    assert oncall.fails("who", "weekand") == said
    assert oncall.fails("shifts", "weekand") == said


@pytest.mark.parametrize("when", ["tomorrow", "0001-01-01", "9999-12-31T23:59"])
def test_a_time_that_is_none_is_wrong_usage(oncall: CommandLine, when: str):
    assert "'--at'" in oncall.misused("who", "--at", when)


def test_shifts_say_person_start_end_layer_and_why(oncall: CommandLine):
    assert oncall.json("shifts", "weekend", *WEEK) == [MINAS_WEEKEND]


def test_shifts_are_those_of_thirty_days_from_now(oncall: CommandLine):
    found = oncall.json("shifts", "weekend")
    assert found[0]["start"] == "2026-12-04T17:30:12Z"
    assert "2027-01-01" < found[-1]["end"] <= "2027-01-03T17:30:12Z"


def test_a_span_turned_round_or_too_long_is_refused(oncall: CommandLine):
    turned = ("--from", "2026-12-03", "--to", "2026-12-03")
    endless = ("--from", "2026-12-03", "--to", "2036-12-03")
    assert oncall.fails("shifts", "care", *turned) == "--to must be later than --from"
    assert "five years" in oncall.fails("shifts", "care", *endless)


def test_no_database_is_made_for_looking_at_turns(oncall: CommandLine):
    oncall.says("who")
    oncall.says("shifts", "weekend")
    assert [path.name for path in oncall.folder.iterdir()] == ["oncall.toml"]


def test_what_was_changed_in_the_database_is_shown(
    oncall: CommandLine, migrated_sqlite: Path
):
    shutil.copy(migrated_sqlite, oncall.database)
    oncall.says("override", "new", "weekend", "--person", "omid", *WEEK)
    (shift, *_) = oncall.json("shifts", "weekend", *WEEK)
    assert (shift["person"], shift["because"]) == ("omid", "override")
    assert oncall.json("who", "weekend")[0]["people"] == ["omid"]


def test_json_has_the_shapes_of_the_api(oncall: CommandLine):
    roster = load(oncall.config, environ=os.environ).roster
    start, end = datetime(2026, 12, 3, tzinfo=UTC), datetime(2026, 12, 10, tzinfo=UTC)
    span = ("--from", "2026-12-03T00:00Z", "--to", "2026-12-10T00:00Z")
    for name in roster.rotations:
        on_call = shapes.on_call(name, roster.who_is_on_call(name, start))
        shifts = shapes.shifts(roster.shifts_between(name, start, end))
        assert oncall.json("who", name, "--at", start.isoformat()) == [on_call]
        assert oncall.json("shifts", name, *span) == shifts


PROVIDERS = """
[integrations.twilio]
account_sid = "env:TWILIO_ACCOUNT_SID"
auth_token = "env:TWILIO_AUTH_TOKEN"
from = "+15550100"
[integrations.telegram]
token = "file:telegram-token"
"""


async def test_who_is_on_call_is_told_without_the_providers_secrets(
    oncall: CommandLine,
):
    oncall.config.write_text(oncall.config.read_text() + PROVIDERS)
    assert oncall.json("who", "care")[0]["people"]
    assert oncall.json("shifts", "weekend")
    refused = oncall.fails("page", "sara", "a test")
    assert "TWILIO_AUTH_TOKEN is not set" in refused
    assert "telegram-token" in refused
