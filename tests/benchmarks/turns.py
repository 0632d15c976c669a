"""The rules alone: who is on call, and whole years of shifts, without a database."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

from figures import Figure

from rotations.cadence import parse_turn
from rotations.coverage import Roster
from rotations.exception import Exceptions, Override
from rotations.rotation import Follow, Layer, Rotation
from rotations.window import Desk, parse_window

BERLIN = ZoneInfo("Europe/Berlin")
BEGAN = datetime(2026, 1, 5, 9)  # noqa: DTZ001 (wall time in the layer's zone)
YEAR = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
TIMES = 200
YEARS = 20


async def turns() -> list[Figure]:
    """Ask as pages, screens and calendars ask."""
    weekly, crowd, layered = ring(10, "1 week", 20), ring(50, "1 day", 200), layers()
    return [
        Figure(
            name="who is on call: 10 weekly, 20 overrides",
            samples=_taken(lambda: _now(weekly), TIMES),
            unit="ms",
        ),
        Figure(
            name="365 days: 10 weekly, 20 overrides",
            samples=_taken(lambda: _year(weekly, "r"), YEARS),
            unit="ms",
        ),
        Figure(
            name="365 days: 50 daily, 200 overrides",
            samples=_taken(lambda: _year(crowd, "r"), YEARS),
            unit="ms",
        ),
        Figure(
            name="365 days: three layers and their backup",
            samples=_taken(lambda: _both(layered), YEARS),
            unit="ms",
        ),
    ]


def _taken(work: Callable[[], object], times: int) -> list[float]:
    taken: list[float] = []
    for _ in range(times):
        begun = perf_counter()
        work()
        taken.append(1000 * (perf_counter() - begun))
    return taken


def _now(roster: Roster) -> object:
    return roster.who_is_on_call("r", datetime(2027, 7, 2, 20, tzinfo=UTC))


def _year(roster: Roster, rotation: str) -> object:
    return roster.shifts_between(rotation, *YEAR)


def _both(roster: Roster) -> object:
    return _year(roster, "r"), _year(roster, "backup")


def ring(people: int, turn: str, overrides: int) -> Roster:
    """Return a ring of so many people, with half-day covers spread over the year."""
    names = tuple((f"p{n}",) for n in range(people))
    return _roster([_layer(names, turn)], _covers(overrides, people))


def layers() -> Roster:
    """Return days and nights, a better-known person for weekends, and one evening."""
    return _roster(
        [
            _layer((("ana",), ("bea",)), "12 hours"),
            _layer((("cyr",), ("dua",), ("eli",)), "1 week", "fri 17:00 - mon 08:00"),
            _layer((("fay",),), "1 week", "wed 18:00 - wed 22:00"),
        ],
        Exceptions(),
    )


def _layer(names: tuple[tuple[str, ...], ...], turn: str, *on: str) -> Layer:
    windows = tuple(parse_window(window) for window in on)
    return Layer(
        ring=names, turn=parse_turn(turn), starts=BEGAN, zone=BERLIN, windows=windows
    )


def _covers(many: int, people: int) -> Exceptions:
    step = (YEAR[1] - YEAR[0]) / max(many, 1)
    starts = [YEAR[0] + n * step for n in range(many)]
    return Exceptions(
        overrides=tuple(
            Override(
                id=f"o{n}",
                rotation="r",
                person=f"p{n % people}",
                start=start,
                end=start + timedelta(hours=12),
            )
            for n, start in enumerate(starts)
        )
    )


def _roster(found: list[Layer], exceptions: Exceptions) -> Roster:
    rotation = Rotation(id="r", title="R", layers=tuple(found))
    backup = Rotation(id="backup", title="Backup", follows=Follow("r"))
    desk = Desk(zone=BERLIN)
    rotations = {"r": rotation, "backup": backup}
    return Roster(rotations=rotations, desk=desk, exceptions=exceptions)
