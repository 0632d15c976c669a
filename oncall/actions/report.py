"""A customer writes: a new issue, or one more message on an open one."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from escalation_policies.decide import start
from escalation_policies.select import Subject, Verdict, judge
from oncall.actions import severity
from oncall.actions.examine import FINISHED, examine
from oncall.actions.house import View
from oncall.actions.words import tell_customer_wrote
from oncall.model import Issue, Report, Status
from oncall.store import Tx, issues, timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """The issue that now holds the customer's words; `new` when it was opened for them."""

    issue: Issue
    new: bool


def report(tx: Tx, view: View, report: Report, now: datetime) -> Reported:
    """Take in what a customer says. Once this is committed it is not lost."""
    verdict = judge(view.config.severity_rules, view.config.routes, _subject(report))
    open_one = _open_one(tx, report)
    if open_one is not None:
        _append(tx, view, open_one, report, verdict, now)
    number = open_one.number if open_one else _open(tx, view, report, verdict, now)
    issue = issues.find(tx, number)
    assert issue is not None  # noqa: S101 (written in this very transaction)
    return Reported(issue=issue, new=open_one is None)


def _open_one(tx: Tx, report: Report) -> Issue | None:
    """Hold the unfinished issue this belongs to, unless it was finished meanwhile."""
    number = issues.open_by_source(tx, report.source, report.external_id)
    standing = None if number is None else issues.lock(tx, number)
    if standing is None or standing.issue.status in FINISHED:
        return None
    return standing.issue


def _open(tx: Tx, view: View, report: Report, verdict: Verdict, now: datetime) -> int:
    policy = view.config.policies[verdict.policy]
    number = issues.insert(
        tx,
        report,
        id=uuid.uuid4().hex,
        severity=verdict.severity,
        because=verdict.because,
        policy=policy,
        progress=start(policy, now),
        now=now,
    )
    timeline.note(
        tx,
        number,
        "opened",
        now,
        reason=verdict.severity,
        detail="; ".join(verdict.because),
    )
    _keep_words(tx, number, report, now)
    examine(tx, view, number, now)
    return number


def _append(
    tx: Tx, view: View, issue: Issue, report: Report, verdict: Verdict, now: datetime
) -> None:
    """Add to an open issue. It may have become worse, and its owner should know."""
    _keep_words(tx, issue.number, report, now)
    customer_wrote(tx, view, issue, now)
    if verdict.severity.rank > issue.severity.rank:
        why = "; ".join(verdict.because)
        severity.change(tx, view, issue.number, verdict.severity, why, now)
    else:
        examine(tx, view, issue.number, now)


def customer_wrote(tx: Tx, view: View, issue: Issue, now: datetime) -> None:
    """Start the clock of a customer who waits, and tell the owner."""
    issues.change(
        tx,
        issue.number,
        waiting_since=issue.waiting_since or now,
        updated_at=now,
    )
    timeline.note(tx, issue.number, "customer_wrote", now)
    if issue.status is Status.ACKNOWLEDGED and issue.owner in view.config.people:
        tell_customer_wrote(tx, view, issue, now)


def _keep_words(tx: Tx, number: int, report: Report, now: datetime) -> None:
    text = report.text or report.subject
    timeline.add_message(tx, number, now, direction="in", text=text)


def _subject(report: Report) -> Subject:
    return Subject(
        source=report.source,
        tier=report.customer.tier,
        tags=report.tags,
        subject=report.subject,
        text=report.text,
        language=report.customer.language,
        severity=report.severity,
    )
