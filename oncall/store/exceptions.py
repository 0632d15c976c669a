"""Overrides, swaps and absences made while the service runs."""

from collections.abc import Iterable
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Table, insert, select, update

from oncall.store.acting import (
    ABSENCE,
    OVERRIDE,
    SWAP,
    absence_as_acting,
    ends_after,
    is_lasting,
    override_as_acting,
    swap_as_acting,
)
from oncall.store.tx import Tx
from oncall.store.versions import touch
from rotations.exception import Absence, Override, Swap


def swaps(tx: Tx, since: datetime) -> list[tuple[Swap, bool]]:
    """Return swaps that end after `since`, each with whether it was accepted."""
    statement = select(SWAP).where(ends_after(SWAP, since), SWAP.c.ended_at.is_(None))
    # Sorted here: in the order of an index all that ever were would be looked at.
    rows = sorted(tx.all(statement), key=itemgetter("start_at", "id"))
    found = ((swap_as_acting(row), row["accepted_at"] is not None) for row in rows)
    return [(swap, accepted) for swap, accepted in found if swap is not None]


def add_override(tx: Tx, override: Override, now: datetime) -> None:
    """Keep an override."""
    row = {
        "id": override.id,
        "rotation": override.rotation,
        "start_at": override.start,
        "end_at": override.end,
        "person": override.person,
        "instead_of": override.instead_of,
        "adds": override.add,
        "remove": override.remove,
        "reason": override.reason,
        "created_at": now,
        "lasting": is_lasting(override.start, override.end),
    }
    tx.run(insert(OVERRIDE), row)
    touch(tx, "exceptions")


def add_absence(tx: Tx, absence: Absence, now: datetime) -> None:
    """Keep an absence."""
    add_absences(tx, [absence], now)


def add_absences(tx: Tx, absences: Iterable[Absence], now: datetime) -> None:
    """Keep absences."""
    rows = [
        {
            "id": absence.id,
            "person": absence.person,
            "start_at": absence.start,
            "end_at": absence.end,
            "reason": absence.reason,
            "created_at": now,
            "lasting": is_lasting(absence.start, absence.end),
        }
        for absence in absences
    ]
    if rows:
        tx.run(insert(ABSENCE), rows)
        touch(tx, "exceptions")


def add_swap(tx: Tx, swap: Swap, now: datetime, *, accepted: bool) -> None:
    """Keep a swap; it is effective once accepted."""
    row = {
        "id": swap.id,
        "rotation": swap.rotation,
        "person": swap.person,
        "with_person": swap.with_person,
        "start_at": swap.start,
        "end_at": swap.end,
        "back_start_at": swap.back_start,
        "back_end_at": swap.back_end,
        "reason": swap.reason,
        "created_at": now,
        "accepted_at": now if accepted else None,
        "lasting": is_lasting(swap.start, swap.end)
        or is_lasting(swap.back_start, swap.back_end),
    }
    tx.run(insert(SWAP), row)
    touch(tx, "exceptions")


def accept_swap(tx: Tx, swap: str, now: datetime) -> bool:
    """Make a swap effective; False when there is none that waits."""
    waiting = (SWAP.c.id == swap, SWAP.c.accepted_at.is_(None))
    statement = update(SWAP).where(*waiting, SWAP.c.ended_at.is_(None))
    return _done(tx, statement.values(accepted_at=now))


def end_override(tx: Tx, override: str, now: datetime) -> bool:
    """Take an override back; False when there is none in force."""
    return _end(tx, OVERRIDE, override, now)


def end_absence(tx: Tx, absence: str, now: datetime) -> bool:
    """Take an absence back; False when there is none in force."""
    return _end(tx, ABSENCE, absence, now)


def end_swap(tx: Tx, swap: str, now: datetime) -> bool:
    """Decline or take back a swap; False when there is none."""
    return _end(tx, SWAP, swap, now)


def find_override(tx: Tx, override: str) -> Override | None:
    """Return an override as far as it acts; None for none, or one that never did."""
    row = tx.first(select(OVERRIDE).where(OVERRIDE.c.id == override))
    return None if row is None else override_as_acting(row)


def find_swap(tx: Tx, swap: str) -> tuple[Swap, bool] | None:
    """Return a swap as far as it acts, and whether it was accepted.

    None for none, or one that was ended before it acted.
    """
    row = tx.first(select(SWAP).where(SWAP.c.id == swap))
    found = None if row is None else swap_as_acting(row)
    return None if row is None or found is None else (found, bool(row["accepted_at"]))


def find_absence(tx: Tx, absence: str) -> Absence | None:
    """Return an absence as far as it acts; None for none, or one that never did."""
    row = tx.first(select(ABSENCE).where(ABSENCE.c.id == absence))
    return None if row is None else absence_as_acting(row)


def _end(tx: Tx, of: Table, key: str, now: datetime) -> bool:
    statement = update(of).where(of.c.id == key, of.c.ended_at.is_(None))
    return _done(tx, statement.values(ended_at=now))


def _done(tx: Tx, statement: Any) -> bool:  # noqa: ANN401 (a SQLAlchemy update)
    if tx.run(statement).rowcount == 0:
        return False
    touch(tx, "exceptions")
    return True
