"""News of an incident, and each customer's copy of it: written once, then followed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, func, select, update

from oncall.model import PageState
from oncall.store.issues import UNFINISHED
from oncall.store.prepared import Prepared, Row
from oncall.store.tables import (
    CustomerRow,
    IncidentLetterRow,
    IncidentUpdateRow,
    IssueRow,
    MessageRow,
    PageRow,
    SentAnswerRow,
    table,
)
from oncall.store.tx import Tx

UPDATE = table(IncidentUpdateRow)
LETTER = table(IncidentLetterRow)
ISSUE = table(IssueRow)
CUSTOMER = table(CustomerRow)
MESSAGE = table(MessageRow)
SENT = table(SentAnswerRow)
PAGE = table(PageRow)


class Fate(StrEnum):
    """What became of one customer's copy."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    NOT_SENDABLE = "not_sendable"


_FATES: Mapping[str, Fate] = {
    PageState.PLANNED: Fate.QUEUED,
    PageState.SENDING: Fate.QUEUED,
    PageState.ACCEPTED: Fate.SENT,
    PageState.DELIVERED: Fate.DELIVERED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """What everybody in an incident is told: `texts` by language, "" for any."""

    id: int
    incident: int
    author: str | None
    texts: Mapping[str, str]
    written_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """A joined issue and whose it is; `language` as the customer gave it, maybe none."""

    issue: int
    customer: int
    merged: bool
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One customer's copy, and the issue on which it is written."""

    update_id: int
    customer: int
    issue: int
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A letter with what became of it; `detail` says more of what failed."""

    customer: int
    name: str
    issue: int
    language: str
    fate: Fate
    detail: str
    at: datetime | None


def add(
    tx: Tx, incident: int, texts: Mapping[str, str], author: str | None, now: datetime
) -> Update:
    """Keep an update."""
    row = {
        "incident": incident,
        "author": author,
        "texts": dict(texts),
        "written_at": now,
    }
    key = tx.run(UPDATE.insert(), row).inserted_primary_key
    return Update(id=int(key[0]) if key else 0, **row)  # type: ignore[arg-type]


def find(tx: Tx, update_id: int) -> Update | None:
    """Return an update, or None."""
    row = tx.first(select(UPDATE).where(UPDATE.c.id == update_id))
    return None if row is None else Update(**row)


def of_incident(tx: Tx, incident: int) -> list[Update]:
    """Return an incident's updates, the newest first."""
    statement = select(UPDATE).where(UPDATE.c.incident == incident)
    return [Update(**row) for row in tx.all(statement.order_by(UPDATE.c.id.desc()))]


def addressees(tx: Tx, incident: int) -> list[Addressee]:
    """Return all joined issues with whose they are: unfinished ones first, then new."""
    finished = ISSUE.c.status.not_in(UNFINISHED)
    statement = (
        select(
            ISSUE.c.number.label("issue"),
            CUSTOMER.c.id.label("customer"),
            CUSTOMER.c.merged_into.is_not(None).label("merged"),
            CUSTOMER.c.language,
        )
        .join(CUSTOMER, CUSTOMER.c.id == ISSUE.c.customer)
        .where(ISSUE.c.incident == incident)
        .order_by(finished, ISSUE.c.number.desc())
    )
    return [Addressee(**row) for row in tx.all(statement)]


def put(tx: Tx, letters: Sequence[Letter]) -> None:
    """Have letters wait to be written."""
    rows: list[dict[str, object]] = [
        {
            "update_id": letter.update_id,
            "customer": letter.customer,
            "issue": letter.issue,
            "language": letter.language,
            "failed": "",
        }
        for letter in letters
    ]
    if rows:
        tx.insert_all_new(LETTER, rows)


def waiting(tx: Tx, incident: int, limit: int) -> list[Letter]:
    """Return letters of an incident that are not written yet, the oldest first."""
    statement = (
        select(LETTER.c.update_id, LETTER.c.customer, LETTER.c.issue, LETTER.c.language)
        .join(UPDATE, UPDATE.c.id == LETTER.c.update_id)
        .where(UPDATE.c.incident == incident, LETTER.c.written_at.is_(None))
        .order_by(LETTER.c.update_id, LETTER.c.customer)
        .limit(limit)
    )
    return [Letter(**row) for row in tx.all(statement)]


def written(tx: Tx, letter: Letter, message: int | None, now: datetime) -> None:
    """Note that a letter stands on its issue, as this message."""
    mine = (
        LETTER.c.update_id == letter.update_id,
        LETTER.c.customer == letter.customer,
    )
    tx.run(update(LETTER).where(*mine).values(message=message, written_at=now))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Whose letter a message is, and of which incident."""

    customer: int
    incident: int


def with_message(tx: Tx, message: int) -> Sent | None:
    """Return whose letter this message is; None when it is no news of an incident."""
    row = tx.first(WITH_MESSAGE, its=message)
    return None if row is None else Sent(**row)


def called_off(tx: Tx, letter: Letter, why: str, now: datetime) -> None:
    """Note that a letter will not be written."""
    mine = (
        LETTER.c.update_id == letter.update_id,
        LETTER.c.customer == letter.customer,
    )
    tx.run(update(LETTER).where(*mine).values(failed=why, written_at=now))


def last_message(tx: Tx, issue: int) -> int | None:
    """Return the id of what was said last on an issue."""
    return tx.run(
        select(func.max(MESSAGE.c.id)).where(MESSAGE.c.issue == issue)
    ).scalar()


def numbers_of(tx: Tx, incident: int, customers: Collection[int]) -> list[int]:
    """Return the unfinished joined issues of these customers."""
    statement = select(ISSUE.c.number).where(
        ISSUE.c.incident == incident,
        ISSUE.c.customer.in_(customers),
        ISSUE.c.status.in_(UNFINISHED),
    )
    return [int(row["number"]) for row in tx.all(statement.order_by(ISSUE.c.number))]


def copies(tx: Tx, update_id: int) -> list[Copy]:
    """Return what became of an update, by customer."""
    statement = (
        select(LETTER, CUSTOMER, PAGE.c.state, PAGE.c.detail)
        .join(CUSTOMER, CUSTOMER.c.id == LETTER.c.customer)
        .outerjoin(SENT, SENT.c.message == LETTER.c.message)
        .outerjoin(PAGE, PAGE.c.id == SENT.c.page)
        .where(LETTER.c.update_id == update_id)
        .order_by(LETTER.c.customer)
    )
    columns = [
        LETTER.c.customer,
        LETTER.c.issue,
        LETTER.c.language,
        LETTER.c.written_at,
        LETTER.c.failed,
        CUSTOMER.c.name,
        CUSTOMER.c.handle,
        CUSTOMER.c.phone,
        CUSTOMER.c.email,
        PAGE.c.state,
        PAGE.c.detail,
    ]
    return [_copy(row) for row in tx.all(statement.with_only_columns(*columns))]


WITH_MESSAGE = Prepared(
    select(LETTER.c.customer, UPDATE.c.incident)
    .join(UPDATE, UPDATE.c.id == LETTER.c.update_id)
    .where(LETTER.c.message == bindparam("its"))
)


def _copy(row: Row) -> Copy:
    names = (row[key] for key in ("name", "handle", "phone", "email"))
    return Copy(
        customer=row["customer"],
        name=next(filter(None, names), "?"),
        issue=row["issue"],
        language=row["language"],
        fate=_fate(row),
        detail=row["failed"] or row["detail"] or "",
        at=row["written_at"],
    )


def _fate(row: Row) -> Fate:
    if row["written_at"] is None:
        return Fate.QUEUED
    if row["state"] is None:
        return Fate.NOT_SENDABLE
    return _FATES.get(row["state"], Fate.FAILED)
