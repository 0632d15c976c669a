"""How bad it is, as people see it."""

from datetime import datetime

from escalation_policies.policy import Severity
from oncall.actions.done import Done
from oncall.actions.examine import FINISHED, examine
from oncall.actions.house import View
from oncall.actions.outbox import PRIORITY
from oncall.errors import Refused
from oncall.model import Outcome
from oncall.store import Tx, bundles, issues, pages, timeline


def set_severity(
    tx: Tx, view: View, number: int, severity: Severity, reason: str, now: datetime
) -> Done:
    """Raise at will, lower with care. Raises Refused for lowering critical untold."""
    standing = issues.lock(tx, number)
    if standing is None:
        return Done(outcome=Outcome.UNKNOWN)
    issue = standing.issue
    if issue.status in FINISHED:
        return Done(outcome=Outcome.CLOSED, issue=issue)
    lowers = severity.rank < issue.severity.rank
    if lowers and issue.severity is Severity.CRITICAL and not reason.strip():
        msg = "say why a critical issue is no longer critical"
        raise Refused(msg, [("reason", "is needed to lower a critical issue")])
    if severity is not issue.severity:
        change(tx, view, number, severity, reason, now)
    return Done(outcome=Outcome.APPLIED, issue=issues.find(tx, number))


def change(
    tx: Tx, view: View, number: int, severity: Severity, reason: str, now: datetime
) -> None:
    """Set it, and see at once whether that is bad news."""
    issues.change(tx, number, severity=severity, updated_at=now)
    pages.set_priority(tx, number, PRIORITY[severity])
    if severity is Severity.CRITICAL:
        bundles.release(tx, number, now)
    timeline.note(tx, number, "severity", now, reason=severity, detail=reason)
    examine(tx, view, number, now)
