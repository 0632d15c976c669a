"""Reading the outbox: which pages there are, what became of them, what they mean."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select, text, update

from oncall.model import Kind, Page, PageState, Via
from oncall.store.among import Among
from oncall.store.pages import CHANGE, PAGE, as_page
from oncall.store.prepared import Prepared, Row
from oncall.store.tables import PLANNED, SENDING
from oncall.store.tx import Tx

LATELY = 500
"""So many of the last messages to an address are looked at."""
NEXT_DUE = Prepared(
    select(func.min(PAGE.c.due_at).label("at")).where(
        text(PLANNED), Among(PAGE.c.via, "vias")
    )
)
FIRST_PAGE_DUE = Prepared(
    select(func.min(PAGE.c.due_at).label("at")).where(
        text(PLANNED), PAGE.c.kind == Kind.PAGE, Among(PAGE.c.via, "vias")
    )
)
NEXT_LEASE_END = Prepared(
    select(func.min(PAGE.c.lease_until).label("at")).where(text(SENDING))
)


def alive(tx: Tx, issue: int, level: int | None, round_: int) -> bool:
    """Tell whether a page of this level and round may still reach somebody."""
    dead = (PageState.FAILED, PageState.UNDELIVERED)
    statement = (
        select(PAGE.c.id)
        .where(
            PAGE.c.issue == issue,
            PAGE.c.kind == Kind.PAGE,
            PAGE.c.round == round_,
            PAGE.c.level.is_(None) if level is None else PAGE.c.level == level,
            PAGE.c.state.not_in(dead),
        )
        .limit(1)
    )
    return tx.first(statement) is not None


def find(tx: Tx, page: str) -> Page | None:
    """Return one page, or None."""
    row = tx.first(select(PAGE).where(PAGE.c.id == page))
    return None if row is None else as_page(row)


def by_provider_id(tx: Tx, provider_id: str) -> Page | None:
    """Return the page a provider knows by this id, or None."""
    row = tx.first(select(PAGE).where(PAGE.c.provider_id == provider_id).limit(1))
    return None if row is None else as_page(row)


def known_to_provider(tx: Tx, page: Page) -> frozenset[str]:
    """Return the provider's ids of the other messages to the same address."""
    statement = select(PAGE.c.provider_id).where(
        PAGE.c.address == page.address,
        PAGE.c.via == page.via,
        PAGE.c.provider_id != "",
        PAGE.c.id != page.id,
    )
    newest = statement.order_by(PAGE.c.sent_at.desc()).limit(LATELY)
    return frozenset(row["provider_id"] for row in tx.all(newest))


def of_issue(tx: Tx, issue: int) -> list[Page]:
    """Return all messages about an issue, in the order they were planned."""
    statement = select(PAGE).where(PAGE.c.issue == issue)
    order = (PAGE.c.created_at, PAGE.c.sequence, PAGE.c.step)
    return [as_page(row) for row in tx.all(statement.order_by(*order))]


def history(tx: Tx, page: str) -> list[Row]:
    """Return a page's transitions: `at, transition, state, detail`."""
    statement = select(CHANGE).where(CHANGE.c.page == page).order_by(CHANGE.c.id)
    return tx.all(statement)


def with_buttons(tx: Tx, issue: int, person: str, vias: Iterable[Via]) -> list[Page]:
    """Return the pages for one issue alone that are on a person's phone, with buttons."""
    statement = select(PAGE).where(
        PAGE.c.issue == issue,
        PAGE.c.person == person,
        PAGE.c.kind == Kind.PAGE,
        PAGE.c.via.in_(list(vias)),
        PAGE.c.state.in_((PageState.ACCEPTED, PageState.DELIVERED)),
        PAGE.c.bundle_size == 0,
        PAGE.c.provider_id != "",
    )
    return [as_page(row) for row in tx.all(statement.order_by(PAGE.c.sent_at))]


def mark_answered(tx: Tx, issue: int, person: str, now: datetime) -> None:
    """Note that a person has answered what was sent to them about an issue."""
    mine = (PAGE.c.issue == issue, PAGE.c.person == person)
    tx.run(
        update(PAGE)
        .where(*mine, PAGE.c.answered_at.is_(None), PAGE.c.sent_at.is_not(None))
        .values(answered_at=now)
    )


def was_told(tx: Tx, issue: int, person: str) -> bool:
    """Tell whether anything about the issue was ever sent to the person."""
    statement = select(PAGE.c.id).where(
        PAGE.c.issue == issue, PAGE.c.person == person, PAGE.c.sent_at.is_not(None)
    )
    return tx.first(statement.limit(1)) is not None


def next_due(tx: Tx, vias: Iterable[Via]) -> datetime | None:
    """Return the earliest instant at which a page is to be sent."""
    row = tx.first(NEXT_DUE, vias=list(vias))
    return None if row is None else row["at"]


def waiting_since(tx: Tx, vias: Iterable[Via], until: datetime) -> datetime | None:
    """Return when the oldest page that is still to be sent was due, if by `until`.

    Notices and answers to customers may wait.
    """
    row = tx.first(FIRST_PAGE_DUE, vias=list(vias))
    at = None if row is None else row["at"]
    return at if at is not None and at <= until else None


def next_lease_end(tx: Tx) -> datetime | None:
    """Return when the earliest lease runs out."""
    row = tx.first(NEXT_LEASE_END)
    return None if row is None else row["at"]


def counts(tx: Tx) -> dict[str, int]:
    """Return how many messages are still to be handed over, by state.

    `planned` are those that have a time. What has left is not counted: there is no end
    to it.
    """
    conditions = {PageState.PLANNED: PLANNED, PageState.SENDING: SENDING}
    return {
        state.value: tx.run(
            select(func.count()).select_from(PAGE).where(text(condition))
        ).scalar_one()
        for state, condition in conditions.items()
    }
