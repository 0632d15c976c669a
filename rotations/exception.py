"""Dated exceptions to the turns, and which of them act when. Instants are UTC.

Where they meet an override is stronger than a swap, a swap than an absence's cover.
Of two overrides or swaps the later one in the tuple is the later created, and wins.
Nobody can cover with himself absent, nor after leaving the company: there the exception
does not act, and what stands beneath it does.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import NamedTuple, Self, TypeAlias

_SINCE = attrgetter("since")
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Put somebody on call in `[start, end)`, or take somebody away.

    With `person` alone: instead of whoever is on call, and also where nobody would
    be, because who asks for cover over a time wants all of it covered.
    `instead_of`: only while that person is on call, or would be but for an absence.
    `add`: beside whoever is on call. `remove`: that person is taken away.
    """

    id: str
    rotation: str
    start: datetime
    end: datetime
    person: str | None = None
    instead_of: str | None = None
    add: bool = False
    remove: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """`person`'s shifts in `[start, end)` go to `with_person`.

    And `with_person`'s go to `person` in `[back_start, back_end)`, when given.
    """

    id: str
    rotation: str
    person: str
    with_person: str
    start: datetime
    end: datetime
    back_start: datetime | None = None
    back_end: datetime | None = None
    reason: str = ""

    def taker(self, person: str, at: datetime) -> str | None:
        """Return who takes `person`'s shift at `at`, None when it is not given."""
        if person == self.person and self.start <= at < self.end:
            return self.with_person
        if person == self.with_person and _holds(self.back_start, at, self.back_end):
            return self.person
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """`person` is away in `[start, end)`, from every rotation."""

    id: str
    person: str
    start: datetime
    end: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """`person` has left at `start`, and come back at `end` if at all.

    Exceptions are for them no more. A turn of theirs is theirs until its handoff: there
    the definition is what changes.
    """

    person: str
    start: datetime
    end: datetime = NEVER


Exceptional: TypeAlias = Override | Swap | Absence | Departure


@dataclass(frozen=True, slots=True, kw_only=True)
class Exceptions:
    """All that is out of turn; within each kind the earlier created comes first."""

    overrides: tuple[Override, ...] = ()
    swaps: tuple[Swap, ...] = ()
    absences: tuple[Absence, ...] = ()
    departures: tuple[Departure, ...] = ()

    def plus(self, other: Self) -> Self:
        """Return these and then `other`'s."""
        return type(self)(
            overrides=self.overrides + other.overrides,
            swaps=self.swaps + other.swaps,
            absences=self.absences + other.absences,
            departures=self.departures + other.departures,
        )

    def touching(self, rotations: Collection[str], people: Collection[str]) -> Self:
        """Return those that can change something in the rotations of these people."""
        overrides = tuple(o for o in self.overrides if o.rotation in rotations)
        swaps = tuple(s for s in self.swaps if s.rotation in rotations)
        involved = {*people, *(override.person for override in overrides)}
        involved.update(p for s in swaps for p in (s.person, s.with_person))
        return type(self)(
            overrides=overrides,
            swaps=swaps,
            absences=tuple(a for a in self.absences if a.person in involved),
            departures=tuple(d for d in self.departures if d.person in involved),
        )


class InForce(NamedTuple):
    """What acts at `since` and until the next change."""

    since: datetime
    overrides: tuple[Override, ...] = ()
    swaps: tuple[Swap, ...] = ()
    absent: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()

    @property
    def calm(self) -> bool:
        """Whether nothing acts."""
        return not (self.overrides or self.swaps or self.absent)

    def may_cover(self, person: str | None) -> bool:
        """Tell whether an exception can put this person on call."""
        return person not in self.absent and person not in self.gone


CALM = InForce(since=datetime.min.replace(tzinfo=UTC))


def in_force(exceptions: Exceptions) -> tuple[InForce, ...]:
    """Return what acts from the beginning of time on, and at each change after it."""
    acting: dict[int, Exceptional] = {}
    forces = [CALM]
    for since, group in groupby(_changes(exceptions), key=itemgetter(0)):
        for _, rank, item in group:
            # The first change of a rank is its begin, the second its end.
            if acting.pop(rank, None) is None:
                acting[rank] = item
        forces.append(_sorted_out(since, [acting[rank] for rank in sorted(acting)]))
    return tuple(forces)


def acting_between(
    forces: Sequence[InForce], start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime, InForce]]:
    """Cut `[start, end)` where `forces` change; yield (start, end, what acts)."""
    index = bisect_right(forces, start, key=_SINCE)
    while start < end:
        force = forces[index - 1]
        until = min(forces[index].since, end) if index < len(forces) else end
        yield start, until, force
        start, index = until, index + 1


def _changes(exceptions: Exceptions) -> list[tuple[datetime, int, Exceptional]]:
    """Return begins and ends in order, ranked as created."""
    changes: list[tuple[datetime, int, Exceptional]] = []
    for rank, (since, until, item) in enumerate(_spans(exceptions)):
        if since < until:
            changes += ((since, rank, item), (until, rank, item))
    return sorted(changes, key=itemgetter(0))


def _spans(
    exceptions: Exceptions,
) -> Iterator[tuple[datetime, datetime, Exceptional]]:
    for override in exceptions.overrides:
        yield override.start, override.end, override
    for absence in exceptions.absences:
        yield absence.start, absence.end, absence
    for departure in exceptions.departures:
        yield departure.start, departure.end, departure
    for swap in exceptions.swaps:
        yield swap.start, swap.end, swap
        if swap.back_start is not None and swap.back_end is not None:
            yield swap.back_start, swap.back_end, swap


def _sorted_out(since: datetime, items: Iterable[Exceptional]) -> InForce:
    overrides: list[Override] = []
    # A swap whose two intervals overlap is here twice and acts once.
    swaps: dict[str, Swap] = {}
    absent: set[str] = set()
    gone: set[str] = set()
    for item in items:
        match item:
            case Override():
                overrides.append(item)
            case Swap():
                swaps[item.id] = item
            case Absence():
                absent.add(item.person)
            case Departure():
                gone.add(item.person)
    return InForce(
        since=since,
        overrides=tuple(overrides),
        swaps=tuple(swaps.values()),
        absent=frozenset(absent),
        gone=frozenset(gone),
    )


def _holds(start: datetime | None, at: datetime, end: datetime | None) -> bool:
    return start is not None and end is not None and start <= at < end
