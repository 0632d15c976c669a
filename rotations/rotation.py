"""Ring × cadence × windows: who is on turn when, before any exception."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rotations.block import block_number, block_start, covered
from rotations.cadence import Cadence, Turn, Unit, instant
from rotations.shift import Interval
from rotations.window import Desk, Window


class WhenAbsent(StrEnum):
    """What becomes of a turn whose person is away."""

    NEXT = "next"
    GAP = "gap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A ring of turns. People of one entry of `ring` are on call together.

    `starts` is the first handoff in naive wall time of `zone`. Without `windows` the
    layer covers always. Where layers cover the same time the highest `priority` wins;
    equal ones are on call together.

    Turn `k` is that of entry `k + phase` of the ring. Nobody writes a phase: it is set
    where a definition is revised, so that a ring with other people in it goes on after
    whoever was on call last.
    """

    ring: tuple[tuple[str, ...], ...]
    turn: Turn
    starts: datetime
    zone: ZoneInfo
    windows: tuple[Window, ...] = ()
    priority: int = 0
    phase: int = 0


@dataclass(frozen=True, slots=True)
class Follow:
    """The one who is `by` places after the person on call in `rotation`."""

    rotation: str
    by: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """People taking turns: by layers, lowest first, or following another rotation.

    `handover` is the checklist of a handoff.
    """

    id: str
    title: str
    layers: tuple[Layer, ...] = ()
    follows: Follow | None = None
    when_absent: WhenAbsent = WhenAbsent.NEXT
    handover: tuple[str, ...] = ()


class Slot(NamedTuple):
    """One covered stretch of one turn: entry `position` of `ring` is due.

    `layer` is the layer's place in the rotation. `start` is as planned; `end` may be
    cut to the time that was asked for.
    """

    layer: int
    priority: int
    ring: tuple[tuple[str, ...], ...]
    position: int
    start: datetime
    end: datetime


def slots(
    layer: Layer, number: int, desk: Desk, start: datetime, end: datetime
) -> Iterator[Slot]:
    """Yield the slots of layer `number` that reach into `[start, end)`, in order."""
    ring, priority, phase = layer.ring, layer.priority, layer.phase
    for turn, begins, ends in turns(layer, desk, start, end):
        position = (turn + phase) % len(ring)
        yield Slot(number, priority, ring, position, begins, ends)


def turns(
    layer: Layer, desk: Desk, start: datetime, end: datetime
) -> Iterator[tuple[int, datetime, datetime]]:
    """Yield (turn, start, end) of the covered parts of turns that reach into the time.

    Turns count from 0, the one that begins at the layer's first handoff. A ring of
    nobody has none.
    """
    if not layer.ring:
        return
    parts = _counted if layer.turn.unit is Unit.WINDOWS else _timed
    for turn, begins, ends in parts(layer, desk, start, end):
        if ends > start:
            yield turn, begins, ends


def _timed(
    layer: Layer, desk: Desk, start: datetime, end: datetime
) -> Iterator[tuple[int, datetime, datetime]]:
    """Yield (turn, start, end) of the covered parts of turns of a fixed length."""
    cadence = Cadence(turn=layer.turn, starts=layer.starts, zone=layer.zone)
    first = max(0, cadence.number_at(start))
    turns = cadence.turns(first, end)
    if layer.windows:
        since = cadence.handoff(first)
        blocks = covered(layer.windows, desk, layer.zone, since, end)
        return _covered_parts(turns, blocks)
    return turns


def _covered_parts(
    turns: Iterator[tuple[int, datetime, datetime]], blocks: Sequence[Interval]
) -> Iterator[tuple[int, datetime, datetime]]:
    index = 0
    for number, start, end in turns:
        while index < len(blocks) and blocks[index].end <= start:
            index += 1
        within = index
        while within < len(blocks) and blocks[within].start < end:
            block = blocks[within]
            yield number, max(start, block.start), min(end, block.end)
            within += 1


def _counted(
    layer: Layer, desk: Desk, start: datetime, end: datetime
) -> Iterator[tuple[int, datetime, datetime]]:
    """Yield (turn, start, end) of turns that are a number of covered blocks.

    A block that is under way when the ring starts counts from there.
    """
    windows, zone = layer.windows, layer.zone
    begins = instant(layer.starts, zone)
    blocks = covered(windows, desk, zone, max(begins, start), end)
    if not blocks:
        return
    head, passed = begins, 0
    if windows:
        head = block_start(windows, desk, zone, blocks[0].start, begins)
        passed = block_number(windows, desk, zone, begins, head)
    for number, block in enumerate(blocks, passed):
        first = head if number == passed else block.start
        yield number // layer.turn.count, first, block.end
