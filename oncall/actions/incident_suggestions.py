"""People decide whether issues that are alike have one cause."""

from collections.abc import Sequence
from datetime import datetime

from oncall.actions.carry_on import carry_on
from oncall.actions.house import View
from oncall.actions.incidents import acknowledge, found, held, still_open
from oncall.errors import Conflict, NotFound, Refused
from oncall.model import Incident
from oncall.store import Tx, incident_suggestions, incidents
from oncall.store.incident_suggestions import Suggestion


def confirm(
    tx: Tx,
    view: View,
    suggestion: int,
    now: datetime,
    *,
    by: str | None,
    title: str = "",
    incident: int | None = None,
    numbers: Sequence[int] = (),
    takes: bool = False,
) -> Incident:
    """Make the suggested issues one incident, or join them to one that is open.

    Only `numbers`, when some are given. `takes`: whoever confirms has it. Raises
    NotFound, Conflict and Refused.
    """
    asked = _undecided(tx, suggestion)
    _check(tx, asked, numbers)
    key = incident or asked.incident
    if key is None:
        key = incidents.add(tx, title=title or asked.title, by=by, now=now)
    into = still_open(held(tx, key))
    if numbers:
        incident_suggestions.drop_all_but(tx, suggestion, numbers)
    incident_suggestions.decide(tx, suggestion, now, by=by, confirmed_as=key)
    carry_on(tx, view, into, now)
    if takes and by is not None:
        return acknowledge(tx, view, key, by, now)
    return found(tx, key)


def dismiss(tx: Tx, suggestion: int, now: datetime, *, by: str | None) -> None:
    """Say that the suggested issues have nothing to do with one another."""
    _undecided(tx, suggestion)
    incident_suggestions.decide(tx, suggestion, now, by=by)


def _undecided(tx: Tx, suggestion: int) -> Suggestion:
    asked = incident_suggestions.hold(tx, suggestion)
    if asked is None:
        msg = f"there is no suggestion {suggestion}"
        raise NotFound(msg)
    if asked.decided_at is not None:
        what = "confirmed" if asked.confirmed else "dismissed"
        msg = f"suggestion {suggestion} was {what} before"
        raise Conflict(msg)
    return asked


def _check(tx: Tx, asked: Suggestion, numbers: Sequence[int]) -> None:
    known = {each.number for each in incident_suggestions.suggested(tx, asked.id)}
    if not known:
        msg = f"all issues of suggestion {asked.id} are finished or in an incident"
        raise Conflict(msg)
    strangers = [number for number in numbers if number not in known]
    if strangers:
        names = ", ".join(f"#{number}" for number in strangers)
        msg = f"not in suggestion {asked.id}: {names}"
        raise Refused(msg, [("issues", msg)])
