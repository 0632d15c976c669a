"""Who is on call in the place of others after a change, and how each is reached."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from oncall.cli import ground, output

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from oncall.actions.house import View
    from oncall.config.values import Config
    from rotations.coverage import Roster
    from rotations.exception import Absence, Override
    from rotations.shift import Shift

MOST = 20
"""Lines; an absence of months from short turns would fill the screen."""


def of_absence(config: Config, absence: Absence) -> list[str]:
    """Say who covers each shift of somebody who is away."""
    roster = ground.roster_of(config, absence.start, absence.end)
    kept = (each for each in roster.exceptions.absences if each.id != absence.id)
    present = roster.instead(replace(roster.exceptions, absences=tuple(kept)))
    view = ground.view_at(config, ground.present())
    who = view.name_of(absence.person)
    lines = [
        _said(view, rotation, covering)
        for rotation in roster.rotations
        for theirs in present.shifts_between(rotation, absence.start, absence.end)
        if theirs.person == absence.person
        for covering in _instead(roster, rotation, theirs)
    ]
    return _cut(lines) or [f"{who} has no shift in that time"]


def of_override(config: Config, override: Override) -> list[str]:
    """Say who is on call while an override holds."""
    rotation = override.rotation
    roster = ground.roster_of(config, override.start, override.end)
    view = ground.view_at(config, ground.present())
    if override.person and not view.ladder(view.person(override.person)):
        name = view.name_of(override.person)
        return [f"{name} cannot be reached: no contact method of theirs works"]
    shifts = roster.shifts_between(rotation, override.start, override.end)
    lines = [_said(view, rotation, [shift]) for shift in _joined(shifts)]
    return _cut(lines) or [f"{rotation}: NOBODY is on call then"]


def _joined(shifts: Iterable[Shift]) -> list[Shift]:
    """Return shifts that follow one another without a pause as one for each person.

    An override over several turns is cut where they meet; its person serves through.
    """
    joined: list[Shift] = []
    last: dict[str, int] = {}
    for shift in shifts:
        place = last.get(shift.person)
        if place is not None and joined[place].end >= shift.start:
            end = max(joined[place].end, shift.end)
            joined[place] = replace(joined[place], end=end)
        else:
            last[shift.person] = len(joined)
            joined.append(shift)
    return joined


def _instead(roster: Roster, rotation: str, theirs: Shift) -> Iterator[list[Shift]]:
    """Yield who is on call together in the place of a shift; an empty list is a gap.

    Those who would be on call beside them anyway are named too: they are who answers.
    """
    shifts = roster.shifts_between(rotation, theirs.start, theirs.end)
    at = theirs.start
    for start, together in groupby(shifts, key=lambda shift: shift.start):
        found = list(together)
        if start > at:
            yield [replace(theirs, person="", start=at, end=start)]
        yield found
        at = max(at, *(shift.end for shift in found))
    if at < theirs.end:
        yield [replace(theirs, person="", start=at)]


def _said(view: View, rotation: str, shifts: list[Shift]) -> str:
    zone = view.config.service.zone
    start, end = (
        output.local(at, zone)
        for at in (
            min(shift.start for shift in shifts),
            max(shift.end for shift in shifts),
        )
    )
    people = [_reached(view, shift.person) for shift in shifts if shift.person]
    who = ", ".join(people) or "NOBODY: make an override"
    return f"{rotation}, {start} to {end} ({zone.key}): {who}"


def _reached(view: View, person: str) -> str:
    known = view.config.people.get(person)
    vias = dict.fromkeys(step.via for step in view.ladder(known)) if known else {}
    return f"{view.name_of(person)} ({', '.join(vias) or 'CANNOT BE REACHED'})"


def _cut(lines: list[str]) -> list[str]:
    more = len(lines) - MOST
    if more <= 0:
        return lines
    return [*lines[:MOST], f"… and {more} shifts more: `oncall shifts` lists them"]


def show(lines: list[str]) -> None:
    """Print what was said of a change, under its own line."""
    for line in lines:
        output.say(f"  {line}")
