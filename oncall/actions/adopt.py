"""A configuration comes into force: the past stays, and who is on call stays on call."""

from dataclasses import replace
from datetime import datetime, timedelta

from oncall.config.values import Config
from oncall.store import Tx, exceptions, revisions
from rotations.coverage import Roster
from rotations.history import revise
from rotations.preview import Change, preview
from rotations.revision import Chronicle
from rotations.rotation import Rotation

SHOWN = timedelta(days=90)
"""How far ahead it is told whose shifts a change of the file touches."""
LOOK_BACK = timedelta(days=40)


def adopt(tx: Tx, config: Config, now: datetime) -> None:
    """Keep the file's rotations as revisions; a changed one waits for its handoff."""
    before = revisions.history(tx)
    after = revise(before, config.roster.rotations, desk=config.roster.desk, now=now)
    revisions.keep(tx, before, after, now)


def foreseen(tx: Tx, config: Config, now: datetime) -> tuple[Change, ...]:
    """Return whose shifts would change in the next 90 days; nothing is written."""
    changed = exceptions.load(tx, now - LOOK_BACK)
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
