"""What people are asked: whether issues that are alike are one incident."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, bindparam, exists, func, select, update

from oncall.model import Status
from oncall.store.among import Among
from oncall.store.issues import UNFINISHED
from oncall.store.prepared import Prepared
from oncall.store.tables import (
    CustomerRow,
    IncidentIssueRow,
    IncidentSuggestionRow,
    IssueRow,
    LookedAtRow,
    table,
)
from oncall.store.tx import Tx

ISSUE = table(IssueRow)
CUSTOMER = table(CustomerRow)
MEMBER = table(IncidentIssueRow)
LOOKED = table(LookedAtRow)
SUGGESTION = table(IncidentSuggestionRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Issues that perhaps have one cause. `incident`: the open one that they are like."""

    id: int
    incident: int | None
    title: str
    created_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    confirmed: bool
    issues: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """The suggestion that holds an issue, and whether people have decided about it."""

    id: int
    incident: int | None = None
    decided: bool = False
    confirmed: bool = False

    @property
    def may_grow(self) -> bool:
        """Whether it waits for an answer and is about no incident that there is."""
        return not self.decided and self.incident is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What must be known of an issue to put it with others."""

    number: int
    subject: str
    status: Status
    incident: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """An issue of a suggestion: which one it is like, how much, and what they share."""

    number: int
    subject: str
    customer: str
    like: int | None
    score: float
    because: str


def compared(tx: Tx, numbers: Collection[int]) -> dict[int, Compared]:
    """Return those of these issues that exist, by number."""
    rows = tx.all(COMPARED, these=sorted(numbers))
    return {row["number"]: Compared(**row) for row in rows}


def put(
    tx: Tx,
    number: int,
    suggestion: int,
    *,
    like: int | None = None,
    score: float = 0.0,
    because: str = "",
) -> None:
    """Put an issue that was looked at into a suggestion."""
    tx.put(PUT, its=number, into=suggestion, like=like, how=score, why=because)


def suggest(tx: Tx, title: str, now: datetime, *, incident: int | None) -> int:
    """Keep a new suggestion and return its id."""
    row = {
        "title": title,
        "incident": incident,
        "created_at": now,
        "confirmed": False,
    }
    key = tx.run(SUGGESTION.insert(), row).inserted_primary_key
    return int(key[0]) if key else 0


def for_incident(tx: Tx, incident: int) -> int | None:
    """Hold the undecided suggestion to join issues to an incident, if there is one."""
    statement = select(SUGGESTION.c.id).where(
        SUGGESTION.c.incident == incident, SUGGESTION.c.decided_at.is_(None)
    )
    oldest = statement.order_by(SUGGESTION.c.id).limit(1)
    row = tx.first(oldest.with_for_update())
    return None if row is None else int(row["id"])


def of_issues(tx: Tx, numbers: Collection[int]) -> dict[int, Placed]:
    """Return by issue which suggestion holds it, decided or not.

    They are held, so that nobody decides about what is put there in this moment.
    """
    rows = [dict(row) for row in tx.all(OF_ISSUES, these=sorted(numbers))]
    return {row.pop("issue"): Placed(**row) for row in rows}


def merge(tx: Tx, others: Collection[int], into: int) -> None:
    """Let what other suggestions hold be held by this one."""
    if not others:
        return
    theirs = LOOKED.c.suggestion.in_(others)
    tx.run(update(LOOKED).where(theirs).values(suggestion=into))


def hold(tx: Tx, suggestion: int) -> Suggestion | None:
    """Return a suggestion and hold it until the transaction ends."""
    row = tx.first(
        select(SUGGESTION.c.id).where(SUGGESTION.c.id == suggestion).with_for_update()
    )
    if row is None:
        return None
    return Suggestion(**tx.all(_suggestions().where(SUGGESTION.c.id == suggestion))[0])


def decide(
    tx: Tx,
    suggestion: int,
    now: datetime,
    *,
    by: str | None,
    confirmed_as: int | None = None,
) -> None:
    """Note what somebody said to a suggestion: it is this incident, or (None) it is not."""
    values: dict[str, object] = {"decided_at": now, "decided_by": by}
    if confirmed_as is not None:
        values |= {"incident": confirmed_as, "confirmed": True}
    tx.run(update(SUGGESTION).where(SUGGESTION.c.id == suggestion).values(values))


def undecided(
    tx: Tx, *, at_least: int, before: int | None, limit: int
) -> list[Suggestion]:
    """Return suggestions that wait for somebody, the newest first.

    One that is to join an open incident is shown from its first issue on.
    """
    statement = _suggestions().where(SUGGESTION.c.decided_at.is_(None))
    if before is not None:
        statement = statement.where(SUGGESTION.c.id < before)
    found = statement.subquery()
    enough = (found.c.issues >= at_least) | (
        found.c.incident.is_not(None) & (found.c.issues > 0)
    )
    wanted = select(found).where(enough).order_by(found.c.id.desc()).limit(limit)
    return [Suggestion(**row) for row in tx.all(wanted)]


def suggested(tx: Tx, suggestion: int) -> list[Suggested]:
    """Return a suggestion's issues that are unfinished and in no incident."""
    statement = (
        select(
            ISSUE.c.number,
            ISSUE.c.subject,
            CUSTOMER.c.name.label("customer"),
            LOOKED.c.like_issue.label("like"),
            LOOKED.c.score,
            LOOKED.c.because,
        )
        .join(CUSTOMER, CUSTOMER.c.id == ISSUE.c.customer)
        .join(LOOKED, LOOKED.c.issue == ISSUE.c.number)
        .where(LOOKED.c.suggestion == suggestion, *_free())
        .order_by(ISSUE.c.number)
    )
    return [Suggested(**row) for row in tx.all(statement)]


