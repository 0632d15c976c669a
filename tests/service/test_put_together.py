"""Rows that are written together are as if each had been written alone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from oncall.model import Kind, Via
from oncall.store import Database, Tx, paged, pages
from oncall.store.pages import CHANGE, PAGE, Plan

NOW = datetime(2026, 11, 20, 21, 12, 13, 456789, tzinfo=UTC)
WORDS = "سلام «Mina» said: \"no\\n 'way'\" {} $1 %s 🙂\n"
PLAN = Plan(
    id="",
    kind=Kind.PAGE,
    person="sara",
    via=Via.SMS,
    address="+989121234567",
    sequence="",
    step=0,
    due_at=NOW,
    priority=3,
    text=WORDS,
)
PLANS = (PLAN, replace(PLAN, due_at=None, round=2, text=""), replace(PLAN, level=1))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


def named() -> list[Plan]:
    return [replace(plan, id=uuid4().hex, sequence=uuid4().hex) for plan in PLANS]


def kept(tx: Tx, plans: list[Plan]) -> list[dict[str, object]]:
    """Return the pages' rows and changes without what only names them."""
    found = []
    for plan in plans:
        (page,) = tx.run(PAGE.select().where(PAGE.c.id == plan.id)).mappings()
        changes = tx.run(CHANGE.select().where(CHANGE.c.page == plan.id)).mappings()
        found.append(
            dict(page)
            | {"id": "", "sequence": ""}
            | {"changes": [(each["at"], each["transition"]) for each in changes]}
        )
    return found


def test_many_rows_are_kept_as_each_alone(database: Database):
    together, alone = named(), named()

    def work(tx: Tx) -> None:
        pages.plan(tx, together, NOW)
        tx.flush()
        for plan in alone:
            pages.plan(tx, [plan], NOW)
            tx.flush()

    database.write_now(work)
    seen = database.read_now(lambda tx: kept(tx, together))
    assert seen == database.read_now(lambda tx: kept(tx, alone))
    assert [page["text"] for page in seen] == [WORDS, "", WORDS]
    assert [page["due_at"] for page in seen] == [NOW, None, NOW]


def test_many_rows_are_changed_each_to_its_own(database: Database):
    plans = named()
    words = {plan.id: f"{turn} {WORDS}" for turn, plan in enumerate(plans)}

    def work(tx: Tx) -> list[str]:
        pages.plan(tx, plans, NOW)
        claimed = pages.claim_due(
            tx, NOW, limit=9, lease=timedelta(seconds=9), vias=[Via.SMS]
        )
        pages.keep_texts(tx, words)
        taken = {page.id: (page.epoch, f"SM{page.id}") for page in claimed}
        assert pages.accept_all(tx, taken, NOW) == taken.keys()
        return [page.id for page in claimed]

    claimed = database.write_now(work)
    assert set(claimed) == {plan.id for plan in plans if plan.due_at}
    for plan in plans:
        page = database.read_now(lambda tx, plan=plan: paged.find(tx, plan.id))
        assert page is not None
        assert page.text == words[plan.id]
        assert page.provider_id == (f"SM{plan.id}" if plan.due_at else "")


def test_a_row_that_cannot_be_written_spoils_all_and_is_told_of(database: Database):
    plans = named()

    def work(tx: Tx) -> None:
        pages.plan(tx, [*plans, plans[0]], NOW)

    with pytest.raises(Exception, match=r"(?i)unique"):
        database.write_now(work)
    assert database.read_now(lambda tx: paged.find(tx, plans[1].id)) is None
