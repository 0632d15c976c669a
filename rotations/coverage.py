"""The one answer to who is on call: pages, screens, feeds and simulation ask here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from operator import attrgetter

from rotations.block import covered
from rotations.cadence import Turn, Unit
from rotations.exception import Exceptions, InForce, in_force
from rotations.rotation import Layer, Rotation, slots
from rotations.shift import Interval, Shift, merge, subtract
from rotations.standing import Standing, following, standings
from rotations.sweep import Segment, joined, segments
from rotations.window import Desk

_AHEAD = timedelta(days=366)
_LIFELONG = Turn(1200, Unit.MONTHS)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCall:
    """Who is on call, and until when exactly these people are; UTC.

    `until` is when the people next change; None when not within a year.
    """

    people: tuple[str, ...]
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """All rotations, the desk they refer to, and the exceptions to them.

    Every method takes aware date-times and gives UTC; a naive one is a ValueError.
    A rotation that does not exist or follows itself is a LookupError that says so.
    """

    rotations: Mapping[str, Rotation]
    desk: Desk
    exceptions: Exceptions = field(default_factory=Exceptions)

    def with_exceptions(self, exceptions: Exceptions) -> "Roster":
        """Return the roster with further exceptions, created after those it has."""
        return replace(self, exceptions=self.exceptions.plus(exceptions))

    def shifts_between(
        self, rotation_id: str, start: datetime, end: datetime
    ) -> tuple[Shift, ...]:
        """Return the shifts in `[start, end)`, clipped, by start and then person.

        One for each slot and person, also when turns of one person follow each other.
        A piece that an exception cuts out of a slot keeps the slot's `slot_start`.
        """
        shifts = joined(self._places(rotation_id, start, end))
        return tuple(sorted(shifts, key=attrgetter("start", "person")))

    def who_is_on_call(self, rotation_id: str, at: datetime) -> OnCall:
        """Return who is on call at `at`, in the order of layers and ring."""
        pieces = self._places(rotation_id, at, at + _AHEAD, steady=True)
        _, places = next(pieces)
        people = _people(places)
        for segment, later in pieces:
            if set(_people(later)) != set(people):
                return OnCall(people=people, until=segment.start)
        return OnCall(people=people, until=None)

    def gaps(
        self, rotation_id: str, start: datetime, end: datetime
    ) -> tuple[Interval, ...]:
        """Return when nobody is on call though a window of the rotation holds.

        Also before the rotation starts: a page would find nobody. A rotation that
        follows has the windows of the one it follows.
        """
        start, end = _utc(start), _utc(end)
        root = self._chain(rotation_id)[0]
        due = merge(
            block
            for layer in root.layers
            for block in covered(layer.windows, self.desk, layer.zone, start, end)
        )
        shifts = self.shifts_between(rotation_id, start, end)
        return subtract(due, [Interval(start=s.start, end=s.end) for s in shifts])

    def next_handoff(self, rotation_id: str, after: datetime) -> datetime | None:
        """Return when, after `after`, somebody next comes on call who was not.

        None when not within a year. The end of a window is no handoff: there is
        nobody to hand over to.
        """
        present: set[str] | None = None
        for segment, places in self._places(
            rotation_id, after, after + _AHEAD, steady=True
        ):
            people = set(_people(places))
            if present is not None and people - present:
                return segment.start
            present = people
        return None

    def _places(
        self, rotation_id: str, start: datetime, end: datetime, *, steady: bool = False
    ) -> Iterator[tuple[Segment, Sequence[Standing]]]:
        """Yield segments of `[start, end)` with the places of the rotation in each.

        `steady` when only the people matter, not the slots that they stand in.
        """
        root, *followers = chain = self._chain(rotation_id)
        start, end = _utc(start), _utc(end)
        layers = [
            slots(_steady(layer) if steady else layer, number, self.desk, start, end)
            for number, layer in enumerate(root.layers)
        ]
        forces = in_force(self._exceptions_of(chain), start, end)
        for segment in segments(layers, forces, start, end):
            places = standings(root, segment.slots, segment.force)
            if followers:
                places = _down(followers, places, segment.force)
            yield segment, places

    def _exceptions_of(self, chain: Iterable[Rotation]) -> Exceptions:
        ids = {rotation.id for rotation in chain}
        known = self.exceptions
        return Exceptions(
            overrides=tuple(o for o in known.overrides if o.rotation in ids),
            swaps=tuple(s for s in known.swaps if s.rotation in ids),
            absences=known.absences,
        )

    def _chain(self, rotation_id: str) -> list[Rotation]:
        """Return the rotation with all that it follows, those followed first."""
        chain = [self._rotation(rotation_id)]
        while (follow := chain[0].follows) is not None:
            rotation = self._rotation(follow.rotation)
            if rotation in chain:
                msg = (
                    f"rotation {rotation_id!r} follows itself; give one of them people"
                )
                raise LookupError(msg)
            chain.insert(0, rotation)
        return chain

    def _rotation(self, rotation_id: str) -> Rotation:
        try:
            return self.rotations[rotation_id]
        except KeyError:
            known = ", ".join(sorted(self.rotations)) or "none"
            msg = f"there is no rotation {rotation_id!r}; there are: {known}"
            raise LookupError(msg) from None


def _steady(layer: Layer) -> Layer:
    """Return a layer that does not count the turns of a ring in which none differ."""
    return layer if len(set(layer.ring)) > 1 else replace(layer, turn=_LIFELONG)


def _down(
    followers: Iterable[Rotation], places: tuple[Standing, ...], force: InForce
) -> tuple[Standing, ...]:
    """Go from the places of the root down the chain of those that follow."""
    busy = frozenset[str]()
    for rotation in followers:
        busy |= {place.person for place in places if place.person is not None}
        if rotation.follows is not None:
            places = following(rotation, rotation.follows, places, busy, force)
    return places


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        msg = f"{at} has no time zone; give it an offset, for example {at}Z"
        raise ValueError(msg)
    return at.astimezone(UTC)


def _people(places: Iterable[Standing]) -> tuple[str, ...]:
    return tuple(place.person for place in places if place.person is not None)
