"""Which open issues were compared with one another, and what there is to compare."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from oncall.store.incidents import WHO
from oncall.store.issues import STILL_UNFINISHED
from oncall.store.tables import (
    CustomerRow,
    IssueRow,
    LookedAtRow,
    MessageRow,
    table,
)
from oncall.store.tx import Tx

ISSUE = table(IssueRow)
CUSTOMER = table(CustomerRow)
MESSAGE = table(MessageRow)
LOOKED = table(LookedAtRow)
ALONE = 0xA11CE
"""The lock of PostgreSQL's under which one node looks."""
MOST = 2_000
"""So many of the newest open issues are compared with one another."""
NEWEST = 4_000
"""Only among so many numbers: what there was before does not slow anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An unfinished issue, and whether it has been looked at."""

    number: int
    looked_at: bool
    incident: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is read of an issue. `customer` is whom its customer turned out to be.

    `language` and `tier` are the customer's.
    """

    number: int
    customer: int
    opened_at: datetime
    source: str
    subject: str
    text: str
    tags: tuple[str, ...]
    severity: str
    tier: str
    language: str


def unseen(tx: Tx, since: datetime) -> bool:
    """Tell whether an unfinished issue newer than `since` was not looked at yet."""
    statement = _recent(select(ISSUE.c.number), since)
    return tx.first(statement.where(LOOKED.c.issue.is_(None)).limit(1)) is not None


def candidates(tx: Tx, now: datetime, within: timedelta) -> list[Candidate]:
    """Return the newest unfinished issues, in order of their numbers."""
    columns = select(
        ISSUE.c.number,
        ISSUE.c.incident,
        LOOKED.c.issue.is_not(None).label("looked_at"),
    )
    newest = _recent(columns, now - within).order_by(ISSUE.c.number.desc())
    rows = tx.all(newest.limit(MOST))
    return [Candidate(**row) for row in reversed(rows)]


def words(tx: Tx, numbers: Sequence[int]) -> list[Words]:
    """Return what these issues say, by their first message."""
    said = MESSAGE.alias("said")
    first = (
        select(func.min(said.c.id))
        .where(said.c.issue == ISSUE.c.number)
        .scalar_subquery()
    )
    statement = (
        select(
            ISSUE.c.number,
            WHO.label("customer"),
            ISSUE.c.opened_at,
            ISSUE.c.source,
            ISSUE.c.subject,
            func.coalesce(MESSAGE.c.text, "").label("text"),
            ISSUE.c.tags,
            ISSUE.c.severity,
            CUSTOMER.c.tier,
            CUSTOMER.c.language,
        )
        .join(CUSTOMER, CUSTOMER.c.id == ISSUE.c.customer)
        .outerjoin(MESSAGE, MESSAGE.c.id == first)
        .where(ISSUE.c.number.in_(numbers))
    )
    return [Words(**{**row, "tags": tuple(row["tags"])}) for row in tx.all(statement)]


def looked_at(tx: Tx, number: int, now: datetime) -> bool:
    """Note that an issue is being looked at; False when another node did before."""
    return tx.insert_new(LOOKED, issue=number, at=now, score=0.0, because="")


def _recent(columns: Select[Any], since: datetime) -> Select[Any]:
    every = ISSUE.alias("every")
    newest = select(func.coalesce(func.max(every.c.number), 0)).scalar_subquery()
    joined = ISSUE.outerjoin(LOOKED, LOOKED.c.issue == ISSUE.c.number)
    return columns.select_from(joined).where(
        ISSUE.c.number > newest - NEWEST,
        ISSUE.c.opened_at > since,
        STILL_UNFINISHED,
    )


def serialise(tx: Tx) -> None:
    """Let one node at a time look for what is alike: two would suggest it twice."""
    if tx.shared:
        tx.run(select(func.pg_advisory_xact_lock(ALONE)))
