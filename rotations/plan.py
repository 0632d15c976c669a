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
from typing import NamedTuple, TypeVar

from rotations.exception import CALM, InForce
from rotations.revision import Chain
from rotations.rotation import Slot, slots
from rotations.shift import Shift
from rotations.standing import Standing, following, standings
from rotations.sweep import Piece, Segment, joined, segments
from rotations.window import Desk

_START = attrgetter("start")
_MORE_THAN_A_MONTH = timedelta(days=31)
_Timed = TypeVar("_Timed", Segment, Piece)


class Month(NamedTuple):
    """A calendar month of one chain: all its segments, and its places and shifts.

    `pieces` are the segments' places while nothing is out of turn. `shifts` are by
    start; `latest` is the latest end among each and those before it.
    """

    segments: tuple[Segment, ...]
    pieces: tuple[Piece, ...]
    shifts: tuple[Shift, ...]
    latest: tuple[datetime, ...]


class Stretch(NamedTuple):
    """`[start, end)` of one month in which the same exceptions act."""

    start: datetime
    end: datetime
    chain: Chain
    month: Month
    force: InForce

    def pieces(self) -> Iterator[Piece]:
        """Yield the places of each segment in turn."""
        if self.force.calm:
            for start, end, places in _within(self.month.pieces, self.start, self.end):
                yield Piece(max(start, self.start), min(end, self.end), places)
            return
        for start, end, held in _within(self.month.segments, self.start, self.end):
            places = places_of(self.chain, held, self.force)
            yield Piece(max(start, self.start), min(end, self.end), places)

    def shifts(self) -> list[Shift]:
        """Return the shifts, clipped: as planned where nothing is out of turn."""
        if not self.force.calm:
            return list(joined(self.pieces()))
        # Before the first no shift ends late enough.
        first = bisect_right(self.month.latest, self.start)
        last = bisect_left(self.month.shifts, self.end, key=_START)
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
    return Month(held, pieces, shifts, latest)


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


def _within(
    timed: Sequence[_Timed], start: datetime, end: datetime
) -> Sequence[_Timed]:
    """Return those of a gapless sequence that reach into `[start, end)`."""
    first = bisect_right(timed, start, key=_START) - 1
    return timed[first : bisect_left(timed, end, key=_START)]


def _next_month(month: datetime) -> datetime:
    return (month + _MORE_THAN_A_MONTH).replace(day=1)
