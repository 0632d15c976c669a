"""Two nodes on one PostgreSQL share the work through the database alone."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from oncall.actions.acknowledge import acknowledge
from oncall.engine.hand_over import LEASE
from oncall.model import Page, PageState, Via
from oncall.store import Tx, paged, pages
from oncall.web.kept import LONGEST
from support.api import Api
from support.crossing import crossed

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

ISSUES = 40


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
        now, node, beside = one.clock.now(), one.service.database, other.service

        def claims(tx: Tx) -> list[Page]:
            return pages.claim_due(tx, now, limit=1, lease=LEASE, vias=list(Via))

        def takes(tx: Tx) -> None:
            acknowledge(tx, beside.house.view(tx, now), number, "sara", now)

        (page,), _ = crossed(node, claims, beside.database, takes)
        node.write_now(lambda tx: pages.give_back(tx, page, now, now, detail="full"))
        found = node.read_now(lambda tx: paged.find(tx, page.id))
        assert found
        assert found.state == PageState.CANCELLED


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