def drop_all_but(tx: Tx, suggestion: int, numbers: Collection[int]) -> None:
    """Take from a suggestion what somebody said does not belong."""
    others = (LOOKED.c.suggestion == suggestion, LOOKED.c.issue.not_in(numbers))
    tx.run(update(LOOKED).where(*others).values(suggestion=None))


def confirmed_for(
    tx: Tx, incident: int, limit: int
) -> list[tuple[int, str | None, str]]:
    """Return confirmed issues that are still to be joined, by whom and why, in order.

    What left the incident meanwhile is not joined again.
    """
    been = exists().where(MEMBER.c.issue == LOOKED.c.issue)
    statement = (
        select(LOOKED.c.issue, SUGGESTION.c.decided_by, LOOKED.c.because)
        .join(SUGGESTION, SUGGESTION.c.id == LOOKED.c.suggestion)
        .join(ISSUE, ISSUE.c.number == LOOKED.c.issue)
        .where(SUGGESTION.c.incident == incident, SUGGESTION.c.confirmed)
        .where(*_free(), ~been)
        .order_by(LOOKED.c.issue)
        .limit(limit)
    )
    return [
        (int(row["issue"]), row["decided_by"], row["because"])
        for row in tx.all(statement)
    ]


def _free() -> tuple[Any, ...]:
    return ISSUE.c.status.in_(UNFINISHED), ISSUE.c.incident.is_(None)


def _suggestions() -> Select[Any]:
    free = (
        select(func.count())
        .select_from(LOOKED.join(ISSUE, ISSUE.c.number == LOOKED.c.issue))
        .where(LOOKED.c.suggestion == SUGGESTION.c.id, *_free())
    )
    return select(SUGGESTION, free.scalar_subquery().label("issues"))


# Executed for each issue that is compared: building is most of what they would cost.
COMPARED = Prepared(
    select(ISSUE.c.number, ISSUE.c.subject, ISSUE.c.status, ISSUE.c.incident).where(
        Among(ISSUE.c.number, "these", Integer())
    )
)
OF_ISSUES = Prepared(
    select(
        LOOKED.c.issue,
        SUGGESTION.c.id,
        SUGGESTION.c.incident,
        SUGGESTION.c.decided_at.is_not(None).label("decided"),
        SUGGESTION.c.confirmed,
    )
    .join(SUGGESTION, SUGGESTION.c.id == LOOKED.c.suggestion)
    .where(Among(LOOKED.c.issue, "these", Integer()))
    .order_by(SUGGESTION.c.id)
    .with_for_update(of=SUGGESTION)
)
PUT = Prepared(
    update(LOOKED)
    .where(LOOKED.c.issue == bindparam("its"))
    .values(
        suggestion=bindparam("into"),
        like_issue=bindparam("like"),
        score=bindparam("how"),
        because=bindparam("why"),
    )
)
