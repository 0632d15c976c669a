"""Shifts and gaps from beginning to end, however short the time that is looked at.

What is cut where one stopped looking would be another event tomorrow, and whoever is
told of it would be told a part.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

from oncall.actions.house import View
from oncall.store import Tx
from rotations.coverage import Roster
from rotations.shift import Interval, Shift

MARGIN = timedelta(days=100)
"""So far beyond nearly every shift is whole; for others it is looked for years."""


class _Timed(Protocol):
    @property
    def start(self) -> datetime: ...
    @property
    def end(self) -> datetime: ...


T = TypeVar("T", bound=_Timed)


def whole_shifts(
    tx: Tx, view: View, rotation: str, start: datetime, end: datetime
) -> tuple[Shift, ...]:
    """Return the shifts around `[start, end)`; those that touch it are whole.

    One of years is cut at the turn of a year, so that it is the same all year.
    """
    shifts: tuple[Shift, ...] = ()
    for roster, first, last in _looks(tx, view, start, end):
        shifts = roster.shifts_between(rotation, first, last)
        if not any(_cut(touching(shifts, start, end), first, last)):
            break
    return shifts


def whole_gaps(
    tx: Tx, view: View, rotation: str, start: datetime, end: datetime
) -> list[Interval]:
    """Return the gaps that touch `[start, end)`, whole in the same way."""
    gaps: list[Interval] = []
    for roster, first, last in _looks(tx, view, start, end):
        gaps = touching(roster.gaps(rotation, first, last), start, end)
        if not any(_cut(gaps, first, last)):
            break
    return gaps


def touching(items: Sequence[T], start: datetime, end: datetime) -> list[T]:
    """Return those that touch `[start, end)`."""
    return [item for item in items if item.end > start and item.start < end]


def stints(shifts: Sequence[Shift]) -> Iterator[Interval]:
    """Yield how long one person is on call without a break: `shifts` are theirs."""
    running: Interval | None = None
    for shift in shifts:
        if running is not None and shift.start <= running.end:
            running = Interval(start=running.start, end=max(running.end, shift.end))
            continue
        if running is not None:
            yield running
        running = Interval(start=shift.start, end=shift.end)
    if running is not None:
        yield running


def _looks(
    tx: Tx, view: View, start: datetime, end: datetime
) -> Iterator[tuple[Roster, datetime, datetime]]:
    """Yield how far to look: a little beyond, else years, whose bounds stay."""
    near = (start - MARGIN, end + MARGIN)
    far = (_new_year(start.year - 1), _new_year(end.year + 2))
    for first, last in (near, far):
        yield view.roster_of(tx, first, last), first, last


def _cut(items: Sequence[_Timed], first: datetime, last: datetime) -> Iterator[bool]:
    return (item.start <= first or item.end >= last for item in items)


def _new_year(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=UTC)
