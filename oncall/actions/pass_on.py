"""Somebody else, please: the next level is paged at once."""

from datetime import datetime

from escalation_policies.decide import pass_on as next_level_now
from oncall.actions.done import Done
from oncall.actions.examine import FINISHED, examine
from oncall.actions.house import View
from oncall.model import Issue, Outcome, Status
from oncall.store import Tx, issues, pages, timeline


def pass_on(tx: Tx, view: View, number: int, person: str | None, now: datetime) -> Done:
    """Go up a level now. An owner who passes lets go of the issue."""
    standing = issues.lock(tx, number)
    if standing is None:
        return Done(outcome=Outcome.UNKNOWN)
    issue = standing.issue
    if issue.status in FINISHED:
        return Done(outcome=Outcome.CLOSED, issue=issue)
    _let_go(tx, issue, person, now)
    timeline.note(tx, number, "passed", now, person=person)
    issues.save_progress(tx, number, next_level_now(standing.progress, now))
    examine(tx, view, number, now)
    return Done(outcome=Outcome.APPLIED, issue=issues.find(tx, number))


def _let_go(tx: Tx, issue: Issue, person: str | None, now: datetime) -> None:
    if person:
        pages.mark_answered(tx, issue.number, person, now)
    pages.cancel_waiting(tx, issue.number, now, detail="passed on")
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
