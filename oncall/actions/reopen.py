"""A customer writes after the end: the issue is open again, in the same hands."""

from dataclasses import replace
from datetime import datetime, timedelta

from escalation_policies.decide import start
from oncall.actions.house import View
from oncall.actions.report import Reported, append
from oncall.actions.words import tell_reopened
from oncall.model import Issue, Report, Status
from oncall.store import Tx, issues, timeline
from oncall.store.issues import Standing

REOPENS_WITHIN = timedelta(days=7)
"""After so long a customer's words are about something new."""


def may_reopen(issue: Issue, now: datetime) -> bool:
    """Tell whether an issue ended so recently that it goes on."""
    return now - (issue.resolved_at or issue.updated_at) <= REOPENS_WITHIN


def reopen(
    tx: Tx, view: View, standing: Standing, report: Report, now: datetime
) -> Reported:
    """Open a finished issue that is held, for what its customer writes now.

    Its owner has it again and is told. Without one who is still with us the policy
    starts anew; bad news that was told is not told twice.
    """
    issue = standing.issue
    owner = issue.owner if issue.owner in view.config.people else None
    issues.change(
        tx,
        issue.number,
        status=Status.ACKNOWLEDGED if owner else Status.OPEN,
        owner=owner,
        acknowledged_at=(issue.acknowledged_at or now) if owner else None,
        acknowledged_by=(issue.acknowledged_by or owner) if owner else None,
        confirmed_at=issue.confirmed_at if owner else None,
        resolved_at=None,
        snoozed_until=None,
        waiting_since=None,
        updated_at=now,
    )
    if owner is None:
        anew = replace(
            start(standing.policy, now),
            told=standing.progress.told,
            asked_told_at=standing.progress.asked_told_at,
        )
        issues.save_progress(tx, issue.number, anew)
    timeline.note(tx, issue.number, "reopened", now, person=owner)
    again = issues.find(tx, issue.number)
    return append(tx, view, again or issue, report, now, tell=tell_reopened)
