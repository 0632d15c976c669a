"""A configuration comes into force: the past stays, and who is on call stays on call."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from oncall.config.values import Config
from oncall.store import Tx, acting, departures, revisions
from rotations.coverage import Roster
from rotations.exception import Exceptions
from rotations.history import revise
from rotations.preview import Change, preview
from rotations.revision import Chronicle
from rotations.rotation import Rotation

SHOWN = timedelta(days=90)
"""How far ahead it is told whose shifts a change of the file touches."""


def adopt(tx: Tx, config: Config, now: datetime) -> None:
    """Keep the file's rotations as revisions; a changed one waits for its handoff.

    And note who of those whom exceptions name has left with this file.
    """
    before = revisions.history(tx)
    after = revise(before, config.roster.rotations, desk=config.roster.desk, now=now)
    revisions.keep(tx, before, after, now)
    named = {person for _, person in covering(acting.since(tx, now))}
    departures.note(tx, named, config.people, now)


def without_cover(tx: Tx, config: Config, now: datetime) -> tuple[str, ...]:
    """Return what overrides and swaps, not over yet, name people who have left."""
    return tuple(
        f"{what} puts {person} on call, who is not in the file any more: "
        "whoever stands beneath is on call"
        for what, person in covering(acting.since(tx, now))
        if person not in config.people
    )


def covering(exceptions: Exceptions) -> Iterator[tuple[str, str]]:
    """Yield whom each override and swap puts on call, after what it is called."""
    for override in exceptions.overrides:
        if override.person is not None:
            yield f"override {override.id} of {override.rotation}", override.person
    for swap in exceptions.swaps:
        yield f"swap {swap.id} of {swap.rotation}", swap.with_person
        if swap.back_start is not None:
            yield f"swap {swap.id} of {swap.rotation}", swap.person


def foreseen(tx: Tx, config: Config, now: datetime) -> tuple[Change, ...]:
    """Return whose shifts would change in the next 90 days; nothing is written."""
    changed = acting.since(tx, now)
    roster = config.roster.with_exceptions(changed)
    before = revisions.history(tx)
    after = revise(before, roster.rotations, desk=roster.desk, now=now)
    if not before.revisions or before == after:
        return ()
    old = replace(roster, history=before, rotations=_newest(before))
    return preview(old, replace(roster, history=after), now, now + SHOWN)


def _newest(history: Chronicle) -> dict[str, Rotation]:
    newest = {name: each[-1].rotation for name, each in history.revisions.items()}
    return {name: rotation for name, rotation in newest.items() if rotation is not None}


def proposed(roster: Roster, now: datetime) -> Roster:
    """Return a roster as it will be once its own rotations are loaded."""
    after = revise(roster.history, roster.rotations, desk=roster.desk, now=now)
    return replace(roster, history=after)
