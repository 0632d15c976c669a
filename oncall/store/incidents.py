"""Incidents, and which issues are and were joined to them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, text, update

from oncall.model import Incident, Status
from oncall.store.due import Due
from oncall.store.issues import UNFINISHED
from oncall.store.prepared import Row
from oncall.store.tables import (
    OPENED_BY_RULE,
    CustomerRow,
    IncidentIssueRow,
    IncidentRow,
    IssueRow,
    table,
)
from oncall.store.tx import Tx

INCIDENT = table(IncidentRow)
MEMBER = table(IncidentIssueRow)
ISSUE = table(IssueRow)
CUSTOMER = table(CustomerRow)
WHO = func.coalesce(CUSTOMER.c.merged_into, CUSTOMER.c.id)
"""Whom an issue's customer stands for, as far as one pointer tells."""
_OWN = [column for column in INCIDENT.c if column.name != "due_at"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """That an issue is, or was, joined to an incident. `reason`: person, rule, alike.

    `taken_at` is when it was acknowledged in the name of the incident's owner.
    """

    id: int
    incident: int
    issue: int
    joined_at: datetime
    joined_by: str | None
    reason: str
    detail: str
    taken_at: datetime | None
    left_at: datetime | None
    left_by: str | None


def add(
    tx: Tx,
    *,
    title: str,
    now: datetime,
    by: str | None = None,
    cause: str = "",
    rule: str = "",
) -> int:
    """Open an incident and return its id."""
    row = {
        "title": title,
        "cause": cause,
        "rule": rule,
        "opened_at": now,
        "opened_by": by,
        "result": "",
        "resolves": False,
    }
    key = tx.run(INCIDENT.insert(), row).inserted_primary_key
    return int(key[0]) if key else 0


def find(tx: Tx, incident: int) -> Incident | None:
    """Return an incident with how many are in it, or None."""
    row = tx.first(_incidents().where(INCIDENT.c.id == incident))
    return None if row is None else _incident(row)


def lock(tx: Tx, incident: int) -> Incident | None:
    """Do as `find`, and hold it until the transaction ends: before any issue of it."""
    held = select(INCIDENT.c.id).where(INCIDENT.c.id == incident)
    if tx.first(held.with_for_update()) is None:
        return None
    return find(tx, incident)


def listed(
    tx: Tx, *, status: Status | None, before: int | None, limit: int
) -> list[Incident]:
    """Return incidents, the newest first, with ids below `before`."""
    statement = _incidents().order_by(INCIDENT.c.id.desc()).limit(limit)
    if status is Status.RESOLVED:
        statement = statement.where(INCIDENT.c.closed_at.is_not(None))
    elif status is not None:
        untaken = INCIDENT.c.acknowledged_at.is_(None)
        wanted = untaken if status is Status.OPEN else ~untaken
        statement = statement.where(INCIDENT.c.closed_at.is_(None), wanted)
    if before is not None:
        statement = statement.where(INCIDENT.c.id < before)
    return [_incident(row) for row in tx.all(statement)]


def open_by_rule(tx: Tx) -> dict[str, int]:
    """Return the open incidents that rules opened, by the rule's title."""
    statement = select(INCIDENT.c.rule, INCIDENT.c.id).where(text(OPENED_BY_RULE))
    return {row["rule"]: int(row["id"]) for row in tx.all(statement)}


def change(tx: Tx, incident: int, **values: object) -> None:
    """Set columns of an incident; with a `due_at` the engine looks at its timers."""
    if isinstance(due := values.get("due_at"), datetime):
        tx.wake(Due.INCIDENT, due)
    tx.run(update(INCIDENT).where(INCIDENT.c.id == incident).values(**values))


def claim_due(tx: Tx, now: datetime) -> Incident | None:
    """Hold one incident for which something is to be done, or return None.

    What another node holds is passed over.
    """
    due = (
        select(INCIDENT.c.id)
        .where(INCIDENT.c.due_at <= now)
        .order_by(INCIDENT.c.due_at, INCIDENT.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = tx.first(due)
    return None if row is None else find(tx, row["id"])


def next_due(tx: Tx) -> datetime | None:
    """Return the earliest instant at which something is to be done for an incident."""
    return tx.run(
        select(func.min(INCIDENT.c.due_at)).where(INCIDENT.c.due_at.is_not(None))
    ).scalar()


def join(
    tx: Tx,
    incident: int,
    issue: int,
    now: datetime,
    *,
    by: str | None,
    reason: str,
    detail: str,
) -> None:
    """Join an issue that is in no incident."""
    row = {
        "incident": incident,
        "issue": issue,
        "joined_at": now,
        "joined_by": by,
        "reason": reason,
        "detail": detail,
    }
    tx.run(MEMBER.insert(), row)
    tx.run(update(ISSUE).where(ISSUE.c.number == issue).values(incident=incident))


def leave(tx: Tx, member: Member, now: datetime, *, by: str | None) -> None:
    """Part an issue from its incident; that it was there stays known."""
    its = MEMBER.c.id == member.id
    tx.run(update(MEMBER).where(its).values(left_at=now, left_by=by))
    alone = {"incident": None, "reply_held_until": None}
    tx.run(update(ISSUE).where(ISSUE.c.number == member.issue).values(alone))


def member(tx: Tx, incident: int, issue: int) -> Member | None:
    """Return how an issue is joined to an incident now, or None."""
    row = tx.first(
        select(MEMBER).where(
            MEMBER.c.incident == incident,
            MEMBER.c.issue == issue,
            MEMBER.c.left_at.is_(None),
        )
    )
    return None if row is None else _member(row)


def members(tx: Tx, incident: int) -> list[Member]:
    """Return all that are joined or were, in the order in which they joined."""
    statement = select(MEMBER).where(MEMBER.c.incident == incident)
    return [_member(row) for row in tx.all(statement.order_by(MEMBER.c.id))]


def ever_joined(tx: Tx, numbers: Collection[int]) -> set[int]:
    """Return those of these issues that are, or were, in some incident."""
    statement = select(MEMBER.c.issue).where(MEMBER.c.issue.in_(numbers)).distinct()
    return {int(row["issue"]) for row in tx.all(statement)}


def untaken(tx: Tx, incident: int, limit: int) -> list[Member]:
    """Return unfinished members that nobody has acknowledged, the first to join first."""
    statement = (
        select(MEMBER)
        .join(ISSUE, ISSUE.c.number == MEMBER.c.issue)
        .where(
            MEMBER.c.incident == incident,
            MEMBER.c.left_at.is_(None),
            MEMBER.c.taken_at.is_(None),
            ISSUE.c.status == Status.OPEN,
        )
        .order_by(MEMBER.c.id)
        .limit(limit)
    )
    return [_member(row) for row in tx.all(statement)]


def taken(tx: Tx, member: Member, now: datetime) -> None:
    """Note that the incident's owner has this issue."""
    tx.run(update(MEMBER).where(MEMBER.c.id == member.id).values(taken_at=now))


def unfinished(tx: Tx, incident: int, limit: int) -> list[int]:
    """Return joined issues that are not finished, in order."""
    statement = (
        select(ISSUE.c.number)
        .where(ISSUE.c.incident == incident, ISSUE.c.status.in_(UNFINISHED))
        .order_by(ISSUE.c.number)
        .limit(limit)
    )
    return [int(row["number"]) for row in tx.all(statement)]


def joined_since(
    tx: Tx, incident: int, since: datetime | None, *, but_by: str | None
) -> int:
    """Count what was joined after `since`, but for what this person joined."""
    joined = [MEMBER.c.incident == incident, MEMBER.c.left_at.is_(None)]
    if since is not None:
        joined.append(MEMBER.c.joined_at > since)
    others = func.coalesce(MEMBER.c.joined_by, "") != (but_by or "")
    return int(tx.run(select(func.count()).where(*joined, others)).scalar() or 0)


def _incidents() -> Select[Any]:
    joined = ISSUE.join(CUSTOMER)
    issues = select(func.count()).where(ISSUE.c.incident == INCIDENT.c.id)
    customers = (
        select(func.count(WHO.distinct()))
        .select_from(joined)
        .where(ISSUE.c.incident == INCIDENT.c.id)
    )
    return select(
        *_OWN,
        issues.scalar_subquery().label("issues"),
        customers.scalar_subquery().label("customers"),
    )


def _incident(row: Row) -> Incident:
    return Incident(**row)


def _member(row: Row) -> Member:
    return Member(**row)
