"""It is solved: nobody is paged for it any more."""

from datetime import datetime

from oncall.actions.done import Done
from oncall.actions.examine import FINISHED, examine
from oncall.actions.house import View
from oncall.model import Outcome, Status
from oncall.store import Tx, issues, paged, pages, timeline


def resolve(
    tx: Tx, view: View, number: int, person: str | None, result: str, now: datetime
) -> Done:
    """Finish an issue. `result` is what the customer was told."""
    standing = issues.lock(tx, number)
    if standing is None:
        return Done(outcome=Outcome.UNKNOWN)
    issue = standing.issue
    if person:
        paged.mark_answered(tx, number, person, now)
    if issue.status in FINISHED:
        return Done(outcome=Outcome.CLOSED, issue=issue)
    issues.change(
        tx,
        number,
        status=Status.RESOLVED,
        owner=issue.owner or person,
        resolved_at=now,
        updated_at=now,
        result=result,
    )
    timeline.note(tx, number, "resolved", now, person=person, detail=result)
    pages.cancel_waiting(tx, number, now, detail="resolved")
    examine(tx, view, number, now)
    return Done(outcome=Outcome.APPLIED, issue=issues.find(tx, number))
