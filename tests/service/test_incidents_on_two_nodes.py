"""What somebody does to one issue while another node deals with its whole incident."""

from collections.abc import AsyncIterator
from functools import partial

import pytest

from oncall.actions import incidents
from oncall.actions.alike import Memory, compare, keep, look
from oncall.actions.incident_suggestions import confirm
from oncall.actions.resolve import resolve
from oncall.model import Status
from oncall.store import Tx, incident_suggestions
from support.api import Api
from support.crossing import crossed

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

Two = tuple[Api, Api]
WORDS = ("Payment error 502", "error 502: cannot pay", "payment fails, error 502")


@pytest.fixture
async def two(database_url: str) -> AsyncIterator[Two]:
    async with Api(database_url) as one, Api(database_url) as other:
        yield one, other


async def joined(api: Api) -> list[int]:
    """Open an incident over some issues."""
    numbers = [(await api.opened(subject=words))["number"] for words in WORDS]
    made = await api.post("/incidents", {"title": "502", "issues": numbers})
    assert made.status_code == 201, made.text
    return numbers


def resolved_by_sara(api: Api, number: int, tx: Tx) -> None:
    now = api.clock.now()
    resolve(tx, api.service.house.view(tx, now), number, "sara", "paid", now)


async def test_what_is_resolved_while_its_incident_is_taken_stays_resolved(two: Two):
    one, other = two
    number, *others = await joined(one)

    def taken(tx: Tx) -> None:
        now = other.clock.now()
        incidents.acknowledge(tx, other.service.house.view(tx, now), 1, "reza", now)

    first, second = (each.service.database for each in two)
    crossed(first, partial(resolved_by_sara, one, number), second, taken)
    issue = await one.issue(number)
    assert (issue["status"], issue["owner"]) == (Status.RESOLVED, "sara")
    assert {(await one.issue(each))["owner"] for each in others} == {"reza"}


async def test_an_incident_ends_also_while_one_of_its_issues_does(two: Two):
    one, other = two
    number, *others = await joined(one)

    def ended(tx: Tx) -> None:
        now = other.clock.now()
        view = other.service.house.view(tx, now)
        incidents.resolve(tx, view, 1, "mended", now, by="reza", with_issues=True)

    first, second = (each.service.database for each in two)
    crossed(first, partial(resolved_by_sara, one, number), second, ended)
    assert (await one.issue(number))["owner"] == "sara"
    ended_with_it = [await one.issue(each) for each in others]
    assert {(each["status"], each["owner"]) for each in ended_with_it} == {
        (Status.RESOLVED, "reza")
    }


async def test_what_is_resolved_while_it_is_confirmed_to_be_alike_is_not_joined(
    two: Two,
):
    one, other = two
    number, *others = [(await one.opened(subject=words))["number"] for words in WORDS]
    await one.service.engine.settle()

    def confirmed(tx: Tx) -> None:
        now = other.clock.now()
        confirm(tx, other.service.house.view(tx, now), 1, now, by="reza")

    first, second = (each.service.database for each in two)
    crossed(first, partial(resolved_by_sara, one, number), second, confirmed)
    assert (await one.issue(number))["incident"] is None
    assert {(await one.issue(each))["incident"] for each in others} == {1}


@pytest.mark.parametrize("there_is_one", [False, True])
async def test_what_is_found_alike_while_somebody_confirms_was_not_confirmed(
    two: Two, *, there_is_one: bool
):
    one, other = two
    if there_is_one:
        await joined(one)
    for words in WORDS:
        await one.opened(subject=words)
    await one.service.engine.settle()
    number = (await one.opened(subject="cannot pay: error 502"))["number"]
    house, now = other.service.house, other.clock.now()
    seen = other.service.database.read_now(
        lambda tx: look(tx, house.view(tx, now), Memory(), now)
    )
    assert seen is not None

    def confirmed(tx: Tx) -> None:
        view = one.service.house.view(tx, now)
        confirm(tx, view, 1, now, by="sara", takes=True)

    def kept(tx: Tx) -> None:
        view = house.view(tx, now)
        keep(tx, view, seen, compare(view, seen, seen.new), now)

    first, second = (each.service.database for each in two)
    crossed(first, confirmed, second, kept)
    assert not first.read_now(lambda tx: incident_suggestions.confirmed_for(tx, 1, 9))
    assert (await one.issue(number))["incident"] is None
