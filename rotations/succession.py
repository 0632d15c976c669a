"""How the order of turns goes on when a definition is revised.

After whoever was on call last comes the next in the order of the new ring. A turn that
is under way goes on; so does one that ends a little later now, as when handoffs move
from the morning to the evening. A ring that has nobody of the old one begins with its
first entry.

Giving a layer another first day is how people say where its ring begins: then it is
counted as written, from that day.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from rotations.cadence import Cadence, Unit
from rotations.rotation import Layer, Rotation, turns
from rotations.window import Desk

_YEAR = timedelta(days=366)


def as_written(rotation: Rotation) -> Rotation:
    """Return the definition as people wrote it: without the phases of its layers."""
    layers = tuple(replace(layer, phase=0) for layer in rotation.layers)
    return replace(rotation, layers=layers)


def succeeding(old: Rotation, new: Rotation, desk: Desk, seam: datetime) -> Rotation:
    """Return `new` with the phases by which it goes on from `old` at `seam`, UTC."""
    layers = tuple(
        _succeeding(_forerunner(old, layer, number), layer, desk, seam)
        for number, layer in enumerate(new.layers)
    )
    return replace(new, layers=layers)


def _forerunner(old: Rotation, layer: Layer, number: int) -> Layer | None:
    """Return the layer that was written the same, else the one in the same place."""
    for earlier in old.layers:
        if replace(earlier, phase=0) == layer:
            return earlier
    return old.layers[number] if number < len(old.layers) else None


def _succeeding(old: Layer | None, new: Layer, desk: Desk, seam: datetime) -> Layer:
    if old is None or old.starts.date() != new.starts.date():
        return new
    if _counts_alike(old, new):
        return replace(new, phase=old.phase)
    before = _last_turn(old, desk, seam)
    after = _first_turn(old, desk, seam)
    first = _first_turn(new, desk, seam)
    if before is None or first is None:
        return new
    position = (before + old.phase) % len(old.ring)
    stays = before == after or _is_nearly_over(new, first, seam)
    due = _due(old.ring, position, new.ring, stays=stays)
    return replace(new, phase=(due - first) % len(new.ring))


def _counts_alike(old: Layer, new: Layer) -> bool:
    """Say whether the same turn is of the same entry in both, whatever they cover.

    Turns counted in windows have other numbers when the windows change.
    """
    windows = old.windows if old.turn.unit is Unit.WINDOWS else new.windows
    return new == replace(old, windows=windows, priority=new.priority, phase=new.phase)


def _last_turn(layer: Layer, desk: Desk, seam: datetime) -> int | None:
    """Return the turn that last began before `seam`."""
    numbers = [number for number, _, _ in turns(layer, desk, seam - _YEAR, seam)]
    return numbers[-1] if numbers else None


def _first_turn(layer: Layer, desk: Desk, seam: datetime) -> int | None:
    """Return the turn that holds at `seam`, or the next one."""
    return next((n for n, _, _ in turns(layer, desk, seam, seam + _YEAR)), None)


def _is_nearly_over(layer: Layer, number: int, seam: datetime) -> bool:
    """Say whether less than half of a turn is left at `seam`."""
    if layer.turn.unit is Unit.WINDOWS:
        return False
    cadence = Cadence(turn=layer.turn, starts=layer.starts, zone=layer.zone)
    return cadence.handoff(number + 1) - seam < seam - cadence.handoff(number)


def _due(
    old: Sequence[tuple[str, ...]],
    position: int,
    new: Sequence[tuple[str, ...]],
    *,
    stays: bool,
) -> int:
    """Return which entry of the `new` ring is due after entry `position` of the old.

    That entry itself when it `stays`. Entries of the old ring that are in the new no
    more are passed over. Where an entry is in the new ring several times, the one
    nearest to its old place is meant.
    """
    for step in range(len(old)):
        here = (position + step) % len(old)
        if places := _places(old[here], new):
            place = min(places, key=lambda place: abs(place - here))
            return place + (step == 0 and not stays)
    return 0


def _places(entry: tuple[str, ...], ring: Sequence[tuple[str, ...]]) -> list[int]:
    """Return where an entry is in a ring, else where somebody of it is."""
    same = [place for place, other in enumerate(ring) if other == entry]
    return same or [
        n for n, other in enumerate(ring) if not set(other).isdisjoint(entry)
    ]
