"""What is said on an issue after it was opened: messages, notes, promises."""

from datetime import datetime

from oncall.actions import answering
from oncall.actions.acknowledge import take
from oncall.actions.done import Done
from oncall.actions.examine import FINISHED, examine
from oncall.actions.heard import heard
from oncall.actions.house import View
from oncall.actions.reopen import reopen
from oncall.actions.report import customer_wrote
from oncall.model import Issue, Outcome, Report
from oncall.store import Tx, issues, promises, timeline
from oncall.store.issues import Standing


def add_message(
    tx: Tx,
    view: View,
    number: int,
    *,
    direction: str,
    text: str,
    author: str | None,
    now: datetime,
    send: bool = True,
    where: str = "",
) -> Done:
    """Keep a message. A human answer (`out`) ends the customer's waiting.

    It is sent by the source that the customer wrote by, and counts when that has taken
    it. Without `send` it was said elsewhere: `where` says where, and it counts at once.
    What a customer says (`in`) after the end opens the issue again, or goes to the one
    that has followed it. Raises Refused and Conflict for words that cannot be sent, or
    of which it is not said where they were told; then nothing was written.
    """
    standing = issues.lock(tx, number)
    if standing is None:
        return Done(outcome=Outcome.UNKNOWN)
    issue = standing.issue
    if direction == "in" and issue.status in FINISHED:
        return _said_after_the_end(tx, view, standing, text, author, now)
    if direction == "out" and send:
        _send(tx, view, issue, text, author, now)
        _take_or_examine(tx, view, issue, author, now)
    elif direction == "out":
        if not where.strip():
            answering.must_say_where(answering.way_to(tx, view, issue))
        timeline.add_message(tx, number, now, direction="out", text=text, author=author)
        heard(tx, number, now, written_at=now, by=author, how=where)
        _take_or_examine(tx, view, issue, author, now)
    else:
        timeline.add_message(tx, number, now, direction="in", text=text, author=author)
        customer_wrote(tx, view, issue, now)
        examine(tx, view, number, now)
    return Done(outcome=Outcome.APPLIED, issue=issues.find(tx, number))


def told(tx: Tx, view: View, number: int, person: str, now: datetime) -> Done:
    """Note that a person has told the customer, in words that are not known here."""
    standing = issues.lock(tx, number)
    if standing is None:
        return Done(outcome=Outcome.UNKNOWN)
    if standing.issue.status in FINISHED:
        return Done(outcome=Outcome.CLOSED, issue=standing.issue)
    heard(tx, number, now, written_at=now, by=person, how="told")
    _take_or_examine(tx, view, standing.issue, person, now)
    return Done(outcome=Outcome.APPLIED, issue=issues.find(tx, number))


def _said_after_the_end(
    tx: Tx,
    view: View,
    standing: Standing,
    text: str,
    author: str | None,
    now: datetime,
) -> Done:
    issue = standing.issue
    follower = issues.open_by_source(tx, issue.source, issue.external_id)
    if follower is not None:
        timeline.note(tx, issue.number, "goes_on", now, detail=f"#{follower}")
        return add_message(
            tx, view, follower, direction="in", text=text, author=author, now=now
        )
    said = Report(
        source=issue.source,
        subject=issue.subject,
        customer=issue.customer,
        text=text,
        author=author or "",
    )
    reopened = reopen(tx, view, standing, said, now)
    return Done(outcome=Outcome.APPLIED, issue=reopened.issue)


def _send(
    tx: Tx, view: View, issue: Issue, text: str, author: str | None, now: datetime
) -> None:
    way = answering.way_to(tx, view, issue)
    answering.check(way, text, now)
    answering.plan(tx, way, issue.number, text, author, now)
    timeline.note(
        tx, issue.number, "answer_written", now, reason=way.source, person=author
    )
    issues.change(tx, issue.number, updated_at=now)


def leave_unsent(
    tx: Tx, view: View, issue: Issue, text: str, author: str | None, now: datetime
) -> bool:
    """Keep words that cannot be sent, for people to say; False where they can be.

    The customer goes on waiting: nobody has told them anything yet.
    """
    way = answering.way_to(tx, view, issue)
    if way.address:
        return False
    number, source = issue.number, way.source
    timeline.add_message(tx, number, now, direction="out", text=text, author=author)
    timeline.note(
        tx,
        number,
        "answer_not_sent",
        now,
        reason=source,
        person=author,
        detail=way.why_not,
    )
    _take_or_examine(tx, view, issue, author, now)
    return True


def _take_or_examine(
    tx: Tx, view: View, issue: Issue, author: str | None, now: datetime
) -> None:
    """Let whoever answers first have the issue: they are the customer's contact."""
    if issue.status in FINISHED:
        return
    if issue.acknowledged_at is None and author and author in view.config.people:
        take(tx, view, issue, author, now)
    else:
        examine(tx, view, issue.number, now)


def add_note(tx: Tx, number: int, text: str, author: str | None, now: datetime) -> Done:
    """Write something down that only we read."""
    issue = issues.find(tx, number)
    if issue is None:
        return Done(outcome=Outcome.UNKNOWN)
    timeline.note(tx, number, "note", now, person=author, detail=text)
    issues.change(tx, number, updated_at=now)
    return Done(outcome=Outcome.APPLIED, issue=issue)


def add_promise(
    tx: Tx,
    view: View,
    number: int,
    *,
    text: str,
    owner: str | None,
    due_at: datetime,
    now: datetime,
) -> Done:
    """Keep what the customer was told to expect. Raises NotFound for the owner."""
    standing = issues.lock(tx, number)
    if standing is None:
        return Done(outcome=Outcome.UNKNOWN)
    owner = owner or standing.issue.owner
    if owner:
        view.person(owner)
    promises.add(tx, number, text, owner, due_at, now)
    timeline.note(tx, number, "promised", now, person=owner, detail=text)
    examine(tx, view, number, now)
    return Done(outcome=Outcome.APPLIED, issue=issues.find(tx, number))
