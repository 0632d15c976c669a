"""I have it: stops the levels, and makes the person owner if there is none."""

from datetime import datetime

from oncall.actions.done import Done
from oncall.actions.examine import FINISHED, examine, tell_unheard
from oncall.actions.house import View
from oncall.actions.in_place import name_owner, settle_buttons
from oncall.model import Issue, Outcome, Status, Verb
from oncall.store import Tx, issues, paged, pages, timeline


def acknowledge(
    tx: Tx, view: View, number: int, person: str, now: datetime, *, pressed: str = ""
) -> Done:
    """Take an issue. Late, twice or by somebody else never changes the owner.

    The buttons in the person's chat have no meaning then; `pressed` is the page under
    which one was pressed, which is changed with the answer.
    """
    standing = issues.lock(tx, number)
    if standing is None:
        return Done(outcome=Outcome.UNKNOWN)
    issue = standing.issue
    paged.mark_answered(tx, number, person, now)
    if issue.status in FINISHED:
        return Done(outcome=Outcome.CLOSED, issue=issue)
    again = issue.acknowledged_at is not None
    done = (_again if again else take)(tx, view, issue, person, now)
    if done.issue is not None:
        its = done.issue
        settle_buttons(tx, view, its, person, Verb.TAKE, now, pressed=pressed)
    return done


def take(tx: Tx, view: View, issue: Issue, person: str, now: datetime) -> Done:
    """Make an unacknowledged issue this person's, and call everybody else off."""
    issues.change(
        tx,
        issue.number,
        status=Status.ACKNOWLEDGED,
        owner=issue.owner or person,
        acknowledged_at=now,
        acknowledged_by=person,
        updated_at=now,
    )
    timeline.note(tx, issue.number, "acknowledged", now, person=person)
    _call_off(tx, issue, now)
    taken = issues.find(tx, issue.number)
    if taken is not None and issue.owner is None:
        name_owner(tx, view, taken, now)
    if taken is not None:
        tell_unheard(tx, view, taken, person, now)
    examine(tx, view, issue.number, now)
    return Done(outcome=Outcome.APPLIED, issue=issues.find(tx, issue.number))


def _again(tx: Tx, view: View, issue: Issue, person: str, now: datetime) -> Done:
    """Have the second one help; a paged owner who answers has it anew."""
    issues.change(tx, issue.number, confirmed_at=now, updated_at=now)
    _call_off(tx, issue, now)
    if person != issue.owner:
        add_helper(tx, issue, person, now)
    examine(tx, view, issue.number, now)
    return Done(outcome=Outcome.ALREADY, issue=issues.find(tx, issue.number))


def _call_off(tx: Tx, issue: Issue, now: datetime) -> None:
    if called_off := pages.cancel_waiting(tx, issue.number, now, detail="acknowledged"):
        timeline.note(
            tx,
            issue.number,
            "cancelled",
            now,
            reason="acknowledged",
            detail=f"{called_off} waiting messages",
        )


def add_helper(tx: Tx, issue: Issue, person: str, now: datetime) -> None:
    """Put a person beside the owner; the customer's contact stays who it is."""
    if person in issue.helpers:
        return
    issues.change(tx, issue.number, helpers=[*issue.helpers, person], updated_at=now)
    timeline.note(tx, issue.number, "helper", now, person=person)
