"""I help: beside the owner, who stays the customer's contact."""

from datetime import datetime

from oncall.actions.acknowledge import add_helper, take
from oncall.actions.done import Done
from oncall.actions.examine import FINISHED
from oncall.actions.house import View
from oncall.model import Outcome
from oncall.store import Tx, issues, paged, pages


def help_owner(tx: Tx, view: View, number: int, person: str, now: datetime) -> Done:
    """Join an issue; whoever offers help where nobody has it takes it."""
    standing = issues.lock(tx, number)
    if standing is None:
        return Done(outcome=Outcome.UNKNOWN)
    issue = standing.issue
    paged.mark_answered(tx, number, person, now)
    if issue.status in FINISHED:
        return Done(outcome=Outcome.CLOSED, issue=issue)
    if issue.owner is None:
        return take(tx, view, issue, person, now)
    pages.cancel_waiting(tx, number, now, detail="helping", person=person)
    if issue.owner != person:
        add_helper(tx, issue, person, now)
    return Done(outcome=Outcome.APPLIED, issue=issues.find(tx, number))
