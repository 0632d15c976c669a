"""Somebody else, please: the next level is paged at once."""

from datetime import datetime

from escalation_policies.decide import pass_on as next_level_now
from oncall.actions.done import Done
from oncall.actions.examine import FINISHED, examine
from oncall.actions.house import View
from oncall.model import Issue, Outcome, Status
from oncall.store import Tx, holding, issues, paged, pages, timeline
from oncall.store.issues import Standing


def pass_on(tx: Tx, view: View, number: int, person: str | None, now: datetime) -> Done:
    """Go up a level now. An owner who passes lets go of the issue.

    Whoever passes what somebody else has, or what has been passed over their head
    already, changes nothing for the others.
    """
    standing = issues.lock(tx, number)
    if standing is None:
        return Done(outcome=Outcome.UNKNOWN)
    issue = standing.issue
    if issue.status in FINISHED:
        return Done(outcome=Outcome.CLOSED, issue=issue)
    if person:
        paged.mark_answered(tx, number, person, now)
        pages.cancel_waiting(tx, number, now, detail="passed on", person=person)
    if person and issue.acknowledged_at is not None and person != issue.owner:
        return Done(outcome=Outcome.ALREADY, issue=issue)
    timeline.note(tx, number, "passed", now, person=person)
    if not _passed_before(standing, person):
        _let_go(tx, issue, person, now)
        issues.save_progress(tx, number, next_level_now(standing.progress, now))
        examine(tx, view, number, now)
    return Done(outcome=Outcome.APPLIED, issue=issues.find(tx, number))


def _passed_before(standing: Standing, person: str | None) -> bool:
    """Tell whether another level is being paged than the one this person is in."""
    progress = standing.progress
    paged = frozenset[str]() if progress.last_resort else progress.paged
    others = person is not None and person != standing.issue.owner
    return others and bool(paged) and person not in paged


def _let_go(tx: Tx, issue: Issue, person: str | None, now: datetime) -> None:
    issues.change(
        tx,
        issue.number,
        status=Status.OPEN,
        owner=None if issue.owner == person else issue.owner,
        acknowledged_at=None,
        acknowledged_by=None,
        confirmed_at=None,
        snoozed_until=None,
        updated_at=now,
    )
    holding.let_go(tx, issue.number, now)
