"""Exceptions as they acted and act: each until it was ended, and for any time asked for."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import Table, select, text

from oncall.store.departures import departures
from oncall.store.prepared import Row
from oncall.store.tables import (
    LASTING,
    AbsenceRow,
    OverrideRow,
    SwapRow,
    table,
)
from oncall.store.tx import Tx
from rotations.exception import Absence, Exceptions, Override, Swap

OVERRIDE = table(OverrideRow)
SWAP = table(SwapRow)
ABSENCE = table(AbsenceRow)
A_YEAR = timedelta(days=366)
_AS_MADE = itemgetter("created_at", "id")


def since(tx: Tx, instant: datetime) -> Exceptions:
    """Return everything that ends after `instant`, the earliest made first."""

    def rows(of: Table) -> list[Row]:
        statement = select(of).where(ends_after(of, instant))
        return tx.all(statement.order_by(of.c.created_at, of.c.id))

    return _acting(tx, rows(OVERRIDE), rows(SWAP), rows(ABSENCE))


def between(tx: Tx, start: datetime, end: datetime) -> Exceptions:
    """Return everything that acts in `[start, end)`, the earliest made first.

    However long ago that is, and however much there was since.
    """

    def rows(of: Table) -> list[Row]:
        spans = [(of.c.start_at, of.c.end_at)]
        if of is SWAP:
            spans.append((of.c.back_start_at, of.c.back_end_at))
        found = {
            row["id"]: row
            for begins, ends in spans
            # What began more than a year before is found only if it is marked.
            for near in (begins > start - A_YEAR, text(LASTING))
            for row in tx.all(select(of).where(begins < end, ends > start, near))
        }
        return sorted(found.values(), key=_AS_MADE)

    return _acting(tx, rows(OVERRIDE), rows(SWAP), rows(ABSENCE))


def is_lasting(start: datetime | None, end: datetime | None) -> bool:
    """Tell what is so long that it is marked."""
    return start is not None and end is not None and end - start > A_YEAR


def ends_after(of: Table, since: datetime) -> Any:  # noqa: ANN401 (a SQLAlchemy condition)
    """Tell what is not over; a swap is not while the way back is to come."""
    later = of.c.end_at > since
    return later | (of.c.back_end_at > since) if of is SWAP else later


def _acting(
    tx: Tx, overrides: Iterable[Row], swaps: Iterable[Row], absences: Iterable[Row]
) -> Exceptions:
    accepted = (row for row in swaps if row["accepted_at"] is not None)
    return Exceptions(
        overrides=tuple(filter(None, map(override_as_acting, overrides))),
        swaps=tuple(filter(None, map(swap_as_acting, accepted))),
        absences=tuple(filter(None, map(absence_as_acting, absences))),
        departures=departures(tx),
    )


def override_as_acting(row: Row) -> Override | None:
    """Return an override until it was ended; None when that was before it began."""
    end = _end(row)
    if end <= row["start_at"]:
        return None
    return Override(
        id=row["id"],
        rotation=row["rotation"],
        start=row["start_at"],
        end=end,
        person=row["person"],
        instead_of=row["instead_of"],
        add=row["adds"],
        remove=row["remove"],
        reason=row["reason"],
    )


def swap_as_acting(row: Row) -> Swap | None:
    """Return a swap from when it was accepted until it was ended; None for no time.

    One that waits to be accepted is returned as asked for.
    """
    ended, accepted = row["ended_at"], row["accepted_at"]
    if ended is not None and accepted is None:
        return None
    # One that was made with both agreed may begin in the past, as an override may.
    asked_for = accepted is None or accepted == row["created_at"]
    start, end = row["start_at"], row["end_at"]
    back_start, back_end = row["back_start_at"], row["back_end_at"]
    if not asked_for:
        start = max(start, accepted)
        back_start = back_start and max(back_start, accepted)
    if ended is not None:
        end = min(end, ended)
        back_end = back_end and min(back_end, ended)
    gives_back = back_start is not None and back_end is not None
    if start >= end and not (gives_back and back_start < back_end):
        return None
    return Swap(
        id=row["id"],
        rotation=row["rotation"],
        person=row["person"],
        with_person=row["with_person"],
        start=start,
        end=end,
        back_start=back_start,
        back_end=back_end,
        reason=row["reason"],
    )


def absence_as_acting(row: Row) -> Absence | None:
    """Return an absence until it was ended; None when that was before it began."""
    end = _end(row)
    if end <= row["start_at"]:
        return None
    return Absence(
        id=row["id"],
        person=row["person"],
        start=row["start_at"],
        end=end,
        reason=row["reason"],
    )


def _end(row: Row) -> datetime:
    end: datetime = row["end_at"]
    return end if row["ended_at"] is None else min(end, row["ended_at"])
