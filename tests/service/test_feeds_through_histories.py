"""A calendar fetched day by day, while people change who is on call as they like."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oncall.actions import exceptions as acts
from oncall.actions.adopt import adopt
from oncall.actions.house import House, View
from oncall.actions.published import Published, publish, window
from oncall.errors import Conflict, NotFound
from oncall.store import Database, Tx
from oncall.store.calendars import Slot
from oncall.store.migrate import upgrade
from rotations.exception import Absence, Override, Swap
from support.config_text import configured

START = datetime(2026, 3, 2, 6, tzinfo=UTC)
PEOPLE = ("sara", "reza", "mina", "nina")
ROTATIONS = ("short", "long")
CONFIG = """
[rotations.short]
people = ["sara", "reza", "mina"]
starts = 2026-01-01T09:00:00
turn = "2 days"
[rotations.long]
people = ["sara", "reza"]
starts = 2025-01-01T09:00:00
turn = "2 months"
when_absent = "gap"
""" + "".join(
    f'[people.{name}]\nname = "{name}"\ncontact = [{{via = "console"}}]\n'
    for name in PEOPLE
    if name in ("mina", "nina")
)


class History:
    """People who change things at random, and what calendars show of it."""

    def __init__(self, database: Database, seed: int) -> None:
        self.config = configured(CONFIG)
        self.house = House(self.config, [])
        self.database = database
        self.chance = random.Random(seed)  # noqa: S311 (the same for every run)
        self.now = START
        self.made: list[tuple[str, str]] = []
        database.write_now(lambda tx: adopt(tx, self.config, START))

    def live(self) -> None:
        """Let some time pass, and let somebody do something, or nothing."""
        self.now += timedelta(minutes=self.chance.randint(10, 2500))
        for _ in range(self.chance.randint(0, 2)):
            self.database.write_now(self._act)

    def look(self, rotation: str) -> tuple[Published, View]:
        """Fetch a calendar; a second time nothing may be new in it."""

        def work(tx: Tx) -> tuple[Published, View]:
            view = self.house.view(tx, self.now)
            shown = publish(tx, view, rotation, window(self.now), self.now, gaps=False)
            again = publish(tx, view, rotation, window(self.now), self.now, gaps=False)
            assert not again.changes
            assert sorted(again.slots, key=uid) == sorted(shown.slots, key=uid)
            return shown, view

        return self.database.write_now(work)

    def _act(self, tx: Tx) -> None:
        view = self.house.view(tx, self.now)
        one, other = self.chance.sample(PEOPLE, 2)
        rotation, key = self.chance.choice(ROTATIONS), acts.new_id()
        start = self.now + timedelta(minutes=self.chance.choice([-20, 0, 30, 3000]))
        end = max(start, self.now) + timedelta(minutes=self.chance.randint(10, 8000))
        match self.chance.randrange(5):
            case 0 | 1 as named:
                instead = other if named else None
                wanted = Override(
                    id=key,
                    rotation=rotation,
                    person=one,
                    instead_of=instead,
                    start=start,
                    end=end,
                )
                acts.override(tx, view, wanted, self.now)
            case 2:
                swap = Swap(
                    id=key,
                    rotation=rotation,
                    person=one,
                    with_person=other,
                    start=start,
                    end=end,
                )
                acts.swap(tx, view, swap, self.now, accepted=True)
            case 3:
                away = Absence(id=key, person=one, start=start, end=end)
                acts.absence(tx, view, away, self.now)
            case _:
                self._end(tx)
        self.made.append((rotation, key))

    def _end(self, tx: Tx) -> None:
        for rotation, key in self.chance.sample(self.made, min(3, len(self.made))):
            for end in (acts.end_override, acts.decline_swap):
                with suppress(Conflict, NotFound):
                    end(tx, rotation, key, self.now)
            with suppress(Conflict, NotFound):
                acts.end_absence(tx, key, self.now)


def uid(slot: Slot) -> str:
    return slot.uid


def alive(slots: Iterator[Slot] | tuple[Slot, ...]) -> list[Slot]:
    return [slot for slot in slots if slot.cancelled_at is None]


def carried(slots: list[Slot], at: datetime) -> Counter[str]:
    """Return who is on call at an instant by a calendar, each as often as shown."""
    return Counter(slot.person for slot in slots if slot.start_at <= at < slot.end_at)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path}/oncall.db")
    upgrade(made)
    yield made
    made.close()


@pytest.mark.parametrize("seed", range(4))
def test_whatever_people_do_a_calendar_says_who_is_on_call_and_keeps_its_events(
    database: Database, seed: int
):
    history = History(database, seed)
    versions: dict[str, Slot] = {}
    running: dict[tuple[str, str | None], Slot] = {}
    for _ in range(45):
        history.live()
        for rotation in ROTATIONS:
            shown, view = history.look(rotation)
            slots = alive(shown.slots)
            moves_rather_than_replaces(shown)
            covers_as_the_roster_says(view, rotation, slots, history.now)
            for slot in shown.slots:
                known = versions.setdefault(slot.uid, slot)
                assert slot == known or slot.sequence > known.sequence
                versions[slot.uid] = slot
            keeps_what_runs(running, rotation, slots, history.now)


def covers_as_the_roster_says(
    view: View, rotation: str, slots: list[Slot], now: datetime
) -> None:
    start, end = window(now)
    shifts = view.roster.shifts_between(rotation, start, end)
    edges = {at for s in slots for at in (s.start_at, s.end_at)}
    edges |= {at for shift in shifts for at in (shift.start, shift.end)}
    for at in sorted(at for at in edges | {start} if start <= at < end):
        people = Counter(s.person for s in shifts if s.start <= at < s.end)
        assert carried(slots, at) == people, (rotation, at, now)


def moves_rather_than_replaces(shown: Published) -> None:
    """No piece of a slot is taken away where another piece of it is new."""
    gone = {slot.slot for slot in shown.changes if slot.cancelled_at is not None}
    for slot in shown.changes:
        before = shown.before.get(slot.uid)
        if slot.cancelled_at is None and (before is None or before.cancelled_at):
            assert slot.slot not in gone


def keeps_what_runs(
    running: dict[tuple[str, str | None], Slot],
    rotation: str,
    slots: list[Slot],
    now: datetime,
) -> None:
    """Whose shift of one slot ran at the last look and runs now has the same event.

    Unless somebody else had some of the time in between.
    """
    for slot in slots:
        if slot.start_at <= now < slot.end_at:
            before = running.get((rotation, slot.slot))
            if before is not None and slot.start_at <= before.start_at:
                assert slot.uid == before.uid
    for key in [key for key in running if key[0] == rotation]:
        del running[key]
    running.update(
        {(rotation, s.slot): s for s in slots if s.start_at <= now < s.end_at}
    )
