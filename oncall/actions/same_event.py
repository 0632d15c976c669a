"""Which shift is which event of a calendar: each keeps the UID that it was given.

A slot that exceptions cut has several events. Which piece is which is told by what was
published, as pieces may move, join and leave the window that calendars show.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from oncall.feeds import another
from oncall.store.calendars import NOBODY, Slot

_GROUP = attrgetter("slot")
_START = attrgetter("start_at", "uid")


def settled(true: Iterable[Slot], published: Iterable[Slot]) -> list[Slot]:
    """Return the true slots under the UIDs of the events that they are already.

    A slot whose event is new keeps the UID that it comes with, unless that is another
    piece's of the same slot.
    """
    true = list(true)
    known = _by_group(published, true)
    found: list[Slot] = []
    for group, slots in groupby(sorted(true, key=_GROUP), key=_GROUP):
        found += _settled(list(slots), known.get(group, []))
    return sorted(found, key=_START)


def _by_group(published: Iterable[Slot], true: Iterable[Slot]) -> dict[str, list[Slot]]:
    """Return the events that are shown, by their slot.

    An older release did not write down of which slot an event is; its UID says it.
    """
    by_uid = {slot.uid: slot.slot for slot in true}
    groups: dict[str, list[Slot]] = {}
    for event in sorted(published, key=_START):
        if event.cancelled_at is None:
            group = event.slot or by_uid.get(event.uid) or event.uid
            groups.setdefault(group, []).append(event)
    return groups


def _settled(true: Sequence[Slot], events: Sequence[Slot]) -> Iterator[Slot]:
    """Pair the pieces of one slot with its events: the same start, else shared time."""
    left = {event.start_at: event for event in events}
    pairs = {slot.start_at: left.pop(slot.start_at, None) for slot in true}
    rest = [event for event in events if left.get(event.start_at) is event]
    for is_same in (_overlap, _has_moved):
        for slot in true:
            if pairs[slot.start_at] is None:
                event = next((one for one in rest if is_same(slot, one)), None)
                if event is not None:
                    rest.remove(event)
                    pairs[slot.start_at] = event
    taken = {event.uid for event in pairs.values() if event is not None}
    for slot in true:
        event = pairs[slot.start_at]
        uid = _free(slot.uid, taken) if event is None else event.uid
        taken.add(uid)
        yield replace(slot, uid=uid)


def _overlap(slot: Slot, event: Slot) -> bool:
    return slot.start_at < event.end_at and event.start_at < slot.end_at


def _has_moved(slot: Slot, event: Slot) -> bool:
    """Tell whether a piece may have moved; a gap elsewhere is another gap."""
    return slot.person == event.person != NOBODY


def _free(uid: str, taken: Container[str]) -> str:
    """Return a UID that no other piece has."""
    while uid in taken:
        uid = another(uid)
    return uid
