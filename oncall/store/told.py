"""What was to be said to whom, and what became of it: read to explain it later."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from escalation_policies.policy import Policy, policy_from_json
from oncall.model import Kind
from oncall.store.issues import ISSUE
from oncall.store.pages import CHANGE, PAGE
from oncall.store.prepared import Row
from oncall.store.timeline import TIMELINE
from oncall.store.tx import Tx

MOST = 500
"""Messages, or issues, that are explained at a time."""


def last_about(tx: Tx, issue: int) -> datetime | None:
    """Return when something last happened about an issue."""
    moved = _last_moved(PAGE.c.issue == issue)
    noted = select(func.max(TIMELINE.c.at)).where(TIMELINE.c.issue == issue)
    found = (tx.run(each).scalar() for each in (moved, noted))
    return max(filter(None, found), default=None)


def last_to(tx: Tx, person: str, since: datetime) -> datetime | None:
    """Return when something last happened to a person's messages planned after `since`."""
    mine = (PAGE.c.person == person, PAGE.c.created_at > since)
    return tx.run(_last_moved(*mine)).scalar()


def _last_moved(*which: ColumnElement[bool]) -> Select[Any]:
    # page by page: a join may be done by going through all that ever happened
    its_last = select(func.max(CHANGE.c.at)).where(CHANGE.c.page == PAGE.c.id)
    return select(func.max(its_last.scalar_subquery())).where(*which)


def about(tx: Tx, issue: int, until: datetime) -> Sequence[Row]:
    """Return the messages about an issue planned by then, all columns, in order."""
    statement = select(PAGE).where(
        PAGE.c.issue == issue,
        PAGE.c.created_at <= until,
        PAGE.c.kind != Kind.MESSAGE,
    )
    return tx.all(statement.order_by(PAGE.c.created_at, PAGE.c.sequence, PAGE.c.step))


def to(tx: Tx, person: str, since: datetime, until: datetime) -> Sequence[Row]:
    """Return the messages to a person planned in `(since, until]`, in order."""
    statement = select(PAGE).where(
        PAGE.c.person == person,
        PAGE.c.created_at > since,
        PAGE.c.created_at <= until,
        PAGE.c.kind != Kind.ANSWER,
    )
    order = (PAGE.c.created_at, PAGE.c.sequence, PAGE.c.step)
    return tx.all(statement.order_by(*order).limit(MOST))


def changes(tx: Tx, pages: Collection[str], until: datetime) -> dict[str, list[Row]]:
    """Return what each page went through by then: `at, transition, state, detail`."""
    statement = select(CHANGE).where(CHANGE.c.page.in_(pages), CHANGE.c.at <= until)
    found: dict[str, list[Row]] = {page: [] for page in pages}
    for row in tx.all(statement.order_by(CHANGE.c.id)):
        found[row["page"]].append(row)
    return found


def opened(tx: Tx, since: datetime, until: datetime) -> list[int]:
    """Return the numbers of issues opened in `(since, until]`, the first first."""
    statement = select(ISSUE.c.number).where(
        ISSUE.c.opened_at > since, ISSUE.c.opened_at <= until
    )
    # by the index of when they were opened, which those with a limit else pass over
    rows = tx.all(statement.order_by(ISSUE.c.opened_at, ISSUE.c.number).limit(MOST))
    return [int(row["number"]) for row in rows]


def policy(tx: Tx, issue: int) -> Policy:
    """Return the policy that was frozen onto an issue when it opened."""
    frozen = select(ISSUE.c.policy).where(ISSUE.c.number == issue)
    return policy_from_json(tx.run(frozen).scalar_one())
