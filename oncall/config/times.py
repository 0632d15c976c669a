"""How values of time are read: each reader returns the value or raises Unfit."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from escalation_policies.duration import parse_duration
from oncall.config.fields import text
from oncall.config.findings import Unfit
from oncall.config.zones import zone_named
from rotations.cadence import Turn, parse_turn
from rotations.week import Weekly
from rotations.window import Window, parse_window

Value = TypeVar("Value")

_MOMENT = (
    'write it as 2026-12-04T08:00:00, without quotes; an offset ("+03:30") may follow'
)
_WINDOWS = (
    'write days or spans such as "sat, sun", "fri 17:00 - mon 08:00", '
    '"daily 22:00-06:00", or "weekend", "holidays", "closed"'
)
_WEEK = 'write days or spans: "fri", "sat, sun", "thu 13:00 - sat 09:00"'
_YEARS = range(1970, 3000)
_LONGEST_WAIT = timedelta(days=366)
_LONGEST_KEPT = timedelta(days=36_525)
_LONGEST_TURN = 10_000


def zone(value: object) -> ZoneInfo:
    """Read a zone of the tz database: `Asia/Tehran`."""
    return zone_named(text(value))


def duration(value: object) -> timedelta:
    """Read a span such as `90s` or `1h30m`; zero is allowed."""
    return _bearable(_parsed(lambda words: parse_duration(words, zero=True), value))


def wait(value: object) -> timedelta:
    """Read a duration longer than nothing."""
    return _bearable(_parsed(parse_duration, value))


def retention(value: object) -> timedelta:
    """Read how long something is kept."""
    span: timedelta = _parsed(parse_duration, value)
    if span > _LONGEST_KEPT:
        msg = "is longer than a hundred years"
        raise Unfit(msg, "leave the key out to keep everything for ever")
    return span


def _bearable(span: timedelta) -> timedelta:
    if span > _LONGEST_WAIT:
        msg = "is longer than a year"
        raise Unfit(msg, "nobody waits so long: write a shorter duration")
    return span


def turn(value: object) -> Turn:
    """Read how long a turn is: `1 week`, `12 hours`, `1 window`."""
    length = _parsed(parse_turn, value)
    if length.count > _LONGEST_TURN:
        msg = f"is more than {_LONGEST_TURN} {length.unit}"
        raise Unfit(msg, "write a shorter turn")
    return length


def window(value: object) -> Window:
    """Read a part of the week or of the calendar: `sat, sun`, `holidays`."""
    return _parsed(parse_window, value, _WINDOWS)


def weekly(value: object) -> Weekly:
    """Read a part of the week, for saying what the weekend is."""
    part = _parsed(parse_window, value, _WEEK)
    if not isinstance(part, Weekly):
        msg = f'"{value}" is no part of the week'
        raise Unfit(msg, _WEEK)
    return part


def _parsed(parse: Callable[[str], Value], value: object, own_hint: str = "") -> Value:
    """Read by a parser of the rules, whose error says what is wrong; how to write it."""
    words = text(value)
    try:
        return parse(words)
    except ValueError as error:
        message, *hint = re.split(r"[;.] ", str(error), maxsplit=1)
    raise Unfit(message, own_hint or "".join(hint))


def moment(value: object) -> datetime:
    """Read a date and time, naive for wall time or with an offset."""
    if isinstance(value, datetime):
        _within_reach(value)
        return value
    if isinstance(value, date):
        msg = "is a day without a time of day"
        raise Unfit(msg, f"add the time: {value.isoformat()}T00:00:00")
    msg = "is not a date and time"
    raise Unfit(msg, _MOMENT)


def days(value: object) -> tuple[date, date]:
    """Read first and last day: `2027-03-21 - 2027-04-02`, or one day for both."""
    if isinstance(value, date) and not isinstance(value, datetime):
        _within_reach(value)
        return value, value
    words = text(value)
    first, _, last = words.partition(" - ")
    try:
        span = (
            date.fromisoformat(first.strip()),
            date.fromisoformat((last or first).strip()),
        )
    except ValueError:
        span = None
    if span is None:
        msg = f'"{words}" is neither a day nor a span of days'
        raise Unfit(msg, 'write it as "2027-03-21 - 2027-04-02"')
    if span[1] < span[0]:
        msg = f'"{words}" ends before it begins'
        raise Unfit(msg, "put the earlier day first")
    for end in span:
        _within_reach(end)
    return span


def _within_reach(day: date) -> None:
    """Keep clear of the ends of the calendar, where arithmetic on time breaks."""
    if day.year not in _YEARS:
        msg = f"lies in the year {day.year}"
        raise Unfit(msg, f"write one from {_YEARS[0]} to {_YEARS[-1]}")


def day(value: object) -> date:
    """Read one day."""
    first, last = days(value)
    if first != last:
        msg = "is more than one day"
        raise Unfit(msg, "list the days one by one")
    return first


def opening_hours(value: object) -> tuple[time, time]:
    """Read opening and closing time of a day: `09:00-17:00`."""
    words = text(value)
    opens, _, closes = words.partition("-")
    try:
        hours = time.fromisoformat(opens.strip()), time.fromisoformat(closes.strip())
    except ValueError:
        hours = None
    if hours is None or any(hour.tzinfo for hour in hours):
        msg = f'"{words}" are not opening hours'
        raise Unfit(msg, 'write them as "09:00-17:00"')
    return hours
