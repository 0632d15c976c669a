"""What a rotation comes to without exceptions, worked out a month at a time.

Months (UTC) are remembered by the values they rest on, so that asking again costs only
what exceptions change in them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from itertools import accumulate
from operator import attrgetter
from typing import NamedTuple

from rotations.exception import CALM, InForce
from rotations.revision import Chain
from rotations.rotation import Slot, slots
from rotations.shift import Shift
from rotations.standing import Standing, following, standings
from rotations.sweep import Piece, Segment, joined, segments
from rotations.window import Desk

_START = attrgetter("start")
_MORE_THAN_A_MONTH = timedelta(days=31)


class Month(NamedTuple):
    """A calendar month of one chain: all its segments, and its places and shifts.

    `pieces` are the segments' places while nothing is out of turn; both begin at
    `cuts`. `shifts` begin at `starts`, in order; `latest` is the latest end among each
    and those before it.
    """

    cuts: tuple[datetime, ...]
    segments: tuple[Segment, ...]
    pieces: tuple[Piece, ...]
    starts: tuple[datetime, ...]
    shifts: tuple[Shift, ...]
    latest: tuple[datetime, ...]

    def within(self, start: datetime, end: datetime) -> slice:
        """Return which segments and pieces reach into `[start, end)`."""
        return slice(bisect_right(self.cuts, start) - 1, bisect_left(self.cuts, end))


class Stretch(NamedTuple):
    """`[start, end)` of one month in which the same exceptions act."""

    start: datetime
    end: datetime
    chain: Chain
    month: Month
    force: InForce

    def pieces(self) -> Iterator[Piece]:
        """Yield the places of each segment in turn."""
        within = self.month.within(self.start, self.end)
        if self.force.calm:
            for start, end, places in self.month.pieces[within]:
                yield Piece(max(start, self.start), min(end, self.end), places)
            return
        for start, end, held in self.month.segments[within]:
            places = places_of(self.chain, held, self.force)
            yield Piece(max(start, self.start), min(end, self.end), places)

    def shifts(self) -> list[Shift]:
        """Return the shifts, clipped: as planned where nothing is out of turn."""
        if not self.force.calm:
            return list(joined(self.pieces()))
        # Before the first no shift ends late enough.
        first = bisect_right(self.month.latest, self.start)
        last = bisect_left(self.month.starts, self.end)
        return [
            shift.clipped(self.start, self.end)
            for shift in self.month.shifts[first:last]
            if shift.end > self.start
        ]


def by_months(
    start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime, datetime]]:
    """Cut `[start, end)` where a month (UTC) begins; yield (month, start, end)."""
    while start < end:
        month = datetime(start.year, start.month, 1, tzinfo=UTC)
        following = _next_month(month)
        yield month, start, min(following, end)
        start = following


@lru_cache(maxsize=256)
def planned(chain: Chain, desk: Desk) -> Callable[[datetime], Month]:
    """Return what gives a month by its first instant, and remembers years of them."""
    return lru_cache(maxsize=60)(partial(_month, chain, desk))


def _month(chain: Chain, desk: Desk, start: datetime) -> Month:
    end = _next_month(start)
    layers = [
        slots(layer, number, desk, start, end)
        for number, layer in enumerate(chain[0].layers if chain else ())
    ]
    held = tuple(segments(layers, start, end))
    pieces = tuple(
        Piece(segment.start, segment.end, places_of(chain, segment.slots, CALM))
        for segment in held
    )
    shifts = tuple(sorted(joined(pieces), key=_START))
    latest = tuple(accumulate((shift.end for shift in shifts), max))
    cuts, starts = (tuple(map(_START, timed)) for timed in (held, shifts))
    return Month(cuts, held, pieces, starts, shifts, latest)


def places_of(
    chain: Chain, held: Sequence[Slot], force: InForce
) -> tuple[Standing, ...]:
    """Return the places of the last of a chain; `held` are the slots of the first."""
    if not chain:
        return ()
    root, *followers = chain
    places = standings(root, held, force)
    busy = frozenset[str]()
    for rotation in followers:
        busy |= {place.person for place in places if place.person is not None}
        if rotation.follows is not None:
            places = following(rotation, rotation.follows, places, busy, force)
    return places


def _next_month(month: datetime) -> datetime:
    return (month + _MORE_THAN_A_MONTH).replace(day=1)
