"""The loops behind incidents: what goes wrong in one keeps nobody else waiting."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import partial

import pytest

from oncall.actions.alike import Look, Memory, compare, keep, look
from oncall.actions.house import House
from oncall.engine.incidents import LOOK_AGAIN, Incidents
from oncall.engine.loop import Did
from oncall.engine.spotter import TOGETHER, Spotter
from oncall.errors import StoreUnavailable
from oncall.store import Tx, incidents
from support.api import Api

WORDS = ("Payment error 502", "error 502: cannot pay", "payment fails, error 502")


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[Api]:
    async with Api(database_url) as running:
        yield running


async def written(api: Api) -> list[int]:
    return [
        (await api.opened(customer={"name": f"C{place}"}, subject=subject))["number"]
        for place, subject in enumerate(WORDS)
    ]


def kept(house: House, at: datetime, seen: Look | None, tx: Tx) -> None:
    assert seen is not None
    view = house.view(tx, at)
    keep(tx, view, seen, compare(view, seen, seen.new), at)


def spotter(api: Api) -> Spotter:
    return Spotter(api.service.database, api.service.house)


async def suggested(api: Api) -> int:
    found = (await api.get("/incidents/suggestions")).json()["items"]
    return sum(len(each["issues"]) for each in found)


async def test_two_nodes_that_look_at_once_suggest_once(api: Api):
    await written(api)
    database, house = api.service.database, api.service.house
    at = api.clock.now()
    looks = [
        await database.read(lambda tx: look(tx, house.view(tx, at), Memory(), at))
        for _ in range(2)
    ]
    assert [len(each.new) for each in looks if each] == [3, 3]
    for each in looks:
        await database.write(partial(kept, house, at, each))
    assert await suggested(api) == 3
    assert len((await api.get("/incidents/suggestions")).json()["items"]) == 1


async def test_an_issue_is_looked_at_once(api: Api):
    await written(api)
    worker = spotter(api)
    await worker.tick(api.clock.now())
    database, house, at = api.service.database, api.service.house, api.clock.now()
    again = await database.read(lambda tx: look(tx, house.view(tx, at), Memory(), at))
    assert again is None
    assert await worker.next_due() is None


async def test_many_new_issues_are_looked_at_a_few_at_a_time(api: Api):
    for place in range(TOGETHER + 3):
        await api.opened(customer={"name": f"C{place}"}, subject=WORDS[0])
    worker, now = spotter(api), api.clock.now()
    assert await worker.tick(now) is Did.SOME
    assert await suggested(api) == TOGETHER
    assert await worker.tick(now) is Did.NOTHING
    assert await suggested(api) == TOGETHER + 3


async def test_what_cannot_be_compared_is_told_and_stops_nothing(
    api: Api, monkeypatch: pytest.MonkeyPatch
):
    await written(api)
    worker = spotter(api)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("oncall.engine.spotter.look", broken)
        assert await worker.tick(api.clock.now()) is Did.NOTHING
    await worker.tick(api.clock.now())
    assert await suggested(api) == 3


async def test_a_database_that_is_away_is_the_loop_s_to_wait_for(
    api: Api, monkeypatch: pytest.MonkeyPatch
):
    def away(*_: object) -> None:
        msg = "the database does not answer"
        raise StoreUnavailable(msg)

    monkeypatch.setattr("oncall.engine.spotter.look", away)
    with pytest.raises(StoreUnavailable):
        await spotter(api).tick(api.clock.now())


async def test_an_incident_that_cannot_be_carried_on_is_tried_again(
    api: Api, monkeypatch: pytest.MonkeyPatch
):
    numbers = [*await written(api)]
    made = (await api.post("/incidents", {"title": "Storm", "issues": numbers})).json()
    now = api.clock.now()
    database = api.service.database
    await database.write(lambda tx: incidents.change(tx, made["id"], due_at=now))
    worker = Incidents(database, api.service.house)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("oncall.engine.incidents.carry_on", broken)
        assert await worker.tick(now) is Did.SOME
    assert await worker.next_due() == now + LOOK_AGAIN
    assert await worker.tick(now) is Did.NOTHING
    assert await worker.tick(now + LOOK_AGAIN) is Did.SOME
    assert await worker.next_due() is None


async def test_what_an_owner_who_has_left_would_have_is_paged_for(database_url: str):
    async with Api(database_url) as api:
        made = (await api.post("/incidents", {"title": "Storm"})).json()
        path = f"/incidents/{made['id']}"
        await api.service.database.write(
            lambda tx: incidents.change(
                tx, made["id"], owner="gone", acknowledged_at=api.clock.now()
            )
        )
        number = (await api.opened())["number"]
        await api.post(f"{path}/issues", {"issues": [number]})
        api.clock.turn(timedelta(minutes=1))
        await api.service.engine.settle()
        assert (await api.issue(number))["status"] == "open"
