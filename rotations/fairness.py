"""Who carried what: hours on call per person and kind of hour."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from rotations.coverage import Roster
from rotations.shift import Interval, clip, intersect, merge, subtract
from rotations.week import Span, Weekly, weekly_intervals
from rotations.window import (
    Desk,
    closed_intervals,
    holiday_intervals,
    weekend_intervals,
)

_NIGHTS = Weekly(
    spans=tuple(Span(day=day, start=time(22), days=1, end=time(6)) for day in range(7))
)


class HourKind(StrEnum):
    """What an hour on call costs; an hour is of the first kind that fits."""

    HOLIDAY = "holiday"
    WEEKEND = "weekend"
    WEEKDAY_NIGHT = "weekday_night"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What one person carried; `hours` has every kind."""

    person: str
    hours: Mapping[HourKind, timedelta]

    @property
    def total(self) -> timedelta:
        """All hours together."""
        return sum(self.hours.values(), timedelta())


def load(
    roster: Roster, rotation_ids: Iterable[str], start: datetime, end: datetime
) -> tuple[Load, ...]:
    """Return what each person carried in `[start, end)`, by person.

    On call in two rotations at once counts once. LookupError for an unknown rotation.
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    held: dict[str, list[Interval]] = {}
    for rotation_id in rotation_ids:
        for shift in roster.shifts_between(rotation_id, start, end):
            stretch = Interval(start=shift.start, end=shift.end)
            held.setdefault(shift.person, []).append(stretch)
    kinds = kinds_of_hours(roster.desk, start, end)
    return tuple(
        Load(
            person=person,
            hours={k: _length(intersect(held[person], kinds[k])) for k in HourKind},
        )
        for person in sorted(held)
    )


def kinds_of_hours(
    desk: Desk, start: datetime, end: datetime
) -> dict[HourKind, tuple[Interval, ...]]:
    """Return the time of each kind in `[start, end)`; together they are all of it.

    A night is when the desk is closed on a working day; of a desk without hours it
    is 22:00 to 06:00.
    """
    left = clip([Interval(start=start, end=end)], start, end)
    closed = closed_intervals(desk, start, end)
    nights = merge(weekly_intervals(_NIGHTS, desk.zone, start, end))
    parts = {
        HourKind.HOLIDAY: holiday_intervals(desk, start, end),
        HourKind.WEEKEND: weekend_intervals(desk, start, end),
        HourKind.WEEKDAY_NIGHT: closed if desk.open else nights,
    }
    kinds: dict[HourKind, tuple[Interval, ...]] = {}
    for kind, part in parts.items():
        kinds[kind] = intersect(left, part)
        left = subtract(left, part)
    return {**kinds, HourKind.OTHER: left}


def _length(intervals: Iterable[Interval]) -> timedelta:
    return sum((part.end - part.start for part in intervals), timedelta())
