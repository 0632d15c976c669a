"""Time the rules of turns alone: `python tests/benchmarks/bench_rotations.py`.

In process and on one core, in processor time: what else runs does not count. Months without exceptions are remembered between questions,
as they are in the service; the figures named "first" have nothing to remember.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from time import process_time

from figures import Aim, Figure, table
from machine import described
from turns import BEGAN, BERLIN, YEAR, ring

from oncall import zones
from rotations.cadence import parse_turn
from rotations.coverage import Roster
from rotations.exception import Absence, Exceptions
from rotations.history import revise
from rotations.plan import planned
from rotations.revision import Chronicle
from rotations.rotation import Follow, Layer, Rotation
from rotations.window import Desk, parse_window

FRIDAY = datetime(2027, 7, 2, 20, tzinfo=UTC)
WEEKLY = "10 weekly, 20 overrides"
PEER_NOW = "Grafana OnCall 5.8 ms"
PEER_YEAR = "Grafana OnCall 9.3 ms"


def main() -> None:
    """Print the medians, with what they are to be beside."""
    zones.use_pinned()
    sys.stdout.write(f"{described()}\n\n{table(figures())}\n")


def figures() -> Iterator[Figure]:
    """Ask as pages, screens and calendars ask."""
    weekly, daily = ring(10, "1 week", 20), ring(10, "1 day", 0)
    yield _figure(f"who is on call: {WEEKLY}", _now(weekly), 0.1, PEER_NOW)
    yield _figure("who is on call: three layers", _now(layered()), 0.1)
    yield _figure("who is on call: revised 20 times", _now(revised(weekly)), 0.1)
    yield _figure(f"365 days: {WEEKLY}", _year(weekly), 1, PEER_YEAR)
    yield _figure("365 days: 10 daily", _year(daily), 1)
    yield _figure(
        "365 days: 50 weekly, 200 overrides", _year(ring(50, "1 week", 200)), 3
    )
    yield _figure("365 days: 50 daily, 200 overrides", _year(ring(50, "1 day", 200)), 3)
    yield _figure("365 days: three layers and backup", _both(layered()), 5)
    yield _figure("365 days: the same, 24 absences", _both(layered(_absences(24))))
    yield _figure("who is on call, first: 10 daily", _first(_now(daily)))
    yield _figure("365 days, first: 10 daily", _first(_year(daily)))
    yield _figure("365 days, first: three layers and backup", _first(_both(layered())))


def layered(exceptions: Exceptions | None = None) -> Roster:
    """Return days and nights in weeks, others at the weekend, and a backup of all."""
    main = Rotation(
        id="r",
        title="R",
        layers=(
            _layer("ana bea cyr", "12 hours", priority=0),
            _layer("dua eli fay", "1 week", "daily 22:00-06:00", priority=1),
            _layer("gil hal", "1 window", "fri 17:00 - mon 08:00", priority=2),
        ),
    )
    backup = Rotation(id="backup", title="Backup", follows=Follow("r"))
    return Roster(
        rotations={"r": main, "backup": backup},
        desk=Desk(zone=BERLIN),
        exceptions=exceptions or Exceptions(),
    )


def revised(roster: Roster) -> Roster:
    """Return the roster after somebody joined or left twenty times."""
    history = Chronicle()
    for n in range(20):
        layer = _layer(f"p0 p1 p2 p{3 + n % 2}", "1 week", priority=0)
        rotation = replace(roster.rotations["r"], layers=(layer,))
        now = YEAR[0] + n * timedelta(weeks=2)
        history = revise(history, {"r": rotation}, desk=roster.desk, now=now)
    return replace(roster, history=history)


def _layer(people: str, turn: str, *on: str, priority: int) -> Layer:
    return Layer(
        ring=tuple((person,) for person in people.split()),
        turn=parse_turn(turn),
        starts=BEGAN,
        zone=BERLIN,
        windows=tuple(parse_window(window) for window in on),
        priority=priority,
    )


def _absences(many: int) -> Exceptions:
    people = ("ana", "dua", "gil", "bea")
    absences = tuple(
        Absence(
            id=f"a{n}",
            person=people[n % len(people)],
            start=YEAR[0] + n * timedelta(days=15),
            end=YEAR[0] + n * timedelta(days=15) + timedelta(days=5),
        )
        for n in range(many)
    )
    return Exceptions(absences=absences)


def _now(roster: Roster) -> Callable[[], object]:
    return partial(roster.who_is_on_call, "r", FRIDAY)


def _year(roster: Roster) -> Callable[[], object]:
    return partial(roster.shifts_between, "r", *YEAR)


def _both(roster: Roster) -> Callable[[], object]:
    names = ("r", "backup")
    return lambda: [roster.shifts_between(name, *YEAR) for name in names]


def _first(question: Callable[[], object]) -> Callable[[], object]:
    def forgetful() -> object:
        planned.cache_clear()
        return question()

    return forgetful


def _figure(
    name: str,
    question: Callable[[], object],
    aim: float | None = None,
    beside: str = "",
) -> Figure:
    question()
    samples: list[float] = []
    for _ in range(100):
        begun = process_time()
        question()
        samples.append(1000 * (process_time() - begun))
    aims = [] if aim is None else [Aim(bound=aim)]
    return Figure(name=name, samples=samples, unit="ms", aims=aims, beside=beside)


if __name__ == "__main__":
    main()
