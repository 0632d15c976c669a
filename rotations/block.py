"""The covered blocks of several windows together, found without walking history.

Windows are turned into intervals a calendar year (UTC) at a time and remembered, so
that asking again costs little. A block that runs across New Year lies in two years.
"""

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from zoneinfo import ZoneInfo

from rotations.shift import Interval, clip, merge
from rotations.window import Desk, Window, intervals

_START, _END = attrgetter("start"), attrgetter("end")


def covered(
    windows: tuple[Window, ...],
    desk: Desk,
    zone: ZoneInfo,
    start: datetime,
    end: datetime,
) -> tuple[Interval, ...]:
    """Return when any of `windows` holds in `[start, end)`, merged; none is always."""
    if not windows:
        return clip([Interval(start=start, end=end)], start, end)
    blocks: list[Interval] = []
    for year in range(start.year, end.year + 1):
        parts = _year(windows, desk, zone, year)
        if blocks and parts and blocks[-1].end == parts[0].start:
            blocks[-1] = Interval(start=blocks[-1].start, end=parts[0].end)
            parts = parts[1:]
        blocks.extend(parts)
    first = bisect_right(blocks, start, key=_END)
    last = bisect_left(blocks, end, key=_START)
    return clip(blocks[first:last], start, end)


def block_start(
    windows: tuple[Window, ...],
    desk: Desk,
    zone: ZoneInfo,
    at: datetime,
    since: datetime,
) -> datetime:
    """Return when the block around `at` begins, not before `since`; else `at`."""
    start = at
    for year in range(at.year, since.year - 1, -1):
        parts = _year(windows, desk, zone, year)
        index = bisect_left(parts, start, key=_END)
        if index == len(parts) or parts[index].start > start:
            break
        start = parts[index].start
        if start != _new_year(year):
            break
    return max(start, since)


def block_number(
    windows: tuple[Window, ...],
    desk: Desk,
    zone: ZoneInfo,
    since: datetime,
    start: datetime,
) -> int:
    """Count the blocks before the one that begins at `start`, from `since` on.

    A block that is under way at `since` counts as the first.
    """
    if start == since:
        return 0
    moment = since + timedelta.resolution
    covers = len(covered(windows, desk, zone, since, moment))
    under_way = covers - _begun(windows, desk, zone, since, moment)
    return under_way + _begun(windows, desk, zone, since, start)


def _begun(
    windows: tuple[Window, ...],
    desk: Desk,
    zone: ZoneInfo,
    since: datetime,
    until: datetime,
) -> int:
    """Count the blocks that begin in `[since, until)`."""
    before, after = (
        _begun_before_year(windows, desk, zone, since.year, at.year)
        + _begun_in_year(windows, desk, zone, at.year, at)
        for at in (since, until)
    )
    return after - before


@lru_cache(maxsize=1024)
def _year(
    windows: tuple[Window, ...], desk: Desk, zone: ZoneInfo, year: int
) -> tuple[Interval, ...]:
    start, end = _new_year(year), _new_year(year + 1)
    return merge(
        part for window in windows for part in intervals(window, desk, zone, start, end)
    )


@lru_cache(maxsize=1024)
def _begun_before_year(
    windows: tuple[Window, ...], desk: Desk, zone: ZoneInfo, first: int, year: int
) -> int:
    """Count the blocks that begin in the years from `first` until `year`."""
    if year <= first:
        return 0
    before = _begun_before_year(windows, desk, zone, first, year - 1)
    return before + _begun_in_year(windows, desk, zone, year - 1, _new_year(year))


def _begun_in_year(
    windows: tuple[Window, ...],
    desk: Desk,
    zone: ZoneInfo,
    year: int,
    until: datetime,
) -> int:
    """Count the blocks that begin in `year` and before `until`."""
    parts = _year(windows, desk, zone, year)
    begun = bisect_left(parts, until, key=_START)
    if not begun or parts[0].start != _new_year(year):
        return begun
    earlier = _year(windows, desk, zone, year - 1)
    runs_on = bool(earlier) and earlier[-1].end == parts[0].start
    return begun - runs_on


def _new_year(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=UTC)
