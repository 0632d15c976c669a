"""An answer while the outcome of the same issue's page is written down elsewhere."""

from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import text

from integrations.contract import Delivery, DeliveryUpdate
from oncall.actions import settle
from oncall.actions.acknowledge import acknowledge
from oncall.engine.hand_over import LEASE
from oncall.model import Page, PageState, Via
from oncall.store import Database, Tx, issues, paged, pages
from support.api import Api
from support.crossing import HUNG_S, crossed, look_late_for_deadlocks, until_it_waits

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

Two = tuple[Api, Api]
ALL_STEPS = timedelta(hours=1)
LATE_STEPS = "UPDATE page SET due_at = due_at + interval '1 hour' WHERE step > 0"


@pytest.fixture
async def two(database_url: str) -> AsyncIterator[Two]:
    """Two nodes whose database looks for deadlocks very late."""
    async with Api(database_url) as one, Api(database_url) as other:
        for api in (one, other):
            look_late_for_deadlocks(api.service.database)
        yield one, other


async def claimed(api: Api) -> list[Page]:
    """Open an issue and lease its pages, the first step first."""
    await api.opened(subject="s", severity="high")
    then = api.clock.now() + ALL_STEPS
    return api.service.database.write_now(
        lambda tx: pages.claim_due(tx, then, limit=9, lease=LEASE, vias=list(Via))
    )


def taken(api: Api, tx: Tx) -> None:
    now = api.clock.now()
    acknowledge(tx, api.service.house.view(tx, now), 1, "reza", now)


def held(tx: Tx) -> None:
    assert issues.lock(tx, 1)


def not_taken(api: Api, page: Page, tx: Tx) -> None:
    settle.postponed(
        tx, page, "busy", api.clock.now(), retry_after=None, in_doubt=False
    )


async def test_an_answer_and_a_page_that_was_not_taken_do_not_wait_for_each_other(
    two: Two,
):
    one, other = two
    page, *_ = await claimed(other)
    first, second = (each.service.database for each in two)
    fails, answers = partial(not_taken, other, page), partial(taken, one)
    crossed(first, held, second, fails, then=answers)
    found = first.read_now(lambda tx: paged.find(tx, page.id))
    assert found
    assert found.state is PageState.CANCELLED
    assert (await one.issue(1))["owner"] == "reza"


def refused(api: Api, page: Page, tx: Tx) -> None:
    now = api.clock.now()
    view = api.service.house.view(tx, now)
    settle.rejected(tx, view, page, "no such number", now, broken=False)


def bounced(api: Api, page: Page, tx: Tx) -> None:
    now = api.clock.now()
    update = DeliveryUpdate(
        channel=page.via,
        provider_id="SM1",
        reference=page.id,
        state=Delivery.UNDELIVERED,
    )
    assert settle.updated(tx, api.service.house.view(tx, now), update, now)


@pytest.mark.parametrize("outcome", [refused, bounced])
async def test_an_answer_and_a_last_step_that_failed_do_not_wait_for_each_other(
    two: Two, outcome: Callable[[Api, Page, Tx], None]
):
    one, other = two
    *_, page = await claimed(other)
    first, second = (each.service.database for each in two)
    fails, answers = partial(outcome, other, page), partial(taken, one)
    crossed(first, held, second, fails, then=answers)
    assert (await one.issue(1))["owner"] == "reza"


async def test_an_answer_and_a_page_that_was_taken_do_not_wait_for_each_other(
    two: Two, database_url: str
):
    one = two[0]
    first, second = (each.service.database for each in two)
    await one.opened(subject="s", severity="high")
    first.write_now(lambda tx: tx.run(text(LATE_STEPS)))
    now = one.clock.now()
    (page,) = second.write_now(
        lambda tx: pages.claim_due(tx, now, limit=9, lease=LEASE, vias=list(Via))
    )

    def touches_it(tx: Tx) -> None:
        tx.run(text("UPDATE page SET detail = '' WHERE id = :its"), {"its": page.id})

    def is_taken(tx: Tx) -> None:
        settle.accepted_all(tx, [(page, "SM1")], now)

    third = Database(database_url)
    answering: list[Future[None]] = []

    def answered_meanwhile(_: Tx) -> None:
        answering.append(third.submit(partial(taken, one)))
        until_it_waits(third, answering[0], behind=1)

    crossed(first, touches_it, second, is_taken, then=answered_meanwhile)
    answering[0].result(HUNG_S)
    third.close()
    assert (await one.issue(1))["owner"] == "reza"
