"""All times of one event of leave: as it repeats, less what was taken out or changed."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from typing import TypeAlias

from oncall.feeds.leave_event import DAY, LeaveEvent, Length, Moment, instant_of
from oncall.feeds.recurrence import walls
from rotations.shift import Interval

_Mark: TypeAlias = date
"""What tells one time of a series: its instant, or its day where only days are named."""


def taken(
    series: Sequence[LeaveEvent], start: datetime, end: datetime
) -> Iterator[Interval]:
    """Yield when somebody is away by the events of one UID, near `[start, end)` at least.

    ValueError for rules that cannot be played.
    """
    changes = [event for event in series if event.stands_for is not None]
    cores = [event for event in series if event.stands_for is None]
    newest = max(map(_SEQUENCE, cores), default=0)
    excluded: set[_Mark] = set()
    for core in cores:
        if core.sequence == newest:
            out = {_mark(moment, core) for moment in core.excluded}
            excluded |= out
            yield from _as_planned(core, changes, out, start, end)
    for change in _newest_each(changes, cores):
        if _stands_for(change, cores) in excluded or _is_stale(change, cores, newest):
            continue
        if change.away:
            yield _interval(change, change.start.wall, change.length)


def _as_planned(
    core: LeaveEvent,
    changes: Sequence[LeaveEvent],
    excluded: set[_Mark],
    start: datetime,
    end: datetime,
) -> Iterator[Interval]:
    """Yield the times of a series for which no change speaks itself."""
    changed = {_stands_for(change, [core]) for change in changes}
    later = sorted(
        (change for change in changes if change.and_later),
        key=lambda change: _begins(change, core),
    )
    own_lengths = {extra.start.wall: extra.length for extra in core.extra}
    reach = max((_reach(change, core) for change in later), default=timedelta())
    for wall in walls(core, start - reach, end + reach):
        at = instant_of(wall, core.zone)
        if not {at, wall.date()}.isdisjoint(excluded | changed):
            continue
        shape, moved = core, timedelta()
        for change in later:
            if _begins(change, core) < at:
                shape, moved = change, _moved(change)
        if shape.away:
            length = own_lengths.get(wall) or shape.length
            yield _interval(shape, wall + moved, length)


def _interval(event: LeaveEvent, wall: datetime, length: Length) -> Interval:
    """Return a time; one that is written the wrong way round is turned."""
    start, end = instant_of(wall, event.zone), length.end(wall, event.zone)
    return Interval(start=min(start, end), end=max(start, end))


def _mark(moment: Moment, core: LeaveEvent) -> _Mark:
    """Return what a date or time of EXDATE or RECURRENCE-ID means in a series."""
    if core.start.whole_day or moment.whole_day:
        return moment.day(core.zone)
    return moment.at(core.zone)


def _stands_for(change: LeaveEvent, cores: Sequence[LeaveEvent]) -> _Mark | None:
    if change.stands_for is None:
        return None
    return _mark(change.stands_for, cores[0] if cores else change)


def _newest_each(
    changes: Sequence[LeaveEvent], cores: Sequence[LeaveEvent]
) -> Iterator[LeaveEvent]:
    """Yield the newest change of each time."""
    latest: dict[_Mark | None, LeaveEvent] = {}
    for change in sorted(changes, key=_SEQUENCE):
        latest[_stands_for(change, cores)] = change
    yield from latest.values()


def _is_stale(change: LeaveEvent, cores: Sequence[LeaveEvent], newest: int) -> bool:
    """Tell whether a change is older than its series, which has not that time now."""
    if not cores or not change.rules or change.sequence >= newest:
        return False
    at = _begins(change, cores[0])
    there = (
        instant_of(wall, core.zone)
        for core in cores
        if core.sequence == newest
        for wall in walls(core, at, at + DAY)
    )
    return at not in there


def _begins(change: LeaveEvent, core: LeaveEvent) -> datetime:
    if change.stands_for is None:
        return datetime.max.replace(tzinfo=UTC)
    return change.stands_for.at(core.zone)


def _moved(change: LeaveEvent) -> timedelta:
    """Return by how much a change of all later times moves them, by the wall."""
    if change.stands_for is None:
        return timedelta()
    return change.start.wall - change.stands_for.wall


def _reach(change: LeaveEvent, core: LeaveEvent) -> timedelta:
    return abs(_moved(change)) + change.length.about + core.length.about


_SEQUENCE = attrgetter("sequence")
