"""Cut time into segments in which the same slots hold, and join what belongs together."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple, Protocol, TypeAlias

from rotations.rotation import Slot
from rotations.shift import Because, Shift
from rotations.standing import Standing

# Person, layer, reason and slot start: while they stay, so does the shift.
_Holding: TypeAlias = tuple[str, int, Because, datetime]


class Segment(NamedTuple):
    """`[start, end)` with the slots of all of it."""

    start: datetime
    end: datetime
    slots: tuple[Slot, ...]


class Piece(NamedTuple):
    """`[start, end)` with the places of all of it."""

    start: datetime
    end: datetime
    places: tuple[Standing, ...]


class Part(Protocol):
    """Some time `[start, end)` whose shifts are known."""

    @property
    def start(self) -> datetime:
        """When it begins."""

    @property
    def end(self) -> datetime:
        """When it is over."""

    def shifts(self) -> Sequence[Shift]:
        """Return the shifts, clipped to the part."""


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
    layers: Iterable[Iterator[Slot]], start: datetime, end: datetime
) -> Iterator[Segment]:
    """Yield the segments of `[start, end)`, none of them left out."""
    lanes = [_Lane(slots) for slots in layers]
    while start < end:
        cut = end
        current: list[Slot] = []
        for lane in lanes:
            slot, cut = lane.at(start, cut)
            if slot is not None:
                current.append(slot)
        yield Segment(start, cut, tuple(current))
        start = cut


def joined(pieces: Iterable[Piece]) -> Iterator[Shift]:
    """Yield shifts, each as long as one person stands in one slot for one reason.

    They come in the order of their ends.
    """
    running: dict[_Holding, datetime] = {}
    at: datetime | None = None
    for begins, ends, places in pieces:
        held = {_holding(p): begins for p in places if p.person is not None}
        for holding, start in running.items():
            if holding in held:
                held[holding] = start
            else:
                yield _shift(holding, start, begins)
        running = held
        at = ends
    if at is not None:
        for holding, start in running.items():
            yield _shift(holding, start, at)


def stitched(parts: Iterable[Part]) -> list[Shift]:
    """Return the shifts of parts that follow each other; one across a seam is one."""
    whole: list[Shift] = []
    # Where in `whole` the shifts are that end with the part before.
    ended: dict[_Holding, int] = {}
    for part in parts:
        ends: dict[_Holding, int] = {}
        start, end = part.start, part.end
        for shift in part.shifts():
            index = ended.get(_identity(shift)) if shift.start == start else None
            if index is None or whole[index].end != shift.start:
                index = len(whole)
                whole.append(shift)
            else:
                whole[index] = replace(whole[index], end=shift.end)
            if shift.end == end:
                ends[_identity(shift)] = index
        ended = ends
    return whole


def _holding(place: Standing) -> _Holding:
    return place.person or "", place.layer, place.because, place.slot_start


def _identity(shift: Shift) -> _Holding:
    return shift.person, shift.layer, shift.because, shift.slot_start


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
