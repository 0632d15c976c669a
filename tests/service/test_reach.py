"""Who will be on call and cannot be reached, by the command and by the API: the same."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from oncall.config.example import render
from oncall.model import Via
from oncall.store import Database, methods
from oncall.store.migrate import upgrade
from support.api import Api, assert_problem
from support.command_line import FRIDAY, CommandLine

TWILIO = """
[integrations.twilio]
account_sid = "AC00000000000000000000000000000000"
auth_token = "secret"
messaging_service = "MG00000000000000000000000000000000"
"""


@pytest.fixture
def oncall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    return CommandLine(tmp_path, monkeypatch)


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[Api]:
    async with Api(database_url, now=FRIDAY) as running:
        yield running


def troubles(found: dict[str, Any]) -> dict[str, list[str]]:
    return {one["person"]: one["because"] for one in found["people"]}


def prove(oncall: CommandLine, person: str, via: Via, address: str) -> None:
    database = Database(f"sqlite:///{oncall.database}")
    upgrade(database)
    database.write_now(
        lambda tx: methods.mark_working(tx, person, via, address, FRIDAY)
    )
    database.close()


def test_everybody_is_unproven_until_a_message_has_arrived(oncall: CommandLine):
    before = troubles(oncall.json("reach"))
    assert before["sara"] == ["unproven"]
    prove(oncall, "sara", Via.TELEGRAM, "123456789")
    after = troubles(oncall.json("reach"))
    assert before.keys() - after.keys() == {"sara"}


def test_a_message_that_arrived_at_another_address_proves_nothing(oncall: CommandLine):
    prove(oncall, "sara", Via.SMS, "+4915199999999")
    assert "sara" in troubles(oncall.json("reach"))


def test_sms_alone_is_not_enough_where_answers_do_not_arrive(oncall: CommandLine):
    oncall.configure(f"{render()}{TWILIO}")
    found = troubles(oncall.json("reach"))
    assert found["sara"] == ["unproven", "one_way_sms"]
    assert found["nina"] == ["unproven"], "answers from Germany arrive"


def test_who_has_no_method_is_told_so_alone(oncall: CommandLine):
    ladder = '[people.omid]\ncontact = [{via = "telegram"}]\n'
    text = render().replace("[people.omid]\n", ladder)
    rings = 'people = ["sara", "reza", "mina", "nina"]'
    text = text.replace(rings, 'people = ["omid"]', 1)
    oncall.configure(f"{text}{TWILIO}")
    assert troubles(oncall.json("reach"))["omid"] == ["no_method"]


def test_only_who_is_on_call_soon_is_told_of_with_where_and_when(oncall: CommandLine):
    found = oncall.json("reach", "--days", "1")
    assert (found["from"], found["to"]) == (
        "2026-12-04T17:30:12Z",
        "2026-12-05T17:30:12Z",
    )
    mina = next(one for one in found["people"] if one["person"] == "mina")
    assert mina["first_on_call"] == "2026-12-04T17:30:12Z"
    assert mina["rotations"] == ["weekend", "care"]
    assert "sara" not in troubles(found)


def test_people_read_a_table_or_that_all_is_well(oncall: CommandLine):
    table = oncall.says("reach", "--days", "1")
    assert "Mina Haddad" in table
    assert "no message has ever arrived" in table
    for one in oncall.json("reach")["people"]:
        prove(oncall, one["person"], Via.CONSOLE, one["person"])
    addresses = {"sara": "123456789", "reza": "123456790", "mina": "123456791"}
    for person, address in addresses.items():
        prove(oncall, person, Via.TELEGRAM, address)
    left = troubles(oncall.json("reach"))
    assert left.keys().isdisjoint(addresses)


async def test_the_api_says_what_the_command_says(api: Api, oncall: CommandLine):
    assert (await api.get("/reach")).json() == oncall.json("reach")
    week = await api.get("/reach", days=7)
    assert week.json() == oncall.json("reach", "--days", "7")


async def test_days_out_of_reach_are_refused(api: Api, oncall: CommandLine):
    assert_problem(await api.get("/reach", days=0), 422, "days")
    assert "--days" in oncall.misused("reach", "--days", "367")
