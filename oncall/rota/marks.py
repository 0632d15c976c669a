"""What is particular about a day: rest, days off, and clocks that are put."""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from oncall.rota.sheet import ClockChange
from rotations.shift import Interval, clip, merge
from rotations.week import Weekly, weekly_intervals
from rotations.window import Desk, Holiday, Window

_WEEKDAYS = 7
_ESTIMATED = " (estimated)"


def weekends(desk: Desk, start: datetime, end: datetime) -> tuple[Interval, ...]:
    """Return the weekends in `[start, end)` as the desk writes them.

    Not lengthened by closed hours: a Friday evening is no weekend on a wall calendar.
    """
    spans = (
        span
        for window in desk.weekend
        if isinstance(window, Weekly)
        for span in weekly_intervals(window, desk.zone, start, end)
    )
    return clip(merge(spans), start, end)


def first_weekday(weekend: Iterable[Window]) -> int:
    """Return the day on which the weekend is over and the week begins; Monday 0."""
    spans = [
        s for window in weekend if isinstance(window, Weekly) for s in window.spans
    ]
    ends = {(span.day + span.days) % _WEEKDAYS for span in spans}
    return min(ends - {span.day for span in spans}, default=0)


def holiday_of(desk: Desk, day: date) -> tuple[Holiday | None, bool]:
    """Return the public holiday, without the calendar's own mark of an estimate.

    And whether the desk has the day off beside public holidays.
    """
    if day in desk.not_holidays:
        return None, False
    closed = any(since <= day <= until for since, until in desk.closed)
    found = desk.holidays(day.year).get(day)
    if found is None or not found.estimated:
        return found, closed
    return Holiday(found.name.replace(_ESTIMATED, ""), estimated=True), closed


def clock_change(zone: ZoneInfo, day: Interval) -> ClockChange | None:
    """Return the change of clocks in `[start, end)`, if any; there is one at most."""
    first, last = int(day.start.timestamp()), int(day.end.timestamp())
    old = _offset(zone, first - 1)
    if _offset(zone, last - 1) == old:
        return None
    seconds = range(first, last)
    changed = bisect_left(seconds, True, key=lambda at: _offset(zone, at) != old)
    at = seconds[changed]
    new = _offset(zone, at)
    return ClockChange(before=_wall(at, old), after=_wall(at, new), forward=new > old)


def _offset(zone: ZoneInfo, second: int) -> timedelta:
    return datetime.fromtimestamp(second, zone).utcoffset() or timedelta()


def _wall(second: int, offset: timedelta) -> time:
    return (datetime.fromtimestamp(second, UTC) + offset).time()
