"""Who will be on call and cannot be reached, or cannot answer."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from oncall.actions.house import View
from oncall.config.reach import is_one_way
from oncall.model import Via

Proven = Collection[tuple[str, Via, str]]
"""The methods by which a message has arrived: (person, via, address)."""


class Trouble(StrEnum):
    """Why a page may not do what it is for."""

    NO_METHOD = "no_method"
    """No contact method is left: no channel, no address, or all failed for good."""
    UNPROVEN = "unproven"
    """No message has ever arrived by the methods there are."""
    ONE_WAY_SMS = "one_way_sms"
    """Pages go by SMS only, and answers from that country do not arrive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    """Somebody who is on call in `rotations`, for the first time from `start`."""

    person: str
    because: tuple[Trouble, ...]
    rotations: tuple[str, ...]
    start: datetime


def unreached(
    view: View, proven: Proven, now: datetime, days: int
) -> tuple[Unreached, ...]:
    """Return who is on call in so many days and is in trouble, the soonest first."""
    first: dict[str, datetime] = {}
    rotations: dict[str, dict[str, None]] = {}
    for rotation in view.roster.rotations:
        until = now + timedelta(days=days)
        for shift in view.roster.shifts_between(rotation, now, until):
            start = max(shift.start, now)
            first[shift.person] = min(first.get(shift.person, start), start)
            rotations.setdefault(shift.person, {})[rotation] = None
    found = [
        Unreached(
            person=person, because=because, rotations=tuple(rotations[person]), start=at
        )
        for person, at in first.items()
        if (because := tuple(_troubles(view, proven, person)))
    ]
    return tuple(sorted(found, key=lambda one: (one.start, one.person)))


def shape(found: Collection[Unreached], now: datetime, days: int) -> dict[str, Any]:
    """Return it as JSON has it."""
    return {
        "from": _instant(now),
        "to": _instant(now + timedelta(days=days)),
        "people": [
            {
                "person": one.person,
                "because": list(one.because),
                "rotations": list(one.rotations),
                "first_on_call": _instant(one.start),
            }
            for one in found
        ],
    }


def _troubles(view: View, proven: Proven, name: str) -> Iterator[Trouble]:
    person = view.config.people.get(name)
    ladder = view.ladder(person) if person else ()
    if person is None or not ladder:
        yield Trouble.NO_METHOD
        return
    if all((name, step.via, step.address) not in proven for step in ladder):
        yield Trouble.UNPROVEN
    if {step.via for step in ladder} == {Via.SMS} and is_one_way(view.config, person):
        yield Trouble.ONE_WAY_SMS


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
