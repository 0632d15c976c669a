"""Overrides, swaps and absences made while the service runs."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Table, insert, select, update

from oncall.store.prepared import Row
from oncall.store.tables import (
    AbsenceRow,
    OverrideRow,
    SwapRow,
    table,
)
from oncall.store.tx import Tx
from oncall.store.versions import touch
from rotations.exception import Absence, Exceptions, Override, Swap

OVERRIDE = table(OverrideRow)
SWAP = table(SwapRow)
ABSENCE = table(AbsenceRow)


def load(tx: Tx, since: datetime) -> Exceptions:
    """Return everything in force that ends after `since`, the earliest made first."""

    def rows(of: Table) -> list[Row]:
        statement = select(of).where(_ends_after(of, since), of.c.ended_at.is_(None))
        return tx.all(statement.order_by(of.c.created_at, of.c.id))

    return Exceptions(
        overrides=tuple(_override(row) for row in rows(OVERRIDE)),
        swaps=tuple(_swap(row) for row in rows(SWAP) if row["accepted_at"] is not None),
        absences=tuple(absence_of(row) for row in rows(ABSENCE)),
    )


def swaps(tx: Tx, since: datetime) -> list[tuple[Swap, bool]]:
    """Return swaps that end after `since`, each with whether it was accepted."""
    statement = select(SWAP).where(_ends_after(SWAP, since), SWAP.c.ended_at.is_(None))
    rows = tx.all(statement.order_by(SWAP.c.start_at, SWAP.c.id))
    return [(_swap(row), row["accepted_at"] is not None) for row in rows]


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
    """Return an override that is in force, or None."""
    row = tx.first(_in_force(OVERRIDE, override))
    return None if row is None else _override(row)


def find_swap(tx: Tx, swap: str) -> Swap | None:
    """Return a swap, accepted or waiting, or None."""
    row = tx.first(_in_force(SWAP, swap))
    return None if row is None else _swap(row)


def find_absence(tx: Tx, absence: str) -> Absence | None:
    """Return an absence that is in force, or None."""
    row = tx.first(_in_force(ABSENCE, absence))
    return None if row is None else absence_of(row)


def _ends_after(of: Table, since: datetime) -> Any:  # noqa: ANN401 (a SQLAlchemy condition)
    """Tell what is not over; a swap is not while the way back is to come."""
    later = of.c.end_at > since
    return later | (of.c.back_end_at > since) if of is SWAP else later


def _in_force(of: Table, key: str) -> Any:  # noqa: ANN401 (a SQLAlchemy select)
    return select(of).where(of.c.id == key, of.c.ended_at.is_(None))


def _end(tx: Tx, of: Table, key: str, now: datetime) -> bool:
    statement = update(of).where(of.c.id == key, of.c.ended_at.is_(None))
    return _done(tx, statement.values(ended_at=now))


def _done(tx: Tx, statement: Any) -> bool:  # noqa: ANN401 (a SQLAlchemy update)
    if tx.run(statement).rowcount == 0:
        return False
    touch(tx, "exceptions")
    return True


def _override(row: Row) -> Override:
    return Override(
        id=row["id"],
        rotation=row["rotation"],
        start=row["start_at"],
        end=row["end_at"],
        person=row["person"],
        instead_of=row["instead_of"],
        add=row["adds"],
        remove=row["remove"],
        reason=row["reason"],
    )


def _swap(row: Row) -> Swap:
    return Swap(
        id=row["id"],
        rotation=row["rotation"],
        person=row["person"],
        with_person=row["with_person"],
        start=row["start_at"],
        end=row["end_at"],
        back_start=row["back_start_at"],
        back_end=row["back_end_at"],
        reason=row["reason"],
    )


def absence_of(row: Row) -> Absence:
    """Return the absence that a row holds."""
    return Absence(
        id=row["id"],
        person=row["person"],
        start=row["start_at"],
        end=row["end_at"],
        reason=row["reason"],
    )
