"""Messages taken from products, each once, and the issues that hold them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select, update

from oncall.store.prepared import Prepared, Row
from oncall.store.tables import IntakeMessageRow, table
from oncall.store.tx import Tx

TAKEN = table(IntakeMessageRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What names a message of a source, for good."""

    source: str
    dedup_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the rules said of a message when it was taken."""

    key: Key
    delivery: int
    issue: int | None
    severity: str
    policy: str


def first_time(
    tx: Tx,
    key: Key,
    *,
    conversation: str,
    message_id: str,
    delivery: int,
    now: datetime,
) -> bool:
    """Claim a message; False when it was taken before."""
    return tx.insert_new(
        TAKEN,
        source=key.source,
        dedup_key=key.dedup_key,
        conversation=conversation,
        message_id=message_id,
        delivery=delivery,
        severity="",
        policy="",
        at=now,
    )


def taken(tx: Tx, key: Key) -> Row | None:
    """Return what is known of a message: `issue, at`, or None."""
    return tx.first(FOUND, its_source=key.source, its_key=key.dedup_key)


def hold(tx: Tx, key: Key, issue: int, *, severity: str = "", policy: str = "") -> None:
    """Note which issue holds a message, and how it was judged."""
    tx.do(
        HOLD,
        its_source=key.source,
        its_key=key.dedup_key,
        now_issue=issue,
        now_severity=severity,
        now_policy=policy,
    )


def by_conversation(tx: Tx, source: str, conversation: str) -> int | None:
    """Return the newest issue that holds a message of this conversation."""
    row = tx.first(BY_CONVERSATION, its_source=source, its=conversation)
    return None if row is None else int(row["issue"])


def by_references(tx: Tx, source: str, references: Sequence[str]) -> int | None:
    """Return the newest issue that holds a letter which is answered."""
    if not references:
        return None
    # One look by each name: with OR all messages of the source would be looked at.
    names = (TAKEN.c.message_id, TAKEN.c.conversation)
    found = (
        tx.run(
            select(func.max(TAKEN.c.issue)).where(
                TAKEN.c.source == source, name.in_(references)
            )
        ).scalar()
        for name in names
    )
    return max(filter(None, found), default=None)


def of_deliveries(tx: Tx, deliveries: Sequence[int]) -> list[Judged]:
    """Return the messages that these deliveries brought first."""
    rows = tx.all(select(TAKEN).where(TAKEN.c.delivery.in_(deliveries)))
    return [
        Judged(
            key=Key(source=row["source"], dedup_key=row["dedup_key"]),
            delivery=row["delivery"],
            issue=row["issue"],
            severity=row["severity"],
            policy=row["policy"],
        )
        for row in rows
    ]


def _newest(condition: ColumnElement[bool]) -> Select[Any]:
    """Return the statement for the newest issue that holds such a message."""
    return (
        select(TAKEN.c.issue)
        .where(condition, TAKEN.c.issue.is_not(None))
        .order_by(TAKEN.c.issue.desc())
        .limit(1)
    )


_ITS_OWN = (
    TAKEN.c.source == bindparam("its_source"),
    TAKEN.c.dedup_key == bindparam("its_key"),
)
# Statements that never change are put together once.
FOUND = Prepared(select(TAKEN.c.issue, TAKEN.c.at).where(*_ITS_OWN))
HOLD = Prepared(
    update(TAKEN)
    .where(*_ITS_OWN)
    .values(
        issue=bindparam("now_issue"),
        severity=bindparam("now_severity"),
        policy=bindparam("now_policy"),
    )
)
BY_CONVERSATION = Prepared(
    _newest(TAKEN.c.source == bindparam("its_source")).where(
        TAKEN.c.conversation == bindparam("its")
    )
)
