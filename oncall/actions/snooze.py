"""Not now: holds the levels for a while, never bad news."""

from datetime import datetime, timedelta

from oncall.actions.done import Done
from oncall.actions.examine import FINISHED, examine
from oncall.actions.house import View
from oncall.model import Outcome
from oncall.store import Tx, holding, issues, paged, timeline

BY_PHONE = timedelta(minutes=15)


def snooze(
    tx: Tx, view: View, number: int, person: str | None, span: timedelta, now: datetime
) -> Done:
    """Hold an issue's levels and pages for `span` from now; what waits comes then."""
    standing = issues.lock(tx, number)
    if standing is None:
        return Done(outcome=Outcome.UNKNOWN)
    issue = standing.issue
    if issue.status in FINISHED:
        return Done(outcome=Outcome.CLOSED, issue=issue)
    until = now + span
    issues.change(tx, number, snoozed_until=until, updated_at=now)
    if person:
        paged.mark_answered(tx, number, person, now)
    holding.hold(tx, number, until, now)
    timeline.note(tx, number, "snoozed", now, person=person, detail=until.isoformat())
    examine(tx, view, number, now)
    return Done(outcome=Outcome.APPLIED, issue=issues.find(tx, number))
