"""What a snooze holds: pages that wait, until it ends or somebody ends it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select, update

from oncall.model import Kind, PageState
from oncall.store.pages import (
    PAGE,
    STILL_TO_COME,
    Transition,
    move,
    part_from_bundles,
)
from oncall.store.prepared import Row
from oncall.store.tx import Tx

HELD = "held by a snooze"


def hold(tx: Tx, issue: int, until: datetime, now: datetime) -> None:
    """Hold an issue's pages until `until`, also those that a sender has in hand.

    The step of each ladder that would come next comes then, and the steps after it
    follow as far apart as they would have.
    """
    part_from_bundles(tx, issue, now)
    rows = _still_to_come(tx, issue)
    if any(row["held_until"] and row["held_until"] > until for row in rows):
        let_go(tx, issue, now)  # a snooze before this one was longer, and is no more
        rows = _still_to_come(tx, issue)
    for ladder in _ladders(rows):
        first = min(row["due_at"] for row in ladder)
        _shift(tx, ladder, max(until - first, timedelta(0)), now, held_until=until)
    _mark(tx, rows, until)


def let_go(tx: Tx, issue: int, now: datetime) -> None:
    """Let what a snooze holds come now: it has ended before its time."""
    rows = [row for row in _still_to_come(tx, issue) if row["held_until"] is not None]
    for ladder in _ladders(rows):
        first = min(row["due_at"] for row in ladder)
        _shift(tx, ladder, min(now - first, timedelta(0)), now, held_until=None)
    _mark(tx, rows, None)


def _mark(tx: Tx, rows: Iterable[Row], until: datetime | None) -> None:
    ids = [row["id"] for row in rows]
    if ids:
        tx.run(update(PAGE).where(PAGE.c.id.in_(ids)).values(held_until=until))


def _still_to_come(tx: Tx, issue: int) -> list[Row]:
    """Return an issue's pages that may still be handed over, and hold their rows."""
    statement = (
        select(PAGE.c.id, PAGE.c.sequence, PAGE.c.state, PAGE.c.held_until)
        .add_columns(PAGE.c.due_at, PAGE.c.ladder_at)
        .where(
            PAGE.c.issue == issue,
            PAGE.c.kind == Kind.PAGE,
            PAGE.c.state.in_(STILL_TO_COME),
        )
        .order_by(PAGE.c.step)
        .with_for_update(key_share=True)
    )
    return tx.all(statement)


def _ladders(rows: Iterable[Row]) -> list[list[Row]]:
    """Return those that wait and have a time, by the ladder they belong to."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row["state"] == PageState.PLANNED and row["due_at"] is not None:
            found.setdefault(row["sequence"], []).append(row)
    return list(found.values())


def _shift(
    tx: Tx,
    ladder: Iterable[Row],
    by: timedelta,
    now: datetime,
    *,
    held_until: datetime | None,
) -> None:
    if not by:
        return
    for row in ladder:
        known = {"due_at": row["due_at"] + by, "held_until": held_until}
        if row["ladder_at"] is not None:
            known |= {"ladder_at": row["ladder_at"] + by}
        detail = HELD if held_until else "the snooze was ended"
        move(tx, row["id"], Transition.HOLD, now, detail=detail, also=known)
