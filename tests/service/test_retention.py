"""What ended longer ago than it is kept is deleted, in portions, with all that is its."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlmodel import SQLModel

from oncall.engine.pruner import EVERY, PORTION, Pruner
from oncall.store import Tx, retention
from support.api import Api
from support.command_line import FRIDAY, CommandLine
from support.intake_service import IntakeApi

KEEP = timedelta(days=400)
OF_ISSUES = (
    *("issue", "message", "promise", "timeline", "page", "page_change"),
    *("customer", "handle", "incident", "incident_issue", "intake_message"),
)


def keeping(text: str) -> str:
    return text.replace("[service]\n", '[service]\nkeep = "400d"\n', 1)


def counted(tx: Tx) -> dict[str, int]:
    tables = SQLModel.metadata.tables
    return {
        name: tx.run(select(func.count()).select_from(tables[name])).scalar_one()
        for name in OF_ISSUES
    }


async def ended(api: Api, *, incident: str = "", **about: object) -> int:
    """Open an issue, have it paged, promised and resolved; perhaps in an incident."""
    number = int((await api.opened(**about))["number"])
    await api.service.engine.settle()
    if incident:
        joined = {"title": incident, "issues": [number], "person": "sara"}
        assert (await api.post("/incidents", joined)).status_code == 201
    due = (api.clock.now() + timedelta(hours=1)).isoformat()
    promise = {"text": "soon", "due": due, "owner": "sara"}
    await api.post(f"/issues/{number}/promises", promise)
    await api.post(f"/issues/{number}/resolve", {"result": "paid", "person": "sara"})
    return number


async def prune(api: Api) -> None:
    pruner = Pruner(api.service.database, api.service.house)
    await pruner.tick(api.clock.now())


async def test_what_is_old_goes_with_all_that_is_its(database_url: str):
    async with Api(database_url, change=keeping) as api:
        mina = {"name": "Mina", "email": "mina@example.com"}
        old = await ended(api, incident="outage", customer=mina)
        over = {"result": "up", "person": "sara"}
        assert (await api.post("/incidents/1/resolve", over)).status_code == 200
        still_open = await api.opened(customer={"name": "Babak"})
        api.clock.turn(KEEP + timedelta(days=1))
        fresh = await ended(api, customer={"name": "Salma"})
        await prune(api)
        kept = {each["number"] for each in (await api.get("/issues")).json()["items"]}
        assert kept == {still_open["number"], fresh}
        assert (await api.get(f"/issues/{old}")).status_code == 404
        left = await api.service.database.read(counted)
        assert (left["customer"], left["incident"], left["incident_issue"]) == (2, 0, 0)


async def test_what_is_kept_long_enough_leaves_nothing_behind(database_url: str):
    async with Api(database_url, change=keeping) as api:
        await ended(api, customer={"name": "Mina", "email": "mina@example.com"})
        api.clock.turn(KEEP + timedelta(days=1))
        await prune(api)
        left = await api.service.database.read(counted)
        assert left == dict.fromkeys(OF_ISSUES, 0)


async def test_nothing_is_left_of_who_was_merged_once_both_are_old(database_url: str):
    async with Api(database_url, change=keeping) as api:
        await ended(api, customer={"name": "Salma"})
        api.clock.turn(timedelta(days=100))
        await ended(api, customer={"name": "Mina"})
        (mina, salma) = (await api.get("/customers")).json()["items"]
        merged = await api.post(f"/customers/{mina['id']}/merge", {"into": salma["id"]})
        assert merged.status_code == 200
        api.clock.turn(KEEP - timedelta(days=50))
        await prune(api)
        left = await api.service.database.read(counted)
        assert (left["issue"], left["customer"]) == (1, 2)
        api.clock.turn(timedelta(days=100))
        await prune(api)
        assert (await api.service.database.read(counted))["customer"] == 0


async def test_what_was_delivered_and_where_it_is_answered_goes_too(database_url: str):
    async with IntakeApi(database_url) as api:
        letter = b'{"ref": "A-1", "text": "my card", "mail": "mina@example.com"}'
        await api.bank_posts(letter)
        await api.bank_posts(letter)  # kept as the duplicate that it is
        await api.settle()
        await api.post("/issues/1/resolve", {"result": "paid", "person": "sara"})
        api.clock.turn(timedelta(days=40))
        await api.bank_posts(b'{"ref": "B-2", "text": "salary"}')
        await api.settle()
        before = api.clock.now() - timedelta(days=30)
        await api.service.database.write(
            lambda tx: retention.prune(tx, before, portion=PORTION)
        )
        tables = SQLModel.metadata.tables

        def kept(tx: Tx) -> list[int]:
            return [
                tx.run(select(func.count()).select_from(tables[name])).scalar_one()
                for name in ("intake_message", "conversation", "intake_delivery")
            ]

        assert await api.service.database.read(kept) == [1, 1, 1]


async def test_a_portion_is_small_and_the_next_comes_soon(database_url: str):
    async with Api(database_url, change=keeping) as api:
        for number in range(PORTION + 1):
            await ended(api, customer={"name": f"Mina {number}"})
        api.clock.turn(KEEP + timedelta(days=1))
        pruner = Pruner(api.service.database, api.service.house)
        await pruner.tick(api.clock.now())
        left = await api.service.database.read(counted)
        assert left["issue"] == 1
        due = await pruner.next_due()
        assert due == api.clock.now() + timedelta(seconds=1)
        await pruner.tick(api.clock.now())  # not yet
        assert (await api.service.database.read(counted))["issue"] == 1
        api.clock.turn(timedelta(seconds=1))
        await pruner.tick(api.clock.now())
        assert (await api.service.database.read(counted))["issue"] == 0
        assert await pruner.next_due() == api.clock.now() + EVERY


async def test_an_issue_of_an_open_incident_stays(database_url: str):
    async with Api(database_url, change=keeping) as api:
        await ended(api, incident="outage")
        api.clock.turn(KEEP + timedelta(days=1))
        await prune(api)
        assert (await api.service.database.read(counted))["issue"] == 1


async def test_all_is_kept_for_ever_unless_something_else_is_said(database_url: str):
    async with Api(database_url) as api:
        await ended(api)
        api.clock.turn(KEEP * 10)
        await prune(api)
        assert (await api.service.database.read(counted))["issue"] == 1


def test_the_command_line_prunes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    oncall = CommandLine(tmp_path, monkeypatch)
    oncall.says("issue", "new", "--customer", "Mina", "--subject", "old")
    oncall.says("issue", "resolve", "1", "--result", "paid")
    assert "says no keep" in oncall.fails("db", "prune")
    oncall.config.write_text(keeping(oncall.config.read_text()))
    oncall.turn_to(FRIDAY + KEEP)
    assert oncall.json("db", "prune") == {"issues": 0, "customers": 0, "notices": 0}
    oncall.turn_to(FRIDAY + KEEP + timedelta(hours=1))
    assert "1 issues, 1 customers" in oncall.says("db", "prune")
    assert oncall.json("issue", "list") == []
