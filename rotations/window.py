"""Parts of the week and of the calendar as UTC intervals.

An end that occurs twice is the last occurrence, so that windows overlap sooner than
leave a hole. All results are merged, in order and clipped to the `[start, end)` asked.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias
from zoneinfo import ZoneInfo

from rotations.shift import Interval, clip, merge, subtract
from rotations.week import Weekly, local, local_dates, parse_weekly, weekly_intervals

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)


class Calendar(StrEnum):
    """Parts of the calendar that the desk defines, in the desk's own wall time."""

    WEEKEND = "weekend"
    HOLIDAYS = "holidays"
    CLOSED = "closed"


Window: TypeAlias = Weekly | Calendar


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday; `estimated` until its date is confirmed."""

    name: str
    estimated: bool = False


def no_holidays(_year: int) -> Mapping[date, Holiday]:
    """Return no holidays, whatever the year."""
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """When the care desk itself is open.

    `open` is the hours of a working day; an end not after its start is on the next
    day. None is a desk without hours: open around the clock on working days.
    `holidays` gives a year's; it must be a pure function, answers are kept by it.
    `closed` are first and last local dates of further days off. `not_holidays` takes
    dates out of both.
    """

    zone: ZoneInfo
    open: tuple[time, time] | None = None
    weekend: tuple[Window, ...] = ()
    holidays: Callable[[int], Mapping[date, Holiday]] = no_holidays
    closed: tuple[tuple[date, date], ...] = ()
    not_holidays: frozenset[date] = frozenset()


def parse_window(text: str) -> Window:
    """Read what a rotation is `on`; ValueError shows what can be written."""
    plain = " ".join(text.casefold().replace("–", "-").split())
    if plain in set(Calendar):
        return Calendar(plain)
    try:
        return parse_weekly(plain)
    except ValueError as error:
        msg = (
            f"{text!r} is not a window: {error}. Possible are weekend, holidays, "
            "closed, 'fri 17:00 - mon 08:00', 'daily 22:00-06:00', "
            "'mon-fri 18:00-22:00', 'sat, sun'"
        )
        raise ValueError(msg) from None


def intervals(
    window: Window, desk: Desk, zone: ZoneInfo, start: datetime, end: datetime
) -> tuple[Interval, ...]:
    """Return what of `window` lies in `[start, end)`; weekly parts are in `zone`."""
    match window:
        case Weekly():
            return clip(merge(weekly_intervals(window, zone, start, end)), start, end)
        case Calendar.WEEKEND:
            return weekend_intervals(desk, start, end)
        case Calendar.HOLIDAYS:
            return holiday_intervals(desk, start, end)
        case Calendar.CLOSED:
            return closed_intervals(desk, start, end)


def open_intervals(desk: Desk, start: datetime, end: datetime) -> tuple[Interval, ...]:
    """Return when the desk is open: working hours less weekend and days off."""
    opens, closes = desk.open or (time(), time())
    later = _DAY if closes <= opens else timedelta()
    first, last = local_dates(desk.zone, start, end)
    off = _days_off(desk, first, last)
    hours = [
        local(
            desk.zone,
            datetime.combine(day, opens),
            datetime.combine(day + later, closes),
        )
        for day in _days(first, last)
        if day not in off
    ]
    return clip(subtract(hours, _weekend_spans(desk, start, end)), start, end)


def closed_intervals(
    desk: Desk, start: datetime, end: datetime
) -> tuple[Interval, ...]:
    """Return when the desk is not open."""
    asked = Interval(start=start, end=end)
    return subtract([asked], open_intervals(desk, start, end))


def weekend_intervals(
    desk: Desk, start: datetime, end: datetime
) -> tuple[Interval, ...]:
    """Return weekends, each from the end of the last open hours to the next.

    A closed stretch is a weekend when any of it is; days off beside make it longer.
    """
    # A closed stretch cut off by more than a week of margin holds a weekend anyway.
    wide_start, wide_end = start - _WEEK - _DAY, end + _WEEK + _DAY
    weekends = _weekend_spans(desk, wide_start, wide_end)
    stretches = closed_intervals(desk, wide_start, wide_end)
    return clip(_touching(stretches, weekends), start, end)


def holiday_intervals(
    desk: Desk, start: datetime, end: datetime
) -> tuple[Interval, ...]:
    """Return the days off, public and further ones, each a whole local day.

    The nights before and after are not part of it, as they are of no working day.
    """
    first, last = local_dates(desk.zone, start, end)
    days = (
        local(
            desk.zone,
            datetime.combine(day, time()),
            datetime.combine(day + _DAY, time()),
        )
        for day in _days_off(desk, first, last)
    )
    return clip(merge(days), start, end)


def _weekend_spans(desk: Desk, start: datetime, end: datetime) -> tuple[Interval, ...]:
    """Return the weekend as it is written down, before closed hours widen it."""
    spans = [
        span
        for window in desk.weekend
        if isinstance(window, Weekly)
        for span in weekly_intervals(window, desk.zone, start, end)
    ]
    return clip(merge(spans), start, end)


def _days_off(desk: Desk, first: date, last: date) -> set[date]:
    off = {
        day
        for year in range(first.year, last.year + 1)
        for day in desk.holidays(year)
        if first <= day <= last
    }
    for since, until in desk.closed:
        off.update(_days(max(since, first), min(until, last)))
    return off - desk.not_holidays


def _touching(
    stretches: Iterable[Interval], parts: tuple[Interval, ...]
) -> Iterator[Interval]:
    """Yield the stretches that share time with a part; both are in order."""
    index = 0
    for stretch in stretches:
        while index < len(parts) and parts[index].end <= stretch.start:
            index += 1
        if index < len(parts) and parts[index].start < stretch.end:
            yield stretch


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
