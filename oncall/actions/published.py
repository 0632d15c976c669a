"""Shifts as calendars see them, and how what was published follows what is true."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from oncall.actions.house import View
from oncall.feeds import uid
from oncall.store import Tx, calendars
from oncall.store.calendars import Slot
from rotations.shift import Shift

PAST = timedelta(days=30)
FUTURE = timedelta(days=180)
MARGIN = timedelta(days=100)
"""Beyond the window, so that no shift in it is cut at an edge that moves each day."""
TOMBSTONE = timedelta(days=60)
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)
NOBODY = ""
"""The person of a gap."""

Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What calendars show now (`slots`), what was changed for it, and what was before."""

    slots: tuple[Slot, ...]
    changes: tuple[Slot, ...]
    before: Mapping[str, Slot]


def publish(
    tx: Tx, view: View, rotation: str, window: Window, now: datetime, *, gaps: bool
) -> Published:
    """Bring what is published in line with what is true.

    What is over is left as it was published. Nothing is written when nothing changed.
    """
    find = _gaps if gaps else _shifts
    true = list(find(view, rotation, window, now))
    start, end = window
    published = {
        slot.uid: slot
        for slot in calendars.slots(tx, start, end, rotations=[rotation])
        if (slot.person == NOBODY) == gaps
    }
    changes = {slot.uid: slot for slot in _changes(true, published, now)}
    calendars.add_slots(tx, [s for s in changes.values() if s.uid not in published])
    calendars.revise_slots(tx, [s for s in changes.values() if s.uid in published])
    latest = (published | changes).values()
    return Published(
        slots=tuple(slot for slot in latest if not _forgotten(slot, now)),
        changes=tuple(changes.values()),
        before=published,
    )


def window(now: datetime) -> Window:
    """Return the span a calendar shows; it moves once a day, at midnight UTC."""
    midnight = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    return midnight - PAST, midnight + FUTURE


def _changes(
    true: Sequence[Slot], published: Mapping[str, Slot], now: datetime
) -> Iterator[Slot]:
    """Return what must be written: new slots, revised ones, and tombstones."""
    for slot in true:
        before = published.get(slot.uid)
        if before is None:
            yield slot
        elif slot.end_at > now and not _same(slot, before):
            yield replace(slot, sequence=before.sequence + 1)
    held = {slot.uid for slot in true}
    for slot in published.values():
        if slot.uid not in held and slot.end_at > now and slot.cancelled_at is None:
            yield replace(
                slot, sequence=slot.sequence + 1, revised_at=now, cancelled_at=now
            )


def _same(one: Slot, other: Slot) -> bool:
    """Tell whether two slots say the same; a tombstone says something else."""
    return one == replace(other, sequence=one.sequence, revised_at=one.revised_at)


def _forgotten(slot: Slot, now: datetime) -> bool:
    return slot.cancelled_at is not None and slot.cancelled_at < now - TOMBSTONE


def _shifts(view: View, rotation: str, window: Window, now: datetime) -> Iterator[Slot]:
    start, end = window
    shifts = view.roster.shifts_between(rotation, start - MARGIN, end + MARGIN)
    leaving, coming = _neighbours(view, shifts)
    seen: set[str] = set()
    for shift in shifts:
        if shift.end <= start or shift.start >= end:
            continue
        key = uid(rotation, shift.layer, shift.slot_start, shift.person)
        if key in seen:  # an exception cut the slot in two: the later part is its own
            key = uid(rotation, shift.layer, shift.start, shift.person)
        seen.add(key)
        yield Slot(
            uid=key,
            rotation=rotation,
            person=shift.person,
            start_at=shift.start,
            end_at=shift.end,
            because=shift.because,
            title=view.roster.rotations[rotation].title,
            name=view.name_of(shift.person),
            revised_at=now,
            before=leaving.get(shift.start, ""),
            after=coming.get(shift.end, ""),
            call=_call(view, rotation, shift.start),
        )


def _neighbours(
    view: View, shifts: Sequence[Shift]
) -> tuple[dict[datetime, str], dict[datetime, str]]:
    """Return the names of those who leave and who come, by the instant they do."""
    leaving: dict[datetime, list[str]] = {}
    coming: dict[datetime, list[str]] = {}
    for shift in shifts:
        leaving.setdefault(shift.end, []).append(view.name_of(shift.person))
        coming.setdefault(shift.start, []).append(view.name_of(shift.person))
    return (
        {at: ", ".join(names) for at, names in leaving.items()},
        {at: ", ".join(names) for at, names in coming.items()},
    )


def _call(view: View, rotation: str, at: datetime) -> str:
    """Return whom to call for help: who stands behind this rotation at that time."""
    behind = [
        name
        for name, other in view.roster.rotations.items()
        if other.follows is not None and other.follows.rotation == rotation
    ]
    people = [
        view.config.people[person]
        for name in behind
        for person in view.roster.who_is_on_call(name, at).people
        if person in view.config.people
    ]
    return ", ".join(f"{person.name} {person.phone or ''}".strip() for person in people)


def _gaps(view: View, rotation: str, window: Window, now: datetime) -> Iterator[Slot]:
    start, end = window
    edge = start - MARGIN
    for gap in view.roster.gaps(rotation, edge, end + MARGIN):
        if gap.end <= start or gap.start >= end:
            continue
        known_start = gap.start if gap.start > edge else BEFORE_ALL
        yield Slot(
            uid=uid(rotation, 0, known_start, NOBODY),
            rotation=rotation,
            person=NOBODY,
            start_at=gap.start,
            end_at=gap.end,
            because="gap",
            title=view.roster.rotations[rotation].title,
            name="",
            revised_at=now,
        )
