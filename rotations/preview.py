"""Whose shifts appear, move or vanish when one roster takes the place of another."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import attrgetter

from rotations.coverage import Roster
from rotations.shift import Shift


class ChangeKind(StrEnum):
    """What becomes of a shift."""

    APPEARS = "appears"
    MOVES = "moves"
    VANISHES = "vanishes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One shift of `person` that is not as it was: `old` and `new`, clipped, UTC.

    One that appears has no `old`, one that vanishes no `new`.
    """

    kind: ChangeKind
    rotation: str
    person: str
    old: Shift | None
    new: Shift | None

    @property
    def start(self) -> datetime:
        """When it first makes a difference."""
        return min(shift.start for shift in (self.old, self.new) if shift is not None)


def preview(
    before: Roster, after: Roster, start: datetime, end: datetime
) -> tuple[Change, ...]:
    """Return what changes in `[start, end)`, by rotation, time and person.

    The same person at the same time is no change, for whatever reason. A shift moves
    when the same person has one of the same slot, or one that shares time with it.
    """
    changes: list[Change] = []
    for rotation in sorted(before.known_rotations | after.known_rotations):
        olds, news = (_shifts(r, rotation, start, end) for r in (before, after))
        same = set(map(_time, olds)) & set(map(_time, news))
        gone = [shift for shift in olds if _time(shift) not in same]
        come = [shift for shift in news if _time(shift) not in same]
        found = _changes(rotation, gone, come)
        changes += sorted(found, key=attrgetter("start", "person", "kind"))
    return tuple(changes)


def _shifts(
    roster: Roster, rotation: str, start: datetime, end: datetime
) -> tuple[Shift, ...]:
    if rotation not in roster.known_rotations:
        return ()
    return roster.shifts_between(rotation, start, end)


def _time(shift: Shift) -> tuple[str, datetime, datetime]:
    return shift.person, shift.start, shift.end


def _changes(
    rotation: str, gone: Iterable[Shift], come: Iterable[Shift]
) -> Iterator[Change]:
    left: dict[str, list[Shift]] = {}
    for shift in come:
        left.setdefault(shift.person, []).append(shift)
    for old in gone:
        candidates = left.get(old.person, [])
        new = next((shift for shift in candidates if _is_akin(old, shift)), None)
        if new is not None:
            candidates.remove(new)
        yield _change(rotation, old.person, old, new)
    for person, shifts in left.items():
        for new in shifts:
            yield _change(rotation, person, None, new)


def _is_akin(old: Shift, new: Shift) -> bool:
    same_slot = (old.layer, old.slot_start) == (new.layer, new.slot_start)
    return same_slot or (old.start < new.end and new.start < old.end)


def _change(rotation: str, person: str, old: Shift | None, new: Shift | None) -> Change:
    kind = ChangeKind.MOVES
    if old is None:
        kind = ChangeKind.APPEARS
    elif new is None:
        kind = ChangeKind.VANISHES
    return Change(kind=kind, rotation=rotation, person=person, old=old, new=new)
