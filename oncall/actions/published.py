"""Shifts as calendars see them, and how what was published follows what is true."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from oncall.actions.house import View
from oncall.actions.same_event import settled
from oncall.actions.whole_shifts import whole_gaps, whole_shifts
from oncall.feeds import uid
from oncall.store import Tx, calendars
from oncall.store.calendars import NOBODY, Slot
from rotations.shift import Shift

PAST = timedelta(days=30)
FUTURE = timedelta(days=180)
TOMBSTONE = timedelta(days=60)
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)

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

    Nothing is written when nothing changed.
    """
    find = _gaps if gaps else _shifts
    start, end = window
    shown = {
        slot.uid: slot
        for slot in calendars.slots(
            tx, rotation, start, end, cancelled_since=now - TOMBSTONE
        )
        if (slot.person == NOBODY) == gaps
    }
    true = settled(find(tx, view, rotation, window, now), shown.values())
    # What comes back may have been taken away longer ago: its SEQUENCE goes on.
    again = {slot.uid for slot in true} - shown.keys()
    published = shown | {slot.uid: slot for slot in calendars.slots_by_uid(tx, again)}
    changes = {slot.uid: slot for slot in _changes(true, published, now)}
    calendars.add_slots(tx, [s for s in changes.values() if s.uid not in published])
    calendars.revise_slots(tx, [s for s in changes.values() if s.uid in published])
    latest = (published | changes).values()
    return Published(
        slots=tuple(slot for slot in latest if not _forgotten(slot, now)),
        changes=tuple(s for s in changes.values() if s.revised_at == now),
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
        elif not _same(slot, before, now):
            yield replace(slot, sequence=before.sequence + 1)
        elif before.slot is None:  # an older release's; to readers nothing changes
            yield replace(before, slot=slot.slot)
    held = {slot.uid for slot in true}
    for slot in published.values():
        if slot.uid not in held and slot.cancelled_at is None:
            yield replace(
                slot, sequence=slot.sequence + 1, revised_at=now, cancelled_at=now
            )


def _same(slot: Slot, before: Slot, now: datetime) -> bool:
    """Tell whether two slots say the same; a tombstone says something else.

    Of what is over only the time counts: that somebody is called otherwise now, or
    another would be called for help, is no reason to send it again.
    """
    if slot.end_at <= now and before.end_at <= now:
        return _when(slot) == _when(before)
    known = replace(slot, sequence=before.sequence, revised_at=before.revised_at)
    return replace(known, slot=before.slot) == before


def _when(slot: Slot) -> tuple[datetime, datetime, datetime | None]:
    return slot.start_at, slot.end_at, slot.cancelled_at


def _forgotten(slot: Slot, now: datetime) -> bool:
    return slot.cancelled_at is not None and slot.cancelled_at < now - TOMBSTONE


def _shifts(
    tx: Tx, view: View, rotation: str, window: Window, now: datetime
) -> Iterator[Slot]:
    start, end = window
    shifts = whole_shifts(tx, view, rotation, start, end)
    leaving, coming = _neighbours(view, shifts)
    seen: set[str] = set()
    for shift in shifts:
        slot = key = uid(rotation, shift.layer, shift.slot_start, shift.person)
        if slot in seen:  # an exception cut it: the later pieces are known by their own
            key = uid(rotation, shift.layer, shift.start, shift.person)
        seen.add(slot)
        if shift.end <= start or shift.start >= end:
            continue
        yield Slot(
            uid=key,
            rotation=rotation,
            person=shift.person,
            start_at=shift.start,
            end_at=shift.end,
            because=shift.because,
            title=_title(view, rotation),
            name=view.name_of(shift.person),
            revised_at=now,
            before=leaving.get(shift.start, ""),
            after=coming.get(shift.end, ""),
            call=_call(view, rotation, shift.start),
            slot=slot,
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


def _gaps(
    tx: Tx, view: View, rotation: str, window: Window, now: datetime
) -> Iterator[Slot]:
    for gap in whole_gaps(tx, view, rotation, *window):
        yield Slot(
            uid=uid(rotation, 0, gap.start, NOBODY),
            rotation=rotation,
            person=NOBODY,
            start_at=gap.start,
            end_at=gap.end,
            because="gap",
            title=_title(view, rotation),
            name="",
            revised_at=now,
            slot=uid(rotation, 0, BEFORE_ALL, NOBODY),
        )


def _title(view: View, rotation: str) -> str:
    return view.roster.rotations[rotation].title
