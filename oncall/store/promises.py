"""What customers were told to expect."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select

from oncall.store.prepared import Prepared, Row
from oncall.store.tables import PromiseRow, table
from oncall.store.tx import Tx

PROMISE = table(PromiseRow)
EARLIEST_DUE = Prepared(
    select(func.min(PROMISE.c.due_at).label("due")).where(
        PROMISE.c.issue == bindparam("its"), PROMISE.c.kept_at.is_(None)
    )
)


def add(
    tx: Tx, issue: int, text: str, owner: str | None, due_at: datetime, now: datetime
) -> int:
    """Keep a promise and return its id."""
    row = {
        "issue": issue,
        "text": text,
        "owner": owner,
        "due_at": due_at,
        "created_at": now,
    }
    key = tx.run(insert(PROMISE).values(row)).inserted_primary_key
    return int(key[0]) if key else 0


def earliest_due(tx: Tx, issue: int) -> datetime | None:
    """Return when the first promise that is not kept falls due."""
    row = tx.first(EARLIEST_DUE, its=issue)
    return None if row is None else row["due"]


def of_issue(tx: Tx, issue: int) -> Sequence[Row]:
    """Return an issue's promises: `id, text, owner, due_at, kept_at`."""
    statement = select(PROMISE).where(PROMISE.c.issue == issue)
    return tx.all(statement.order_by(PROMISE.c.due_at))


def open_of(tx: Tx, issue: int) -> Sequence[Row]:
    """Return an issue's promises that are not kept yet, the first due first."""
    return [row for row in of_issue(tx, issue) if row["kept_at"] is None]
