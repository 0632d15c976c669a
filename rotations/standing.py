"""Who stands in each slot at an instant, once the exceptions have had their say.

Absence cover and swaps act within a layer; then the highest layer in which somebody
stands wins; overrides act on what it gives. Everything that asks who is on call
comes through here.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from rotations.exception import InForce, Override
from rotations.rotation import Follow, Rotation, Slot, WhenAbsent
from rotations.shift import Because


class Standing(NamedTuple):
    """One place to be filled: by `person`, or by nobody.

    `slot` is None where an override stands outside every slot. `layer` and
    `slot_start` are the slot's, else 0 and the override's start. `claims` are the
    people whom an `instead_of` may name to mean this place.
    """

    person: str | None
    because: Because
    layer: int
    slot_start: datetime
    slot: Slot | None
    claims: tuple[str | None, ...] = ()


def standings(
    rotation: Rotation, slots: Sequence[Slot], force: InForce
) -> tuple[Standing, ...]:
    """Return the places of a rotation with layers; `slots` are those of the instant."""
    if len(slots) == 1:
        places = _in_slot(rotation, slots[0], force)
    else:
        places = _highest(rotation, slots, force)
    return _one_each(_overridden(rotation, places, force))


def following(
    rotation: Rotation,
    follow: Follow,
    lead: Sequence[Standing],
    busy: frozenset[str],
    force: InForce,
) -> tuple[Standing, ...]:
    """Return the places of a rotation that follows the one in which `lead` stands.

    `busy` are on call in any rotation it follows; they are passed over.
    """
    places: list[Standing] = []
    followed: list[Slot | None] = [None]
    for place in lead:
        if place.slot not in followed:
            followed.append(place.slot)
            places += _next_in_ring(rotation, follow, place, busy, force)
    swapped = [_swapped(rotation, place, force) for place in places]
    return _one_each(_overridden(rotation, swapped, force))


def _highest(
    rotation: Rotation, slots: Sequence[Slot], force: InForce
) -> list[Standing]:
    """Return the places of the highest priority at which somebody stands.

    When nobody stands anywhere, those of the highest, for overrides to fill.
    """
    empty: list[Standing] = []
    by_priority = attrgetter("priority")
    ranked = sorted(slots, key=by_priority, reverse=True)
    for _, equals in groupby(ranked, key=by_priority):
        places = [p for slot in equals for p in _in_slot(rotation, slot, force)]
        if any(place.person is not None for place in places):
            return places
        empty = empty or places
    return empty


def _in_slot(rotation: Rotation, slot: Slot, force: InForce) -> list[Standing]:
    """Return the places of one slot after absences and swaps."""
    due = slot.ring[slot.position]
    if not force.absent and not force.swaps:
        return [_place(person, Because.TURN, slot, (person,)) for person in due]
    cover = _cover(rotation, slot, force)
    places: list[Standing] = []
    for person in due:
        place = _place(person, Because.TURN, slot, (person,))
        if person in force.absent:
            stand_in = next(cover, None)
            place = _place(stand_in, Because.ABSENCE, slot, (person, stand_in))
        places.append(_swapped(rotation, place, force))
    return places


def _place(
    person: str | None,
    because: Because,
    slot: Slot,
    claims: tuple[str | None, ...] = (),
) -> Standing:
    return Standing(person, because, slot.layer, slot.start, slot, claims)


def _cover(rotation: Rotation, slot: Slot, force: InForce) -> Iterator[str]:
    """Yield who may cover in a slot: the present, in the order of the ring."""
    if rotation.when_absent is WhenAbsent.GAP:
        return
    due = slot.ring[slot.position]
    taken = set(due) | force.absent
    for step in range(1, len(slot.ring)):
        for person in slot.ring[(slot.position + step) % len(slot.ring)]:
            if person not in taken:
                taken.add(person)
                yield person


def _swapped(rotation: Rotation, place: Standing, force: InForce) -> Standing:
    """Return the place after swaps: of whose turn it is, else of who covers.

    A swap is stronger than the cover of an absence, so it is still the absent
    person's turn that is given away.
    """
    if not force.swaps:
        return place
    for giver in dict.fromkeys((*place.claims, place.person)):
        taker = _taker(rotation, giver, force) if giver is not None else None
        if taker is not None:
            return place._replace(person=taker, because=Because.SWAP, claims=(taker,))
    return place


def _taker(rotation: Rotation, giver: str, force: InForce) -> str | None:
    """Follow the swaps in force from `giver`; None when none acts."""
    taker: str | None = None
    for swap in force.swaps:
        to = swap.taker(taker or giver, force.since)
        if swap.rotation == rotation.id and to is not None and force.may_cover(to):
            taker = to
    return taker


def _next_in_ring(
    rotation: Rotation,
    follow: Follow,
    place: Standing,
    busy: frozenset[str],
    force: InForce,
) -> Iterator[Standing]:
    """Yield the places of the entry `by` after the slot's, counting who is free.

    Nobody free so far round the ring: one empty place.
    """
    slot = place.slot
    if slot is None:
        return
    gap = rotation.when_absent is WhenAbsent.GAP
    away = frozenset[str]() if gap else force.absent
    left, because = follow.by, Because.TURN
    for step in range(1, len(slot.ring) + 1):
        position = (slot.position + step) % len(slot.ring)
        entry = slot.ring[position]
        free = [p for p in entry if p not in busy and p not in away]
        left -= bool(free)
        if free and not left:
            here = slot._replace(position=position)
            for person in free:
                stands = None if person in force.absent else person
                yield _place(stands, because, here, (person,))
            return
        if not free and not force.absent.isdisjoint(entry):
            because = Because.ABSENCE
        elif not free and because is Because.TURN:
            because = place.because
    yield _place(None, because, slot)


def _overridden(
    rotation: Rotation, places: list[Standing], force: InForce
) -> list[Standing]:
    """Return the places after the rotation's overrides, earlier created ones first."""
    for override in force.overrides:
        if override.rotation == rotation.id and force.may_cover(override.person):
            places = _override(places, override)
    return places


def _override(places: list[Standing], override: Override) -> list[Standing]:
    alone = override.person is not None and override.instead_of is None
    if override.add or (alone and not places):
        return [*places, _outside(override)]
    return [
        place._replace(person=override.person, because=Because.OVERRIDE)
        if _acts_on(override, place)
        else place
        for place in places
    ]


def _outside(override: Override) -> Standing:
    return Standing(
        person=override.person,
        because=Because.OVERRIDE,
        layer=0,
        slot_start=override.start,
        slot=None,
    )


def _acts_on(override: Override, place: Standing) -> bool:
    if override.remove is not None:
        return place.person == override.remove
    if override.instead_of is not None:
        return override.instead_of in (*place.claims, place.person)
    return override.person is not None


def _one_each(places: list[Standing]) -> tuple[Standing, ...]:
    """Let everybody stand once, by turn rather than by exception.

    The other place of somebody who would stand twice stays empty.
    """
    if len(places) == 1:
        return tuple(places)
    standing: set[str | None] = set()
    kept: list[Standing] = []
    for place in sorted(places, key=lambda place: place.because is not Because.TURN):
        twice = place.person in standing
        kept.append(place._replace(person=None) if twice else place)
        standing.add(place.person)
    return tuple(kept)
