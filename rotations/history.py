"""What becomes of the revisions when definitions change: the past stays as it was.

- Unchanged: keeps its revision, also one that is still to take effect.
- New: valid from the beginning of time; after it was removed: from now.
- Changed: valid from when a shift of those on call next ends, as planned without
  exceptions; from now when it is nobody's turn. A change that has not taken effect yet
  is replaced.
- Removed: ends now, or when the last rotation that follows it has let go of it.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from rotations.coverage import Roster
from rotations.revision import Chronicle, Revision
from rotations.rotation import Rotation
from rotations.shift import utc
from rotations.succession import as_written, succeeding
from rotations.window import Desk

# Nobody's turn keeps a change waiting for longer.
_AHEAD = timedelta(days=366)


def revise(
    history: Chronicle,
    definitions: Mapping[str, Rotation],
    *,
    desk: Desk,
    now: datetime,
) -> Chronicle:
    """Return the history once `definitions`, all there are by id, are loaded at `now`.

    Equal to `history` when nothing changed.
    """
    now = utc(now)
    revised = {
        name: _revised(history, definition, desk, now)
        for name, definition in definitions.items()
    }
    removed = {
        name: _ended(history, name, revised, now)
        for name in history.revisions
        if name not in definitions
    }
    return Chronicle(revisions=revised | removed)


def _revised(
    history: Chronicle, definition: Rotation, desk: Desk, now: datetime
) -> tuple[Revision, ...]:
    known = history.revisions.get(definition.id)
    if known is None:
        return (Revision(rotation=definition),)
    past = _past(known, now)
    for revisions in (known, past):
        newest = revisions[-1].rotation
        if newest is not None and as_written(newest) == definition:
            return revisions
    current = past[-1].rotation
    if current is None:
        return _with(past, Revision(rotation=definition, valid_from=now))
    before = Chronicle(revisions={**history.revisions, definition.id: past})
    seam = _handoff(before, definition.id, desk, now)
    following = succeeding(current, definition, desk, seam)
    return _with(past, Revision(rotation=following, valid_from=seam))


def _handoff(history: Chronicle, name: str, desk: Desk, now: datetime) -> datetime:
    """Return when a planned shift under way next ends; `now` when there is none."""
    plan = Roster(rotations={}, desk=desk, history=history)
    shifts = plan.shifts_between(name, now, now + _AHEAD)
    return min((shift.end for shift in shifts if shift.start == now), default=now)


def _ended(
    history: Chronicle,
    name: str,
    revised: Mapping[str, tuple[Revision, ...]],
    now: datetime,
) -> tuple[Revision, ...]:
    known = history.revisions[name]
    if known[-1].rotation is None:
        return known
    let_go = [
        revisions[-1].valid_from
        for follower, revisions in revised.items()
        if follower in history.revisions and _rests_on(history, follower, name, now)
    ]
    ends = max(now, *let_go) if let_go else now
    return _with(_past(known, now), Revision(rotation=None, valid_from=ends))


def _rests_on(history: Chronicle, follower: str, name: str, now: datetime) -> bool:
    chain, _ = history.chain_at(follower, now)
    return any(rotation.id == name for rotation in chain)


def _past(known: tuple[Revision, ...], now: datetime) -> tuple[Revision, ...]:
    return tuple(revision for revision in known if revision.valid_from <= now)


def _with(known: tuple[Revision, ...], newest: Revision) -> tuple[Revision, ...]:
    """Return the revisions with one more, in place of one of the same instant."""
    earlier = (r for r in known if r.valid_from < newest.valid_from)
    return (*earlier, newest)
