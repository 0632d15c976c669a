"""The leaders must know: somebody asks for it, and it is done at once."""

from datetime import datetime

from oncall.actions.done import Done
from oncall.actions.examine import FINISHED, examine
from oncall.actions.house import View
from oncall.model import Outcome
from oncall.store import Tx, issues, timeline


def tell_leaders(
    tx: Tx, view: View, number: int, person: str | None, now: datetime
) -> Done:
    """Tell leadership of an issue, whatever its severity; once is enough."""
    standing = issues.lock(tx, number)
    if standing is None:
        return Done(outcome=Outcome.UNKNOWN)
    issue = standing.issue
    if issue.status in FINISHED:
        return Done(outcome=Outcome.CLOSED, issue=issue)
    if issue.asked_at is None:
        issues.change(tx, number, asked_at=now, updated_at=now)
        timeline.note(tx, number, "asked_for_leaders", now, person=person)
        examine(tx, view, number, now)
    return Done(outcome=Outcome.APPLIED, issue=issues.find(tx, number))
