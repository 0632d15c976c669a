"""Many issues with one cause: opened, joined, left, taken, told of and ended together.

What follows for each of its issues is in `carry_on`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from escalation_policies.decide import start
from oncall.actions.carry_on import Joined, carry_on, note, put_in
from oncall.actions.examine import FINISHED, examine
from oncall.actions.house import View
from oncall.actions.incident_updates import address
from oncall.errors import Conflict, NotFound
from oncall.model import Incident, Issue, Status
from oncall.store import Tx, incidents, issues
from oncall.store.incident_updates import Update
from oncall.store.incidents import Member
from oncall.store.issues import Standing


def found(tx: Tx, incident: int) -> Incident:
    """Return an incident. Raises NotFound."""
    return _there(incidents.find(tx, incident), incident)


def held(tx: Tx, incident: int) -> Incident:
    """Do as `found`, and hold it until the transaction ends."""
    return _there(incidents.lock(tx, incident), incident)


def open_incident(
    tx: Tx,
    view: View,
    title: str,
    numbers: Sequence[int],
    now: datetime,
    *,
    by: str | None,
    cause: str = "",
) -> Incident:
    """Open an incident over these issues. Raises NotFound and Conflict as `join`.

    Nobody has it until somebody says so: nothing about paging changes before.
    """
    key = incidents.add(tx, title=title, cause=cause, by=by, now=now)
    return join(tx, view, key, numbers, now, by=by)


def join(
    tx: Tx,
    view: View,
    incident: int,
    numbers: Sequence[int],
    now: datetime,
    *,
    by: str | None,
) -> Incident:
    """Join issues, all or none. One that is joined already stays as it is.

    Raises NotFound, and Conflict for what is finished or in another incident.
    """
    into = still_open(held(tx, incident))
    for number in dict.fromkeys(numbers):
        issue = _joinable(tx, into, number)
        if issue.incident is None:
            put_in(tx, into, number, now, by=by, reason=Joined.PERSON)
    carry_on(tx, view, into, now)
    return found(tx, incident)


def leave(
    tx: Tx, view: View, incident: int, number: int, now: datetime, *, by: str | None
) -> Incident:
    """Part an issue from an incident: the rules decide about it again, at once.

    What was acknowledged only because of the incident is nobody's again. Raises
    NotFound.
    """
    left = held(tx, incident)
    member = incidents.member(tx, incident, number)
    standing = issues.lock(tx, number)
    if member is None or standing is None:
        msg = f"issue #{number} is not in incident {incident}"
        raise NotFound(msg)
    incidents.leave(tx, member, now, by=by)
    note(tx, left, number, "left_incident", now, by=by)
    if _had_by_incident_alone(standing.issue, member):
        _put_back(tx, standing, now)
    examine(tx, view, number, now)
    return found(tx, incident)


def acknowledge(
    tx: Tx, view: View, incident: int, person: str, now: datetime
) -> Incident:
    """I have it, with all that is joined or will be. A later one changes nothing."""
    taken = still_open(held(tx, incident))
    if taken.owner is not None:
        return taken
    values = {"owner": person, "acknowledged_at": now, "told_at": now}
    incidents.change(tx, incident, **values)
    carry_on(tx, view, replace(taken, **values), now)  # type: ignore[arg-type]
    return found(tx, incident)


def tell_customers(
    tx: Tx,
    view: View,
    incident: Incident,
    texts: Mapping[str, str],
    author: str | None,
    now: datetime,
) -> Update:
    """Tell every customer of an incident that is held, once each; `texts` by language.

    Who answers them all has the incident, if nobody has it yet: so it is with an issue.
    """
    update = address(tx, view, incident, texts, author, now)
    nobodys = incident.owner is None and incident.closed_at is None
    if nobodys and author is not None and author in view.config.people:
        acknowledge(tx, view, incident.id, author, now)
    else:
        carry_on(tx, view, incident, now)
    return update


def resolve(
    tx: Tx,
    view: View,
    incident: int,
    result: str,
    now: datetime,
    *,
    by: str | None,
    cause: str = "",
    with_issues: bool = False,
) -> Incident:
    """End an incident. Its issues go on, unless they are to end with the same result."""
    ended = still_open(held(tx, incident))
    values = {
        "closed_at": now,
        "closed_by": by,
        "result": result,
        "cause": cause or ended.cause,
        "resolves": with_issues,
    }
    incidents.change(tx, incident, **values)
    carry_on(tx, view, replace(ended, **values), now)  # type: ignore[arg-type]
    return found(tx, incident)


def still_open(incident: Incident) -> Incident:
    """Return it. Raises Conflict once it has ended."""
    if incident.closed_at is not None:
        msg = f"incident {incident.id} is resolved; open another"
        raise Conflict(msg)
    return incident


def _there(incident: Incident | None, key: int) -> Incident:
    if incident is None:
        msg = f"there is no incident {key}"
        raise NotFound(msg)
    return incident


def _joinable(tx: Tx, into: Incident, number: int) -> Issue:
    standing = issues.lock(tx, number)
    if standing is None:
        msg = f"there is no issue #{number}"
        raise NotFound(msg)
    issue = standing.issue
    if issue.incident not in (None, into.id):
        msg = (
            f"issue #{number} is in incident {issue.incident}; take it out there first"
        )
        raise Conflict(msg)
    if issue.status in FINISHED:
        msg = f"issue #{number} is {issue.status}"
        raise Conflict(msg)
    return issue


def _had_by_incident_alone(issue: Issue, member: Member) -> bool:
    """Tell whether nobody has said "I have it" of this very issue."""
    return (
        issue.status not in FINISHED
        and member.taken_at is not None
        and issue.acknowledged_at == member.taken_at
        and issue.confirmed_at is None
    )


def _put_back(tx: Tx, standing: Standing, now: datetime) -> None:
    """Let the policy begin anew; bad news that was told is not told twice."""
    issue, progress = standing.issue, standing.progress
    issues.change(
        tx,
        issue.number,
        status=Status.OPEN,
        owner=None if issue.owner == issue.acknowledged_by else issue.owner,
        acknowledged_at=None,
        acknowledged_by=None,
        updated_at=now,
    )
    anew = replace(
        start(standing.policy, now),
        told=progress.told,
        asked_told_at=progress.asked_told_at,
    )
    issues.save_progress(tx, issue.number, anew)
