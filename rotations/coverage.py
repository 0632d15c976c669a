"""The one answer to who is on call: pages, screens, feeds and simulation ask here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from operator import attrgetter

from rotations.block import covered
from rotations.cadence import Turn, Unit
from rotations.exception import Exceptions, InForce, acting_between, in_force
from rotations.plan import Stretch, by_months, planned
from rotations.revision import Chain, Chronicle, Revision
from rotations.rotation import Layer, Rotation
from rotations.shift import Interval, Shift, merge, subtract, utc
from rotations.standing import Standing
from rotations.sweep import Piece, stitched
from rotations.window import Desk

CHANGES_WITHIN = timedelta(days=366)
"""How far ahead it is looked when the people on call next change."""
_LIFELONG = Turn(1200, Unit.MONTHS)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCall:
    """Who is on call, and until when exactly these people are; UTC.

    `until` is when the people next change; None when not within a year.
    """

    people: tuple[str, ...]
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class Roster:
    """All rotations, the desk they refer to, and the exceptions to them.

    `rotations` are the newest definitions. What has a `history` is answered by the
    revision that was valid at the instant; the rest was always as it is.

    Every method takes aware date-times and gives UTC; a naive one is a ValueError.
    A rotation that never existed or follows itself is a LookupError that says so.
    """

    rotations: Mapping[str, Rotation]
    desk: Desk
    exceptions: Exceptions = field(default_factory=Exceptions)
    history: Chronicle = field(default_factory=Chronicle)

    def with_exceptions(self, exceptions: Exceptions) -> "Roster":
        """Return the roster with further exceptions, created after those it has."""
        return replace(self, exceptions=self.exceptions.plus(exceptions))

    def instead(self, exceptions: Exceptions) -> "Roster":
        """Return the roster with other exceptions in place of those it has."""
        return replace(self, exceptions=exceptions)

    @cached_property
    def known_rotations(self) -> frozenset[str]:
        """The ids of all rotations, also of those that have been removed."""
        return frozenset(self._definitions.revisions)

    def shifts_between(
        self, rotation_id: str, start: datetime, end: datetime
    ) -> tuple[Shift, ...]:
        """Return the shifts in `[start, end)`, clipped, by start and then person.

        One for each slot and person, also when turns of one person follow each other.
        A piece that an exception cuts out of a slot keeps the slot's `slot_start`.
        """
        shifts = stitched(self._stretches(rotation_id, start, end))
        return tuple(sorted(shifts, key=attrgetter("start", "person")))

    def who_is_on_call(self, rotation_id: str, at: datetime) -> OnCall:
        """Return who is on call at `at`, in the order of layers and ring."""
        pieces = self._pieces(rotation_id, at, at + CHANGES_WITHIN)
        people = _people(next(pieces).places)
        for piece in pieces:
            if set(_people(piece.places)) != set(people):
                return OnCall(people=people, until=piece.start)
        return OnCall(people=people, until=None)

    def gaps(
        self, rotation_id: str, start: datetime, end: datetime
    ) -> tuple[Interval, ...]:
        """Return when nobody is on call though a window of the rotation holds.

        Also before the rotation starts: a page would find nobody. A rotation that
        follows has the windows of the one it follows.
        """
        start, end = utc(start), utc(end)
        due = merge(
            block
            for era in self._definitions.eras(rotation_id, start, end)
            for layer in _layers(era.chain)
            for block in covered(
                layer.windows, self.desk, layer.zone, era.start, era.end
            )
        )
        shifts = self.shifts_between(rotation_id, start, end)
        return subtract(due, [Interval(start=s.start, end=s.end) for s in shifts])

    def next_handoff(self, rotation_id: str, after: datetime) -> datetime | None:
        """Return when, after `after`, somebody next comes on call who was not.

        None when not within a year. The end of a window is no handoff: there is
        nobody to hand over to.
        """
        present: set[str] | None = None
        for piece in self._pieces(rotation_id, after, after + CHANGES_WITHIN):
            people = set(_people(piece.places))
            if present is not None and people - present:
                return piece.start
            present = people
        return None

    def _pieces(
        self, rotation_id: str, start: datetime, end: datetime
    ) -> Iterator[Piece]:
        """Yield who stands where, of slots as long as the same people stand in them."""
        for stretch in self._stretches(rotation_id, start, end, steady=True):
            yield from stretch.pieces()

    def _stretches(
        self, rotation_id: str, start: datetime, end: datetime, *, steady: bool = False
    ) -> Iterator[Stretch]:
        """Cut `[start, end)` where definition, month or what is out of turn changes.

        `steady` when only the people matter, not the slots that they stand in.
        """
        for era in self._definitions.eras(rotation_id, utc(start), utc(end)):
            chain = _steady(era.chain) if steady else era.chain
            forces = self._forces(chain)
            plan = planned(chain, self.desk)
            for first, begins, ends in by_months(era.start, era.end):
                month = plan(first)
                for since, until, force in acting_between(forces, begins, ends):
                    yield Stretch(since, until, chain, month, force)

    def _forces(self, chain: Chain) -> Sequence[InForce]:
        """Return what acts on a chain, and when; found once for each."""
        forces = self._known_forces.get(chain)
        if forces is None:
            ids = {rotation.id for rotation in chain}
            people = {p for layer in _layers(chain) for e in layer.ring for p in e}
            forces = in_force(self.exceptions.touching(ids, people))
            self._known_forces[chain] = forces
        return forces

    @cached_property
    def _known_forces(self) -> dict[Chain, tuple[InForce, ...]]:
        return {}

    @cached_property
    def _definitions(self) -> Chronicle:
        """Return the definitions of all time, also those that never changed."""
        always = {
            name: (Revision(rotation=rotation),)
            for name, rotation in self.rotations.items()
        }
        return Chronicle(revisions={**always, **self.history.revisions})


def _layers(chain: Chain) -> tuple[Layer, ...]:
    return chain[0].layers if chain else ()


def _steady(chain: Chain) -> Chain:
    """Return a chain that does not count the turns of a ring in which none differ."""
    if all(len(set(layer.ring)) > 1 for layer in _layers(chain)):
        return chain
    layers = tuple(
        layer if len(set(layer.ring)) > 1 else replace(layer, turn=_LIFELONG)
        for layer in chain[0].layers
    )
    return (replace(chain[0], layers=layers), *chain[1:])


def _people(places: Iterable[Standing]) -> tuple[str, ...]:
    return tuple(place.person for place in places if place.person is not None)
