"""What each person carries: hours on call by their kind, behind and ahead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rotations.coverage import Roster
from rotations.fairness import HourKind, Load, load

_NAMES = {
    HourKind.WEEKDAY_NIGHT: "nights_h",
    HourKind.WEEKEND: "weekends_h",
    HourKind.HOLIDAY: "holidays_h",
    HourKind.OTHER: "other_h",
}
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What everybody carries in `[start, end)`, by person; who carries nothing too."""

    start: datetime
    end: datetime
    loads: tuple[Load, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """The same people in the weeks behind and those ahead."""

    rotations: tuple[str, ...]
    past: Period
    coming: Period


def carried(
    roster: Roster, rotations: Sequence[str], now: datetime, weeks: int
) -> Carried:
    """Return what is carried in `rotations` in so many weeks before and after `now`.

    The roster must know the exceptions of all of that time.
    """
    span = timedelta(weeks=weeks)
    past = load(roster, rotations, now - span, now)
    coming = load(roster, rotations, now, now + span)
    people = sorted({one.person for one in (*past, *coming)})
    return Carried(
        rotations=tuple(rotations),
        past=Period(start=now - span, end=now, loads=_of_all(people, past)),
        coming=Period(start=now, end=now + span, loads=_of_all(people, coming)),
    )


def hours(one: Load) -> dict[str, float]:
    """Return hours by kind and in all, under the names that scripts read."""
    spans = {name: one.hours[kind] for kind, name in _NAMES.items()}
    return {
        name: round(span / _HOUR, 2)
        for name, span in {**spans, "total_h": one.total}.items()
    }


def shape(found: Carried) -> dict[str, Any]:
    """Return it as JSON has it."""
    return {
        "rotations": list(found.rotations),
        "past": _period(found.past),
        "coming": _period(found.coming),
    }


def _of_all(people: Sequence[str], loads: Sequence[Load]) -> tuple[Load, ...]:
    known = {one.person: one for one in loads}
    nothing = dict.fromkeys(HourKind, timedelta())
    return tuple(
        known.get(person) or Load(person=person, hours=nothing) for person in people
    )


def _period(period: Period) -> dict[str, Any]:
    return {
        "from": _instant(period.start),
        "to": _instant(period.end),
        "people": [{"person": one.person, **hours(one)} for one in period.loads],
    }


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
