"""A customer writes: a new issue, or one more message on an open one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from escalation_policies.decide import start
from escalation_policies.select import Subject, Verdict, counts_contacts, judge
from oncall.actions import severity
from oncall.actions.arrival import as_subject
from oncall.actions.customers import identify, reported_handles
from oncall.actions.examine import FINISHED, carry_out, decided, examine
from oncall.actions.house import View
from oncall.actions.words import tell_customer_wrote
from oncall.ids import new_id
from oncall.model import Issue, Report, Status
from oncall.store import Tx, customers, issues, timeline
from oncall.store.issues import Standing

REPEATS_WITHIN = timedelta(days=1)
Tell = Callable[[Tx, View, Issue, datetime], None]
"""Plans a notice to an issue's owner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """The issue that now holds the customer's words; `new` when it was opened for them.

    `verdict` is what the rules say of these words alone.
    """

    issue: Issue
    new: bool
    verdict: Verdict


def report(
    tx: Tx, view: View, report: Report, now: datetime, *, customer: int | None = None
) -> Reported:
    """Take in what a customer says. Once this is committed it is not lost.

    `customer` is who it is known to be; None for whom the report alone describes.
    """
    open_one = _open_one(tx, report)
    if open_one is not None:
        return append(tx, view, open_one, report, now)
    if customer is None:
        customer = identify(tx, report.customer, reported_handles(report), now)
    verdict = judged(view, report, contacts=contacts(tx, view, customer, now))
    opened = _open(tx, view, report, verdict, customer, now)
    return Reported(issue=opened, new=True, verdict=verdict)


def append(
    tx: Tx,
    view: View,
    issue: Issue,
    report: Report,
    now: datetime,
    *,
    tell: Tell = tell_customer_wrote,
) -> Reported:
    """Add to an open issue that is held. It may have become worse.

    Its owner should know: `tell` says it.
    """
    customer = customers.of_issue(tx, issue.number)
    often = 1 if customer is None else contacts(tx, view, customer, now)
    _keep_words(tx, issue.number, report, now)
    return _heard(tx, view, issue, report, often, now, tell)


def reword(
    tx: Tx, view: View, issue: Issue, report: Report, edited: str, now: datetime
) -> Reported | None:
    """Change words on an open issue that is held, and judge them as they are now.

    `edited` is what their product calls them. None: the issue has no such words.
    """
    old = timeline.reword(tx, issue.number, edited, report.text or report.subject)
    if old is None:
        return None
    timeline.note(tx, issue.number, "customer_edited", now)
    if issue.subject == as_subject(old):  # else the product has subjects of its own
        issues.change(tx, issue.number, subject=report.subject)
    customer = customers.of_issue(tx, issue.number)
    often = 1 if customer is None else contacts_then(tx, view, customer, now)
    return _heard(tx, view, issue, report, often, now, tell_customer_wrote)


def _heard(
    tx: Tx,
    view: View,
    issue: Issue,
    report: Report,
    contacts: int,
    now: datetime,
    tell: Tell,
) -> Reported:
    """Judge what a customer says on an open issue, and start the customer's clock."""
    verdict = judged(view, report, contacts=contacts)
    customer_wrote(tx, view, issue, now, tell=tell)
    if verdict.severity.rank > issue.severity.rank:
        why = "; ".join(verdict.because)
        severity.change(tx, view, issue.number, verdict.severity, why, now)
    else:
        examine(tx, view, issue.number, now)
    return Reported(issue=_found(tx, issue.number), new=False, verdict=verdict)


def judged(view: View, report: Report, *, contacts: int = 1) -> Verdict:
    """Return how bad a report is and which policy it follows, as things stand.

    `contacts` is how often its customer has written within a day, with this.
    """
    subject = _subject(report, contacts)
    return judge(view.config.severity_rules, view.config.routes, subject)


def contacts(tx: Tx, view: View, customer: int, now: datetime) -> int:
    """Return how often a customer has written within a day, with what comes in now.

    Counted only where a rule asks for it: it costs a look at all they wrote.
    """
    if not counts_contacts(view.config.severity_rules, view.config.routes):
        return 1
    return 1 + _written_lately(tx, customer, now)


def contacts_then(tx: Tx, view: View, customer: int, at: datetime) -> int:
    """Return what `contacts` was for a message that was kept at that instant."""
    if not counts_contacts(view.config.severity_rules, view.config.routes):
        return 1
    return max(1, _written_lately(tx, customer, at))


def _written_lately(tx: Tx, customer: int, at: datetime) -> int:
    people = customers.sharing_handles(tx, customer)
    return timeline.written_by(tx, people, at - REPEATS_WITHIN, at)


def customer_wrote(
    tx: Tx,
    view: View,
    issue: Issue,
    now: datetime,
    *,
    tell: Tell = tell_customer_wrote,
) -> None:
    """Start the clock of a customer who waits, and tell the owner."""
    issues.change(
        tx,
        issue.number,
        waiting_since=issue.waiting_since or now,
        updated_at=now,
    )
    timeline.note(tx, issue.number, "customer_wrote", now)
    if issue.status is Status.ACKNOWLEDGED and issue.owner in view.config.people:
        tell(tx, view, issue, now)


def _found(tx: Tx, number: int) -> Issue:
    issue = issues.find(tx, number)
    assert issue is not None  # noqa: S101 (written in this very transaction)
    return issue


def _open_one(tx: Tx, report: Report) -> Issue | None:
    """Hold the unfinished issue this belongs to, unless it was finished meanwhile."""
    number = issues.open_by_source(tx, report.source, report.external_id)
    standing = None if number is None else issues.lock(tx, number)
    if standing is None or standing.issue.status in FINISHED:
        return None
    return standing.issue


def _open(
    tx: Tx,
    view: View,
    report: Report,
    verdict: Verdict,
    customer: int,
    now: datetime,
) -> Issue:
    policy = view.config.policies[verdict.policy]
    opening = Standing(
        issue=_opening(report, verdict, now), policy=policy, progress=start(policy, now)
    )
    decision = decided(view, opening, now, promise_due=None)
    standing = replace(opening, progress=decision.progress)
    because = verdict.because
    issue = issues.insert(tx, standing, customer=customer, because=because)
    why, detail = verdict.severity, "; ".join(because)
    timeline.note(tx, issue.number, "opened", now, reason=why, detail=detail)
    _keep_words(tx, issue.number, report, now)
    carry_out(tx, view, issue, decision.effects, now)
    return issue


def _opening(report: Report, verdict: Verdict, now: datetime) -> Issue:
    """Return an issue as it begins; the store gives it its number."""
    return Issue(
        number=0,
        id=new_id(),
        source=report.source,
        external_id=report.external_id,
        customer=report.customer,
        subject=report.subject,
        severity=verdict.severity,
        status=Status.OPEN,
        policy=verdict.policy,
        owner=None,
        opened_at=now,
        updated_at=now,
        waiting_since=now,
        link=report.link,
        tags=report.tags,
    )


def _keep_words(tx: Tx, number: int, report: Report, now: datetime) -> None:
    text = report.text or report.subject
    timeline.add_message(
        tx,
        number,
        now,
        direction="in",
        text=text,
        author=report.author or None,
        occurred_at=report.occurred_at,
        quoted=report.quoted,
        attachments=report.attachments,
        name=report.name,
    )


def _subject(report: Report, contacts: int) -> Subject:
    return Subject(
        source=report.source,
        tier=report.customer.tier,
        tags=report.tags,
        subject=report.subject,
        text=report.text,
        language=report.customer.language,
        severity=report.severity,
        amount=report.amount,
        contacts=contacts,
    )
