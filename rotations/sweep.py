"""Cut time into segments in which nothing changes, as far ahead as is asked for."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, TypeAlias

from rotations.exception import InForce
from rotations.rotation import Slot
from rotations.shift import Because, Shift
from rotations.standing import Standing

# Person, layer, reason and slot start: while they stay, so does the shift.
_Holding: TypeAlias = tuple[str, int, Because, datetime]


class Segment(NamedTuple):
    """`[start, end)` with the slots and exceptions of all of it."""

    start: datetime
    end: datetime
    slots: tuple[Slot, ...]
    force: InForce


class _Lane:
    """The slots of one layer, gone along once: they are in order and apart."""

    def __init__(self, slots: Iterator[Slot]) -> None:
        self._slots = slots
        self._next = next(slots, None)

    def at(self, at: datetime, cut: datetime) -> tuple[Slot | None, datetime]:
        """Return the slot of the instant, and when that changes or `cut` before it.

        Each call must be at an instant not before the last and not past its change.
        """
        slot = self._next
        if slot is not None and slot.end <= at:
            slot = self._next = next(self._slots, None)
        if slot is None:
            return None, cut
        if slot.start > at:
            return None, min(cut, slot.start)
        return slot, min(cut, slot.end)


def segments(
    layers: Iterable[Iterator[Slot]],
    forces: Iterator[InForce],
    start: datetime,
    end: datetime,
) -> Iterator[Segment]:
    """Yield the segments of `[start, end)`; the first of `forces` is since `start`."""
    lanes = [_Lane(slots) for slots in layers]
    force, upcoming = InForce(since=start), next(forces, None)
    while start < end:
        if upcoming is not None and upcoming.since <= start:
            force, upcoming = upcoming, next(forces, None)
        cut = end if upcoming is None else upcoming.since
        current: list[Slot] = []
        for lane in lanes:
            slot, cut = lane.at(start, cut)
            if slot is not None:
                current.append(slot)
        yield Segment(start, cut, tuple(current), force)
        start = cut


def joined(
    pieces: Iterable[tuple[Segment, Sequence[Standing]]],
) -> Iterator[Shift]:
    """Yield shifts, each as long as one person stands in one slot for one reason.

    They come in the order of their ends.
    """
    running: dict[_Holding, datetime] = {}
    at: datetime | None = None
    for segment, places in pieces:
        held = {_holding(p): segment.start for p in places if p.person is not None}
        for holding, start in running.items():
            if holding in held:
                held[holding] = start
            else:
                yield _shift(holding, start, segment.start)
        running = held
        at = segment.end
    if at is not None:
        for holding, start in running.items():
            yield _shift(holding, start, at)


def _holding(place: Standing) -> _Holding:
    return place.person or "", place.layer, place.because, place.slot_start


def _shift(holding: _Holding, start: datetime, end: datetime) -> Shift:
    person, layer, because, slot_start = holding
    return Shift(
        person=person,
        start=start,
        end=end,
        layer=layer,
        because=because,
        slot_start=slot_start,
    )
