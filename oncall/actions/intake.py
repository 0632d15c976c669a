"""One message of a customer, or to one, and what follows from it.

What belongs to no issue opens one, unless a machine wrote it.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from integrations.intake.contract import Direction
from oncall import metrics
from oncall.actions.arrival import WORDLESS, Arrived, as_report, keys, sender
from oncall.actions.converse import add_message
from oncall.actions.customers import identify, person
from oncall.actions.echo import is_ours, receipt
from oncall.actions.examine import FINISHED
from oncall.actions.house import View
from oncall.actions.reopen import may_reopen, reopen
from oncall.actions.report import Reported, append, report
from oncall.actions.thread import thread_of
from oncall.store import Tx, answers, threads, timeline
from oncall.store.issues import Standing
from oncall.store.threads import Key

REPEATS_WITHIN = timedelta(hours=1)
"""Where nothing names a message, the same words count once for so long."""


class Fate(StrEnum):
    """What became of a message."""

    OPENED = "opened"
    APPENDED = "appended"
    REOPENED = "reopened"
    ANSWERED = "answered"
    ECHO = "echo"
    RECEIPT = "receipt"
    DUPLICATE = "duplicate"
    AUTOMATIC = "automatic"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A message's fate, and the issue that holds it, if one does."""

    fate: Fate
    issue: int | None = None


def take(tx: Tx, view: View, arrived: Arrived) -> Taken:
    """Put a message where it belongs, once."""
    message = arrived.message
    if message.direction is Direction.STATUS:
        number = receipt(tx, view, arrived)
        return Taken(fate=Fate.RECEIPT if number else Fate.IGNORED, issue=number)
    if message.direction is Direction.INTERNAL:
        return Taken(fate=Fate.IGNORED)
    key = _key(tx, arrived)
    if not _first_time(tx, arrived, key):
        before = threads.taken(tx, key)
        return Taken(fate=Fate.DUPLICATE, issue=before["issue"] if before else None)
    standing = thread_of(tx, arrived)
    if message.direction is Direction.OUTBOUND:
        taken = _answered(tx, view, standing, arrived)
    elif message.auto_reply:
        taken = _automatic(tx, standing, arrived)
    else:
        return _written(tx, view, standing, arrived, key)
    if taken.issue is not None:
        threads.hold(tx, key, taken.issue)
    return taken


def _written(
    tx: Tx, view: View, standing: Standing | None, arrived: Arrived, key: Key
) -> Taken:
    """Take a customer's own words: they open, reopen, or are appended."""
    now = arrived.now
    _remember_where(tx, arrived)
    if standing is None:
        fate, reported = Fate.OPENED, _open(tx, view, arrived)
    elif standing.issue.status not in FINISHED:
        said = as_report(arrived, standing.issue.customer)
        fate = Fate.APPENDED
        reported = append(tx, view, standing.issue, said, now)
    elif may_reopen(standing.issue, now):
        said = as_report(arrived, standing.issue.customer)
        fate, reported = Fate.REOPENED, reopen(tx, view, standing, said, now)
    else:
        fate, reported = Fate.OPENED, _open(tx, view, arrived)
        before = f"#{standing.issue.number}"
        timeline.note(tx, reported.issue.number, "continues", now, detail=before)
    verdict = reported.verdict
    number = reported.issue.number
    if arrived.unasked:
        timeline.note(tx, number, "not_asked", now, detail=arrived.unasked)
    threads.hold(tx, key, number, severity=verdict.severity, policy=verdict.policy)
    return Taken(fate=fate, issue=number)


def _open(tx: Tx, view: View, arrived: Arrived) -> Reported:
    said = sender(arrived.message)
    customer = identify(tx, said, arrived.handles, arrived.now)
    known = person(tx, customer)
    words = as_report(arrived, known)
    reported = report(tx, view, words, arrived.now, customer=customer)
    counter = metrics.ISSUES.labels(arrived.source.name, reported.issue.severity)
    tx.once_kept(counter.inc)
    return reported


def _answered(tx: Tx, view: View, standing: Standing | None, arrived: Arrived) -> Taken:
    """Take an answer given in the product: it ends the customer's waiting.

    Words that we sent ourselves are on the timeline already.
    """
    if standing is None:
        return Taken(fate=Fate.IGNORED)
    number = standing.issue.number
    if is_ours(tx, number, arrived.message, arrived.now):
        return Taken(fate=Fate.ECHO, issue=number)
    add_message(
        tx,
        view,
        number,
        direction="out",
        text=arrived.message.text or WORDLESS,
        author=None,
        now=arrived.now,
        send=False,
        where=arrived.source.name,
    )
    return Taken(fate=Fate.ANSWERED, issue=number)


def _remember_where(tx: Tx, arrived: Arrived) -> None:
    """Keep where the customer is answered, and that they spoke just now.

    A time that the product says and that is still to come is not believed.
    """
    message, now = arrived.message, arrived.now
    where = message.conversation_id if message.reply_to is None else message.reply_to
    answers.customer_said(
        tx,
        arrived.source.name,
        message.conversation_id,
        address=where,
        at=min(message.occurred_at or now, now),
    )


def _automatic(tx: Tx, standing: Standing | None, arrived: Arrived) -> Taken:
    """Keep what a machine wrote beside its thread; nobody is woken for it."""
    if standing is None:
        return Taken(fate=Fate.AUTOMATIC)
    number, now = standing.issue.number, arrived.now
    words = arrived.message.text or WORDLESS
    timeline.add_message(
        tx,
        number,
        now,
        direction="in",
        text=words,
        quoted=arrived.message.quoted or "",
        attachments=arrived.message.attachments,
    )
    timeline.note(tx, number, "automatic_reply", now)
    return Taken(fate=Fate.AUTOMATIC, issue=number)


def _key(tx: Tx, arrived: Arrived) -> Key:
    """Name a message. Where its product does not, its words do, for a while."""
    first, later = keys(arrived)
    if not arrived.message.weak_key:
        return first
    before = threads.taken(tx, first)
    again = before is not None and arrived.now - before["at"] > REPEATS_WITHIN
    return later if again else first


def _first_time(tx: Tx, arrived: Arrived, key: Key) -> bool:
    return threads.first_time(
        tx,
        key,
        conversation=arrived.message.conversation_id,
        message_id=arrived.message.message_id or "",
        delivery=arrived.delivery,
        now=arrived.now,
    )
