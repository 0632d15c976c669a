"""What is said of a day beside who is on call."""

from collections.abc import Iterator

from oncall.rota.dates import Pen
from oncall.rota.sheet import ClockChange, Day
from rotations.shift import Interval


def notes(pen: Pen, day: Day) -> Iterator[str]:
    """Yield all that is particular about a day."""
    if day.clock_change:
        yield clocks(pen, day.clock_change)
    if named := holiday(pen, day):
        yield named
    if day.weekend:
        yield weekend(pen, day, day.weekend)


def clocks(pen: Pen, change: ClockChange) -> str:
    """Say how clocks are put."""
    said = pen.words.clock_forward if change.forward else pen.words.clock_back
    return said.format(before=pen.clock(change.before), after=pen.clock(change.after))


def holiday(pen: Pen, day: Day) -> str:
    """Return the day's holiday or day off; estimates are said to be. May be empty."""
    found = day.holiday
    if found is None:
        return pen.words.day_off if day.closed else ""
    return f"{found.name} ({pen.words.estimated})" if found.estimated else found.name


def weekend(pen: Pen, day: Day, rest: Interval) -> str:
    """Say what part of a day is weekend."""
    if rest.start > day.whole.start:
        return pen.words.weekend_from.format(at=pen.at(rest.start))
    if rest.end < day.whole.end:
        return pen.words.weekend_until.format(at=pen.at(rest.end))
    return pen.words.weekend
