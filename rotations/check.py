"""What people should know about a roster before it surprises them, as values."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from rotations.cadence import Cadence, ClockChange, Unit, clock_change, instant
from rotations.coverage import Roster
from rotations.exception import Exceptions
from rotations.revision import Chronicle
from rotations.rotation import Layer, slots
from rotations.week import Weekly, weekly_walls

A_YEAR = timedelta(days=365)


class FindingKind(StrEnum):
    """What sort of thing was found."""

    GAP = "gap"
    CLOCK_CHANGE = "clock_change"
    CYCLE = "cycle"
    NEVER_SERVES = "never_serves"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found in a rotation, UTC; `detail` is a sentence for people.

    A gap lasts from `start` to `end`. For a handoff that a clock change moves or
    repeats both are the instant at which it happens. For a cycle, and for people who
    never serve, they are the ends of the time looked at.
    """

    kind: FindingKind
    rotation: str
    start: datetime
    end: datetime
    detail: str


def check(roster: Roster, start: datetime, end: datetime) -> tuple[Finding, ...]:
    """Return everything found for `[start, end)`, by rotation.

    A rotation that follows an unknown one is left to the configuration to report.
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    found: list[Finding] = []
    for rotation_id in sorted(roster.rotations):
        leads_to = _end_of_chain(roster, rotation_id)
        if leads_to is None:
            found += _gaps(roster, rotation_id, start, end)
            found += _clock_changes(roster, rotation_id, start, end)
            found += _idle(roster, rotation_id, start)
        elif leads_to in roster.rotations:
            found.append(_cycle(rotation_id, leads_to, start, end))
    return tuple(found)


def _end_of_chain(roster: Roster, rotation_id: str) -> str | None:
    """Follow who follows whom: None at a ring, else the unknown or repeated one."""
    seen: set[str] = set()
    current: str | None = rotation_id
    while current is not None and current in roster.rotations:
        if current in seen:
            return current
        seen.add(current)
        follows = roster.rotations[current].follows
        current = follows.rotation if follows else None
    return current


def _cycle(rotation_id: str, again: str, start: datetime, end: datetime) -> Finding:
    return Finding(
        kind=FindingKind.CYCLE,
        rotation=rotation_id,
        start=start,
        end=end,
        detail=f"following leads back to {again!r}; give one of them people",
    )


def _gaps(
    roster: Roster, rotation_id: str, start: datetime, end: datetime
) -> Iterator[Finding]:
    for gap in roster.gaps(rotation_id, start, end):
        yield Finding(
            kind=FindingKind.GAP,
            rotation=rotation_id,
            start=gap.start,
            end=gap.end,
            detail="nobody is on call though the rotation covers this time",
        )


def _idle(roster: Roster, rotation_id: str, start: datetime) -> Iterator[Finding]:
    """Find people of a rotation's rings whose turn never comes within a year.

    As turns of half a day do in a window of half a day: it is always the same one's.
    """
    plan = replace(roster, exceptions=Exceptions(), history=Chronicle())
    end = start + A_YEAR
    serve = {shift.person for shift in plan.shifts_between(rotation_id, start, end)}
    layers = roster.rotations[rotation_id].layers
    people = dict.fromkeys(p for layer in layers for entry in layer.ring for p in entry)
    idle = [person for person in people if person not in serve]
    if serve and idle:
        yield Finding(
            kind=FindingKind.NEVER_SERVES,
            rotation=rotation_id,
            start=start,
            end=end,
            detail=f"it is never the turn of {', '.join(idle)} in the coming year",
        )


def _clock_changes(
    roster: Roster, rotation_id: str, start: datetime, end: datetime
) -> Iterator[Finding]:
    for number, layer in enumerate(roster.rotations[rotation_id].layers):
        edges = {
            edge
            for slot in slots(layer, number, roster.desk, start, end)
            for edge in (slot.start, slot.end)
        }
        for wall in sorted({*_handoffs(layer, start, end), *_edges(layer, start, end)}):
            at = instant(wall, layer.zone)
            last = instant(wall, layer.zone, last=True)
            change = clock_change(wall, layer.zone)
            if change is not None and start <= at < end and {at, last} & edges:
                yield _moved(rotation_id, change, wall, at, layer.zone)


def _moved(
    rotation_id: str, change: ClockChange, wall: datetime, at: datetime, zone: ZoneInfo
) -> Finding:
    planned = f"{wall:%Y-%m-%d %H:%M} in {zone.key}"
    if change is ClockChange.SKIPPED:
        becomes = f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
        detail = f"{planned} does not exist; the shift changes at {becomes}"
    else:
        detail = f"{planned} occurs twice; shifts start at the first, end at the last"
    return Finding(
        kind=FindingKind.CLOCK_CHANGE,
        rotation=rotation_id,
        start=at,
        end=at,
        detail=detail,
    )


def _handoffs(layer: Layer, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the planned walls of handoffs around `[start, end)`."""
    if layer.turn.unit is Unit.WINDOWS:
        return
    cadence = Cadence(turn=layer.turn, starts=layer.starts, zone=layer.zone)
    first = max(0, cadence.number_at(start))
    for number, _, _ in cadence.turns(first, end):
        yield cadence.wall(number)


def _edges(layer: Layer, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the planned walls of weekly windows around `[start, end)`."""
    for window in layer.windows:
        if isinstance(window, Weekly):
            for walls in weekly_walls(window, layer.zone, start, end):
                yield from walls
