"""Two nodes on one PostgreSQL share the work through the database alone."""

import asyncio
import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import text

from oncall.actions.acknowledge import acknowledge
from oncall.engine.dispatcher import LEASE
from oncall.model import Page, PageState, Via
from oncall.store import Tx, paged, pages
from oncall.web.kept import LONGEST
from support.api import Api

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

ISSUES = 40
HUNG_S = 20


async def test_two_nodes_send_every_page_exactly_once(database_url: str):
    async with Api(database_url) as one, Api(database_url) as other:
        nodes = (one, other)
        await asyncio.gather(
            *(
                nodes[n % 2].opened(subject=f"s{n}", severity="high")
                for n in range(ISSUES)
            )
        )
        for _ in range(2):
            await asyncio.gather(*(node.service.engine.settle() for node in nodes))
            for node in nodes:
                node.clock.turn(timedelta(minutes=5))
        await asyncio.gather(*(node.service.engine.settle() for node in nodes))
        sent = [
            page
            for number in range(1, ISSUES + 1)
            for page in (await one.issue(number))["pages"]
            if page["attempts"]
        ]
        people = Counter((page["person"], page["via"]) for page in sent)
        assert people["sara", "telegram"] == people["reza", "telegram"] == ISSUES
        assert {page["attempts"] for page in sent} == {1}
        states = Counter(page["state"] for page in sent)
        assert set(states) == {"delivered", "superseded"}, "a storm is bundled"
        carried = [node.service.phones.messages() for node in nodes]
        assert sum(map(len, carried)) == states["delivered"]


async def test_an_acknowledgement_on_one_node_stops_the_other(database_url: str):
    async with Api(database_url) as one, Api(database_url) as other:
        number = (await one.opened(subject="s", severity="high"))["number"]
        await one.service.engine.settle()
        await other.post(f"/issues/{number}/acknowledge", {"person": "sara"})
        one.clock.turn(timedelta(minutes=10))
        await one.service.engine.settle()
        people = {page["person"] for page in (await one.issue(number))["pages"]}
        assert people == {"sara"}


async def test_what_one_node_claims_while_the_other_acknowledges_is_not_put_back(
    database_url: str,
):
    async with Api(database_url) as one, Api(database_url) as other:
        number = (await one.opened(subject="s", severity="high"))["number"]
        now, claims, goes_on = one.clock.now(), threading.Event(), threading.Event()

        def claim(tx: Tx) -> list[Page]:
            claimed = pages.claim_due(tx, now, limit=1, lease=LEASE, vias=list(Via))
            claims.set()
            assert goes_on.wait(HUNG_S)
            return claimed

        node, beside = one.service.database, other.service
        claiming = node.submit(claim)
        assert claims.wait(HUNG_S)
        taking = beside.database.submit(
            lambda tx: acknowledge(tx, beside.house.view(tx, now), number, "sara", now)
        )
        while not node.read_now(_somebody_waits):
            pass
        goes_on.set()
        (page,) = claiming.result(HUNG_S)
        taking.result(HUNG_S)
        node.write_now(lambda tx: pages.give_back(tx, page, now, now, detail="full"))
        found = node.read_now(lambda tx: paged.find(tx, page.id))
        assert found
        assert found.state == PageState.CANCELLED


def _somebody_waits(tx: Tx) -> bool:
    return bool(
        tx.run(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar()
    )


async def test_what_one_node_learns_of_a_shift_the_other_knows(database_url: str):
    async with Api(database_url) as one, Api(database_url) as other:
        before = (await other.get("/on-call", rotation="weekend")).json()
        assert before[0]["people"] == ["sara"]
        override = {
            "person": "nina",
            "from": "2026-11-20T00:00:00Z",
            "to": "2026-11-21T00:00:00Z",
        }
        made = await one.post("/rotations/weekend/overrides", override)
        assert made.status_code == 201
        other.clock.turn(LONGEST)  # it hears of it sooner where its engine runs
        after = (await other.get("/on-call", rotation="weekend")).json()
        assert after[0]["people"] == ["nina"]
