"""Another person becomes the customer's contact, with a reason."""

from datetime import datetime

from escalation_policies.reason import Reason
from oncall.actions import outbox
from oncall.actions.done import Done
from oncall.actions.examine import FINISHED, examine
from oncall.actions.house import View
from oncall.actions.in_place import name_owner
from oncall.model import Outcome
from oncall.store import Tx, issues, pages, timeline

ASSIGNED = "assigned"
AS_OWNER = (ASSIGNED, Reason.NO_REPLY)
"""Why an owner is paged, wherever the levels are."""


def assign(
    tx: Tx, view: View, number: int, person: str, reason: str, now: datetime
) -> Done:
    """Make `person` the owner and page them, so that they know. Raises NotFound.

    Who was the owner until now is not paged as such any more.
    """
    view.person(person)
    standing = issues.lock(tx, number)
    if standing is None:
        return Done(outcome=Outcome.UNKNOWN)
    issue = standing.issue
    if issue.status in FINISHED:
        return Done(outcome=Outcome.CLOSED, issue=issue)
    if issue.owner != person:
        issues.change(tx, number, owner=person, updated_at=now)
        timeline.note(tx, number, "assigned", now, person=person, detail=reason)
        if issue.owner is not None:
            pages.cancel_waiting(
                tx,
                number,
                now,
                detail="assigned to somebody else",
                person=issue.owner,
                reasons=AS_OWNER,
            )
        assigned = issues.find(tx, number)
        if assigned is not None and issue.owner is None:
            name_owner(tx, view, assigned, now)
        outbox.page(tx, view, issue, person, now, level=None, round_=0, reason=ASSIGNED)
        examine(tx, view, number, now)
    return Done(outcome=Outcome.APPLIED, issue=issues.find(tx, number))
