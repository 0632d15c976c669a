"""What follows for each issue of an incident: done a slice at a time.

So nothing grows with the storm. An incident's `due_at` says that there is more to do;
whoever is killed in the middle has done whole slices, and the next one goes on.
"""

from datetime import datetime
from enum import StrEnum

from oncall.actions.acknowledge import take
from oncall.actions.house import View
from oncall.actions.incident_owner import tell_owner
from oncall.actions.incident_updates import write_letters
from oncall.actions.resolve import resolve
from oncall.actions.suggest import is_free
from oncall.model import Incident, Outcome, Status
from oncall.store import Tx, incident_suggestions, incidents, issues, timeline

SLICE = 25
"""So many issues are dealt with in one transaction."""


class Joined(StrEnum):
    """Why an issue is in an incident: somebody said so, a rule did, or it is alike."""

    PERSON = "person"
    RULE = "rule"
    ALIKE = "alike"


def carry_on(tx: Tx, view: View, incident: Incident, now: datetime) -> None:
    """Do a slice of what is to be done for an incident that is held.

    Whatever is left, or falls due later, is the engine's: `due_at` says when.
    """
    room = SLICE
    for step in (_join_confirmed, _take, write_letters, _end_issues):
        room -= step(tx, view, incident, now, room)
        if room <= 0:
            incidents.change(tx, incident.id, due_at=now)
            return
    as_it_is = incidents.find(tx, incident.id) or incident
    incidents.change(tx, incident.id, due_at=tell_owner(tx, view, as_it_is, now))


def put_in(
    tx: Tx,
    into: Incident,
    number: int,
    now: datetime,
    *,
    by: str | None,
    reason: Joined,
    detail: str = "",
) -> None:
    """Join an issue that is held and in no incident, and say so on its timeline."""
    incidents.join(tx, into.id, number, now, by=by, reason=reason, detail=detail)
    note(tx, into, number, "joined_incident", now, by=by, reason=reason, why=detail)


def _join_confirmed(
    tx: Tx, _view: View, incident: Incident, now: datetime, room: int
) -> int:
    """Join what somebody has confirmed to be of this incident."""
    if incident.closed_at is not None:
        return 0
    waiting = incident_suggestions.confirmed_for(tx, incident.id, room)
    for number, by, because in waiting:
        standing = issues.lock(tx, number)
        if standing is None or not is_free(standing.issue):
            continue  # somebody ended or joined it until we held it
        put_in(tx, incident, number, now, by=by, reason=Joined.ALIKE, detail=because)
    return len(waiting)


def _take(tx: Tx, view: View, incident: Incident, now: datetime, room: int) -> int:
    """Acknowledge in the owner's name what nobody has; an owner it has stays."""
    owner = incident.owner
    if owner is None or incident.closed_at is not None:
        return 0
    if owner not in view.config.people:
        return 0  # who has left has nothing more: the rules go on for each issue
    waiting = incidents.untaken(tx, incident.id, room)
    for member in waiting:
        standing = issues.lock(tx, member.issue)
        if standing is None or standing.issue.status is not Status.OPEN:
            continue  # somebody took or ended it until we held it
        note(tx, incident, member.issue, "taken_with_incident", now, by=owner)
        take(tx, view, standing.issue, owner, now)
        incidents.taken(tx, member, now)
    return len(waiting)


def _end_issues(
    tx: Tx, view: View, incident: Incident, now: datetime, room: int
) -> int:
    if not incident.resolves:
        return 0
    ended = incidents.unfinished(tx, incident.id, room)
    for number in ended:
        done = resolve(tx, view, number, incident.closed_by, incident.result, now)
        # finished, if by somebody else meanwhile: or it would be tried forever
        assert done.outcome in (Outcome.APPLIED, Outcome.CLOSED)  # noqa: S101
    if len(ended) < room:
        # Once: what a customer opens again afterwards is not ended with the others.
        incidents.change(tx, incident.id, resolves=False)
    return len(ended)


def note(
    tx: Tx,
    incident: Incident,
    number: int,
    event: str,
    now: datetime,
    *,
    by: str | None,
    reason: str = "",
    why: str = "",
) -> None:
    """Write of an incident into the timeline of one of its issues."""
    said = f"incident {incident.id}: {incident.title}"
    detail = f"{said} ({why})" if why else said
    timeline.note(tx, number, event, now, reason=reason, person=by, detail=detail)
