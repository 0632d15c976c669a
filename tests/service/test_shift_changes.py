"""A change of near shifts is told once, whoever publishes it first."""

import asyncio
import re
from collections import Counter
from datetime import UTC, datetime
from typing import TypeVar

import pytest
from typing_extensions import override

from oncall.engine.announcer import Announcer
from oncall.store import Database
from oncall.store.job import Work
from support.api import Api

T = TypeVar("T")
THURSDAY = datetime(2026, 11, 26, 5, 0, tzinfo=UTC)
"""Reza's weekend begins four and a half hours later."""
COVERED = {
    "person": "mina",
    "instead_of": "reza",
    "from": "2026-11-26T09:30:00Z",
    "to": "2026-11-28T05:30:00Z",
}
TOLD = Counter(reza=1, mina=1, nina=1)
"""She is no backup while she is on call, and another one is: two changes, one message."""


def only_weekend(text: str) -> str:
    """Leave the rotations of the weekend alone, without the one around the clock."""
    begin = text.index("[rotations.care]")
    return text[:begin] + text[text.index("[[absences]]") :]


def told(api: Api) -> Counter[str]:
    """Return how many messages each person got at this node."""
    people = api.config.people.values()
    names = {
        address: person.id
        for person in people
        for address in (str(person.telegram), person.phone, person.email)
    }
    return Counter(names[each.address] for each in api.service.phones.messages())


async def covered(api: Api) -> None:
    made = await api.post("/rotations/weekend/overrides", COVERED)
    assert made.status_code == 201, made.text


async def test_a_change_is_told_also_when_a_calendar_shows_it_first(database_url: str):
    async with Api(database_url, change=only_weekend, now=THURSDAY) as api:
        links = [
            (await api.post("/feeds", {"kind": kind})).json()
            for kind in ("team", "gaps")
        ]
        await api.service.engine.settle()
        await covered(api)
        for link in links:
            assert (await api.client.get(link["url"])).status_code == 200
        await api.service.engine.settle()
        assert told(api) == TOLD


def two_hours_each(text: str) -> str:
    """Leave the rotation around the clock alone, with turns of two hours."""
    begin, end = text.index("[rotations.weekend]"), text.index("[rotations.care]")
    policy = text.index("[[absences]]")
    rest = text[:begin] + text[end:policy] + text[text.index("[escalation_policies") :]
    rest = rest.replace("12 hours", "2 hours").replace('["reza", "mina"]', PEOPLE)
    return re.sub(r"rotation:(weekend|work)[a-z-]*", "rotation:care", rest)


PEOPLE = '["sara", "reza", "mina", "omid"]'


async def test_one_absence_is_one_message_to_each_however_many_turns_it_moves(
    database_url: str,
):
    async with Api(database_url, change=two_hours_each, now=THURSDAY) as api:
        await api.service.engine.settle()
        before = told(api)
        away = {"from": "2026-11-26T05:30:00Z", "to": "2026-11-29T05:30:00Z"}
        made = await api.post("/absences", {"person": "sara"} | away)
        assert made.status_code == 201
        await api.service.engine.settle()
        assert told(api) - before == Counter(sara=1, reza=1)
        texts = [each.text for each in api.service.phones.messages()]
        assert all(len(text.splitlines()) > 8 for text in texts[-2:])  # each is listed


class LooksLong(Database):
    """One from which nobody has what was read before `goes_on`."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.looked = asyncio.Event()
        self.goes_on = asyncio.Event()

    @override
    async def read(self, work: Work[T]) -> T:
        found = await super().read(work)
        self.looked.set()
        await self.goes_on.wait()
        return found


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_node_that_looked_before_a_change_does_not_tell_of_it_backwards(
    database_url: str,
):
    async with (
        Api(database_url, change=only_weekend, now=THURSDAY) as one,
        Api(database_url, change=only_weekend, now=THURSDAY) as late,
    ):
        await one.service.engine.settle()
        database = LooksLong(database_url)
        announcer = Announcer(database, late.service.house)
        looks = asyncio.create_task(announcer.tick(late.clock.now()))
        await database.looked.wait()
        await covered(one)
        await one.service.engine.settle()
        database.goes_on.set()
        await looks
        database.close()
        for each in (late, one):
            await each.service.engine.settle()
        assert told(one) + told(late) == TOLD
