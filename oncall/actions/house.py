"""What every action knows beside its transaction, from the file and the database.

`House` holds the configuration in force. `View` is what is true for one transaction:
who is on call, how each person is reached, whose number this is.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property

from escalation_policies.contact import Rung, climb
from escalation_policies.policy import Target, TargetKind
from oncall.config.values import Config
from oncall.errors import NotFound
from oncall.model import ContactStep, Person, Via
from oncall.store import Tx, acting, methods, revisions, versions
from rotations.coverage import Roster

LOOK_BACK = timedelta(days=131)
"""What is remembered: calendars show the last 30 days, and their shifts are whole."""


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of a person's ladder that can be climbed now."""

    via: Via
    address: str
    after: timedelta


@dataclass(frozen=True, kw_only=True)
class View:
    """The house as one transaction sees it.

    `roster` knows the exceptions since `knows_since`; None: all there are.
    """

    config: Config
    vias: frozenset[Via]
    roster: Roster
    knows_since: datetime | None = None
    telegram_accounts: Mapping[str, int]
    broken: Mapping[tuple[str, Via, str], str]

    def remembers(self, since: datetime) -> bool:
        """Tell whether the roster here can be asked for all that is since then."""
        return self.knows_since is None or self.knows_since <= since

    def roster_of(self, tx: Tx, start: datetime, end: datetime) -> Roster:
        """Return the roster that can be asked for `[start, end)`, however long ago.

        What is not remembered is looked for: it costs what that time holds.
        """
        if self.remembers(start):
            return self.roster
        found = self.config.roster.exceptions.plus(acting.between(tx, start, end))
        return self.roster.instead(found)

    def as_of(self, tx: Tx, at: datetime) -> "View":
        """Return the view whose roster can be asked for one instant."""
        roster = self.roster_of(tx, at, at + timedelta.resolution)
        return self if roster is self.roster else replace(self, roster=roster)

    def person(self, name: str) -> Person:
        """Return a person by id. Raises NotFound."""
        if found := self.config.people.get(name):
            return found
        msg = f"there is no person {name!r} in the configuration"
        raise NotFound(msg)

    def name_of(self, person: str | None) -> str:
        """Return what people call somebody; the id for one who has left."""
        found = self.config.people.get(person or "")
        return found.name if found else person or ""

    def people_of(self, target: Target, at: datetime) -> tuple[str, ...]:
        """Return the people a target means at an instant, of those we know.

        Nobody for a rotation or group that is gone: a frozen policy may outlive it.
        Nor anybody who is gone: who has left is in their turn until it ends.
        """
        meant = self._meant(target, at)
        return tuple(person for person in meant if person in self.config.people)

    def change_of(self, target: Target, at: datetime) -> datetime | None:
        """Return when the people of a target next change, by what is known now."""
        if target.kind is not TargetKind.ROTATION:
            return None
        if target.name not in self.roster.rotations:
            return None
        return self.roster.who_is_on_call(target.name, at).until

    def _meant(self, target: Target, at: datetime) -> tuple[str, ...]:
        match target.kind:
            case TargetKind.PERSON:
                return (target.name,)
            case TargetKind.GROUP:
                return self.config.groups.get(target.name, ())
            case TargetKind.ROTATION:
                if target.name not in self.roster.known_rotations:
                    return ()
                return self.roster.who_is_on_call(target.name, at).people

    def by_phone(self, phone: str) -> Person | None:
        """Return whose phone number this is."""
        everybody = self.config.people.values()
        return next((person for person in everybody if person.phone == phone), None)

    def by_telegram(self, account: int) -> Person | None:
        """Return whose Telegram account this is, linked or configured."""
        everybody = self.config.people.values()
        return next((p for p in everybody if self.telegram_of(p) == account), None)

    def telegram_of(self, person: Person) -> int | None:
        """Return a person's Telegram account; a linked one wins over the file's."""
        return self.telegram_accounts.get(person.id, person.telegram)

    def address(self, person: Person, via: Via) -> str | None:
        """Return where a person is reached by a method, or None."""
        match via:
            case Via.TELEGRAM:
                account = self.telegram_of(person)
                return None if account is None else str(account)
            case Via.SMS | Via.VOICE | Via.WHATSAPP:
                return person.phone
            case Via.EMAIL:
                return person.email
            case Via.APPRISE:
                return person.id if person.id in self.config.apprise else None
            case Via.CONSOLE:
                return person.id
            case Via.SOURCE:
                return None

    def ladder(self, person: Person) -> tuple[Step, ...]:
        """Return the steps by which a person can be reached now.

        Empty when nothing is left: no channel, no address, or all failed for good.
        """
        known = self._ladders.get(person)
        if known is None:
            known = self._ladders[person] = self._ladder(person)
        return known

    def left_out(self, person: Person) -> Iterator[tuple[Via, str]]:
        """Yield the methods of a person that failed for good, each with how it did."""
        if not self.broken:
            return
        for via in dict.fromkeys(step.via for step in person.contact):
            how = self.broken.get((person.id, via, self.address(person, via) or ""))
            if how is not None and via in self.vias:
                yield via, how

    @cached_property
    def _ladders(self) -> dict[Person, tuple[Step, ...]]:
        """Those that were asked for: in a storm they are asked for again and again."""
        return {}

    def _ladder(self, person: Person) -> tuple[Step, ...]:
        usable = {
            step.via: address
            for step in person.contact
            if (address := self._usable_address(person, step)) is not None
        }
        rungs = [Rung(via=step.via, after=step.after) for step in person.contact]
        unusable = frozenset(rung.via for rung in rungs) - frozenset(usable)
        return tuple(
            Step(Via(rung.via), usable[Via(rung.via)], rung.after)
            for rung in climb(rungs, unusable)
        )

    def _usable_address(self, person: Person, step: ContactStep) -> str | None:
        address = self.address(person, step.via)
        if step.via not in self.vias or address is None:
            return None
        return None if (person.id, step.via, address) in self.broken else address

    @cached_property
    def unreachable(self) -> frozenset[str]:
        """The people whom no contact method reaches any more."""
        everybody = self.config.people.values()
        return frozenset(person.id for person in everybody if not self.ladder(person))


@dataclass(frozen=True, slots=True)
class _Known:
    config: Config
    key: tuple[Mapping[str, int], date]
    view: View


class House:
    """The configuration in force. `vias` are the contact methods that have a channel."""

    def __init__(self, config: Config, vias: Iterable[Via]) -> None:
        self.config = config
        self.vias = frozenset(vias)
        self._known: _Known | None = None

    def move_in(self, config: Config, vias: Iterable[Via]) -> None:
        """Let another configuration be in force from now on."""
        self.config = config
        self.vias = frozenset(vias)

    def view(self, tx: Tx, now: datetime) -> View:
        """Return what is true now; built anew only when something it rests on changed."""
        changed = (versions.all_of(tx), now.date())
        known = self._known
        if known is None or known.config is not self.config or known.key != changed:
            known = _Known(self.config, changed, self._look(tx, now))
            self._known = known
        return known.view

    def _look(self, tx: Tx, now: datetime) -> View:
        since = now - LOOK_BACK
        roster = self.config.roster.with_exceptions(acting.since(tx, since))
        return View(
            config=self.config,
            vias=self.vias,
            knows_since=since,
            roster=replace(roster, history=revisions.history(tx)),
            telegram_accounts=methods.telegram_accounts(tx),
            broken=methods.broken(tx),
        )
