"""The parts of every week: how people write them, and the intervals they are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rotations.cadence import instant
from rotations.shift import Interval

_NAMES = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
_WEEK = timedelta(days=7)
# A zone may skip a whole day (Apia, 2011), so that a local date is this far off.
_SLACK = timedelta(days=2)
_TIME = r"(\d{1,2}:\d{2})"
_SPAN = re.compile(rf"([a-z]+) {_TIME} ?- ?([a-z]+) {_TIME}")
_HOURS = re.compile(rf"([a-z ,-]+) {_TIME} ?- ?{_TIME}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Once a week: from `start` on weekday `day` (Monday 0) to `end`, `days` later."""

    day: int
    start: time
    days: int
    end: time


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """The same parts of every week, in the wall time of a rotation."""

    spans: tuple[Span, ...]


def parse_weekly(text: str) -> Weekly:
    """Read `fri 17:00 - mon 08:00`, `daily 22:00-06:00`, `mon-fri 18:00-22:00`, `sat`.

    Hours that end at or before their start end on the next day. ValueError says what
    is not understood.
    """
    if match := _SPAN.fullmatch(text):
        return Weekly(spans=(_span(match[1], match[2], match[3], match[4]),))
    if match := _HOURS.fullmatch(text):
        days = range(7) if match[1] == "daily" else _weekdays(match[1])
        return Weekly(spans=tuple(_hours(day, match[2], match[3]) for day in days))
    return Weekly(spans=tuple(_hours(day, "0:00", "24:00") for day in _weekdays(text)))


def weekly_intervals(
    window: Weekly, zone: ZoneInfo, start: datetime, end: datetime
) -> Iterator[Interval]:
    """Yield the parts that reach into `[start, end)` and some beside it.

    Neither clipped nor merged nor in order; clock changes may leave one empty.
    """
    for begins, ends in weekly_walls(window, zone, start, end):
        yield local(zone, begins, ends)


def weekly_walls(
    window: Weekly, zone: ZoneInfo, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Yield start and end of those parts in naive wall time."""
    first, last = local_dates(zone, start, end)
    for span in window.spans:
        length = timedelta(days=span.days)
        day = first - length
        day += timedelta(days=(span.day - day.weekday()) % 7)
        while day <= last:
            begins = datetime.combine(day, span.start)
            yield begins, datetime.combine(day + length, span.end)
            day += _WEEK


def local(zone: ZoneInfo, start: datetime, end: datetime) -> Interval:
    """Return the interval between two wall times; its end is the last occurrence."""
    return Interval(start=instant(start, zone), end=instant(end, zone, last=True))


def local_dates(zone: ZoneInfo, start: datetime, end: datetime) -> tuple[date, date]:
    """Return the first and last local dates whose hours may reach into the time."""
    first = start.astimezone(zone).date() - _SLACK
    return first, end.astimezone(zone).date() + _SLACK


def _span(first: str, start: str, last: str, end: str) -> Span:
    day, begins = _weekday(first), _time(start)
    over, ends = _end(end)
    days = (_weekday(last) - day) % 7 + over
    if days == 0 and ends == begins:
        msg = "it ends at the moment it begins; leave the window out to mean always"
        raise ValueError(msg)
    if days == 0 and ends < begins:
        days = 7
    return Span(day=day, start=begins, days=days, end=ends)


def _hours(day: int, start: str, end: str) -> Span:
    begins, (days, ends) = _time(start), _end(end)
    if not days and begins == ends:
        msg = "it ends at the moment it begins; name the day alone to mean all of it"
        raise ValueError(msg)
    if not days and ends < begins:
        days = 1
    return Span(day=day, start=begins, days=days, end=ends)


def _weekdays(text: str) -> list[int]:
    """Read `sat, sun` and `mon-fri` into weekdays, Monday 0."""
    days: list[int] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        day = _weekday(first)
        length = (_weekday(last) - day) % 7 if dash else 0
        days.extend((day + n) % 7 for n in range(length + 1))
    return sorted(set(days))


def _weekday(text: str) -> int:
    name = text.strip()
    for day, full in enumerate(_NAMES):
        if name in {full, full[:3]}:
            return day
    msg = f"{name!r} is not a day; write mon, tue, wed, thu, fri, sat or sun"
    raise ValueError(msg)


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text.zfill(5))
    except ValueError:
        msg = f"{text!r} is not a time of day; write 00:00 to 23:59"
        raise ValueError(msg) from None


def _end(text: str) -> tuple[int, time]:
    """Return how many days later, and when; only an end may be 24:00."""
    return (1, time()) if text == "24:00" else (0, _time(text))
