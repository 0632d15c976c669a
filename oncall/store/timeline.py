"""The append-only record of an issue: what happened, why, and what was said."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import RowMapping, insert, select

from oncall.store.tables import MessageRow, TimelineRow, table
from oncall.store.tx import Tx

TIMELINE = table(TimelineRow)
MESSAGE = table(MessageRow)
# Statements that never change are built once: building is most of what they cost.
ADD_LINE = insert(TIMELINE)
ADD_MESSAGE = insert(MESSAGE)


def note(
    tx: Tx,
    issue: int,
    event: str,
    now: datetime,
    *,
    reason: str = "",
    person: str | None = None,
    detail: str = "",
) -> None:
    """Write one line of an issue's timeline."""
    row = {
        "issue": issue,
        "at": now,
        "event": event,
        "reason": reason,
        "person": person,
        "detail": detail,
    }
    tx.run(ADD_LINE, row)


def of_issue(tx: Tx, issue: int) -> Sequence[RowMapping]:
    """Return an issue's lines in order: `at, event, reason, person, detail`."""
    statement = select(TIMELINE).where(TIMELINE.c.issue == issue)
    return tx.all(statement.order_by(TIMELINE.c.id))


def of_issues(tx: Tx, numbers: Collection[int]) -> Sequence[RowMapping]:
    """Return several issues' lines in order, each with its `issue`."""
    statement = select(TIMELINE).where(TIMELINE.c.issue.in_(numbers))
    return tx.all(statement.order_by(TIMELINE.c.id))


def add_message(
    tx: Tx,
    issue: int,
    now: datetime,
    *,
    direction: str,
    text: str,
    author: str | None = None,
    occurred_at: datetime | None = None,
) -> None:
    """Keep what was said, exactly as it was said."""
    row = {
        "issue": issue,
        "direction": direction,
        "author": author,
        "text": text,
        "at": now,
        "occurred_at": occurred_at,
    }
    tx.run(ADD_MESSAGE, row)


def messages(tx: Tx, issue: int) -> Sequence[RowMapping]:
    """Return what was said: `direction, author, text, at, occurred_at`, in order."""
    statement = select(MESSAGE).where(MESSAGE.c.issue == issue)
    return tx.all(statement.order_by(MESSAGE.c.id))
