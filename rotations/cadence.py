"""Turns in wall time and the instants at which they begin.

The rules of clock changes live here only. A wall time that does not exist becomes
the first instant after the gap. One that occurs twice becomes its first occurrence,
or its last where something ends: two neighbours overlap sooner than leave a hole.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import cached_property
from itertools import count
from zoneinfo import ZoneInfo

_TURN = re.compile(r"\s*(\d+)\s*(hour|day|week|month|window)s?\s*", re.IGNORECASE)
_MONTHS = 12


class Unit(StrEnum):
    """What a turn is counted in."""

    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    WINDOWS = "windows"


class ClockChange(StrEnum):
    """What a clock change does to a wall time."""

    SKIPPED = "skipped"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True)
class Turn:
    """How long one entry of a ring is on call: `count` (1 or more) of `unit`."""

    count: int
    unit: Unit


def parse_turn(text: str) -> Turn:
    """Read `1 week`, `12 hours`, `2 windows`, …; ValueError says what it should be."""
    match = _TURN.fullmatch(text)
    if match is None or int(match[1]) < 1:
        msg = (
            f"{text!r} is not a turn; write a whole number from 1 and one of hours, "
            "days, weeks, months, windows, for example '1 week' or '12 hours'"
        )
        raise ValueError(msg)
    return Turn(int(match[1]), Unit(f"{match[2].lower()}s"))


def instant(wall: datetime, zone: tzinfo, *, last: bool = False) -> datetime:
    """Return the UTC instant of a naive wall time in `zone`.

    `last` takes the last of two occurrences: for an end.
    """
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first == second:
        return first
    if first < second:
        return second if last else first
    # In a gap the two folds read the wall with the offsets of either side, so that
    # they enclose the transition the wrong way round.
    return _transition(second, first, zone)


def clock_change(wall: datetime, zone: ZoneInfo) -> ClockChange | None:
    """Say whether a naive wall time is skipped or repeated in `zone`."""
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first == second:
        return None
    return ClockChange.REPEATED if first < second else ClockChange.SKIPPED


def _transition(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """Return the first instant in `(before, after]` with the offset of `after`."""
    old = before.astimezone(zone).utcoffset()
    low, high = int(before.timestamp()), -int(-after.timestamp() // 1)
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == old:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)


@dataclass(frozen=True, kw_only=True)
class Cadence:
    """Turn `k` begins at `starts + k·turn` in the wall time of `zone`.

    The unit is any but windows: those are counted, not timed.
    """

    turn: Turn
    starts: datetime
    zone: ZoneInfo

    def wall(self, number: int) -> datetime:
        """Return when turn `number` begins, in naive wall time."""
        if self.turn.unit is not Unit.MONTHS:
            return self.starts + number * self._step
        return _add_months(self.starts, number * self.turn.count)

    def handoff(self, number: int) -> datetime:
        """Return when turn `number` begins, in UTC."""
        return instant(self.wall(number), self.zone)

    def number_at(self, at: datetime) -> int:
        """Return the number of the turn that `at` falls in; negative before the first.

        The wall clock gives the number to within a clock change; handoffs decide.
        """
        number = self._number_by_wall(at.astimezone(self.zone).replace(tzinfo=None))
        while self.handoff(number) > at:
            number -= 1
        while self.handoff(number + 1) <= at:
            number += 1
        return number

    def turns(
        self, first: int, end: datetime
    ) -> Iterator[tuple[int, datetime, datetime]]:
        """Yield (number, start, end) of turns from `first` that begin before `end`.

        A turn both of whose handoffs fall into one gap has no length and is left out.
        """
        start = self.handoff(first)
        for number in count(first):
            if start >= end:
                return
            following = self.handoff(number + 1)
            if start < following:
                yield number, start, following
            start = following

    @cached_property
    def _step(self) -> timedelta:
        return timedelta(**{self.turn.unit.value: self.turn.count})

    def _number_by_wall(self, wall: datetime) -> int:
        if self.turn.unit is not Unit.MONTHS:
            return (wall - self.starts) // self._step
        years, months = wall.year - self.starts.year, wall.month - self.starts.month
        return (years * _MONTHS + months) // self.turn.count


def _add_months(wall: datetime, months: int) -> datetime:
    """Go so many months on; a day that the month has not got becomes its last."""
    years, month = divmod(wall.month - 1 + months, _MONTHS)
    year, month = wall.year + years, month + 1
    day = min(wall.day, monthrange(year, month)[1])
    return wall.replace(year=year, month=month, day=day)
