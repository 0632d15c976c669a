"""One message of a customer, or to one, and what follows from it.

What belongs to no issue opens one, unless a machine wrote it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from integrations.intake.contract import Bounce, Direction
from oncall import metrics
from oncall.actions.arrival import WORDLESS, Arrived, as_report, keys, sender
from oncall.actions.converse import add_message
from oncall.actions.customers import identify, person
from oncall.actions.echo import is_ours, receipt
from oncall.actions.examine import FINISHED
from oncall.actions.house import View
from oncall.actions.letter_address import (
    answered_where_proven,
    is_answered_by_letter,
    is_letter,
    is_theirs,
    prove_by_reply,
    proven_before,
    show_others,
)
from oncall.actions.mailed_back import mailed_back
from oncall.actions.reopen import may_reopen, reopen
from oncall.actions.report import Reported, append, report, reword
from oncall.actions.returned import returned
from oncall.actions.thread import thread_of
from oncall.store import Tx, answers, customers, threads, timeline
from oncall.store.issues import Standing
from oncall.store.threads import Key

REPEATS_WITHIN = timedelta(hours=1)
"""Where nothing names a message, the same words count once for so long."""

INTERNAL = "It is a note inside the product, or a message that no person wrote."
NEWS = "It is news of a message that was not sent from here."
TWICE = "The same message was taken before."
UNASKED_ANSWER = "It is an answer in a conversation that no issue holds."
OURS = "It is our own answer, as it comes back."
MACHINE = "A machine wrote it, so nobody is paged."
BARE = "It is one word that phone companies act on, and all that this number wrote."
NOT_OURS = "A mail server returned a letter that is no answer of ours: nobody is paged."
TO_A_PAGE = "One of our people answered a page by mail: it is kept as a note."
CAME_BACK = "A mail server says that an answer of ours did not arrive."


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
    EDITED = "edited"
    DELETED = "deleted"
    BOUNCED = "bounced"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A message's fate, and the issue that holds it, if one does.

    `why` says, for people, why it opened nothing and is on no issue as a message.
    """

    fate: Fate
    issue: int | None = None
    why: str = ""


def take(tx: Tx, view: View, arrived: Arrived) -> Taken:
    """Put a message where it belongs, once."""
    message = arrived.message
    if message.direction is Direction.STATUS and message.deletes is None:
        return _news(tx, view, arrived)
    if message.direction is Direction.INTERNAL:
        return Taken(fate=Fate.IGNORED, why=message.why or INTERNAL)
    key = _key(tx, arrived)
    if not _first_time(tx, arrived, key):
        before = threads.taken(tx, key)
        issue = before["issue"] if before else None
        return Taken(fate=Fate.DUPLICATE, issue=issue, why=TWICE)
    of_ours = _about_ours(tx, view, arrived)
    if of_ours is not None:
        if of_ours.issue is not None:
            threads.hold(tx, key, of_ours.issue)
        return of_ours
    standing = thread_of(tx, arrived)
    if message.deletes is not None:
        return _deleted(tx, standing, arrived)
    if message.direction is Direction.OUTBOUND:
        taken = _answered(tx, view, standing, arrived)
    elif message.auto_reply:
        taken = _automatic(tx, standing, arrived)
    else:
        return _written(tx, view, standing, arrived, key)
    if taken.issue is not None:
        threads.hold(tx, key, taken.issue)
    return taken


def _about_ours(tx: Tx, view: View, arrived: Arrived) -> Taken | None:
    """Take what is only about a letter that we sent; None for all else."""
    if arrived.message.bounce is not None:
        return _returned(tx, view, arrived.message.bounce, arrived.now)
    page = mailed_back(tx, view, arrived)
    if page is None:
        return None
    return Taken(fate=Fate.AUTOMATIC, issue=page.issue, why=TO_A_PAGE)


def _news(tx: Tx, view: View, arrived: Arrived) -> Taken:
    """Take news of a message: of one of ours it says what became of it."""
    number = receipt(tx, view, arrived)
    if number is not None:
        return Taken(fate=Fate.RECEIPT, issue=number)
    return Taken(fate=Fate.IGNORED, why=arrived.message.why or NEWS)


def _deleted(tx: Tx, standing: Standing | None, arrived: Arrived) -> Taken:
    """Note that a customer took a message back; what was said stays readable."""
    why = arrived.message.why
    if standing is None:
        return Taken(fate=Fate.IGNORED, why=why)
    number = standing.issue.number
    timeline.note(tx, number, "customer_deleted", arrived.now)
    return Taken(fate=Fate.DELETED, issue=number, why=why)


def _written(
    tx: Tx, view: View, standing: Standing | None, arrived: Arrived, key: Key
) -> Taken:
    """Take a customer's own words: they open, reopen, are appended, or change others."""
    now = arrived.now
    if standing is not None and is_letter(arrived):
        arrived = _as_joining(tx, arrived, standing)
    else:
        arrived = answered_where_proven(tx, arrived)
        _remember_where(tx, arrived)
    if standing is None and _means_nothing_yet(tx, arrived):
        return Taken(fate=Fate.IGNORED, why=BARE)
    reworded = _reworded(tx, view, standing, arrived)
    if standing is not None and reworded is not None:
        fate, reported = Fate.EDITED, reworded
    elif standing is None:
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


def _reworded(
    tx: Tx, view: View, standing: Standing | None, arrived: Arrived
) -> Reported | None:
    """Change the words that these edit; None where they are on no open issue."""
    edited = arrived.message.edits
    if edited is None or standing is None or standing.issue.status in FINISHED:
        return None
    said = as_report(arrived, standing.issue.customer)
    return reword(tx, view, standing.issue, said, edited, arrived.now)


def _means_nothing_yet(tx: Tx, arrived: Arrived) -> bool:
    """Tell whether it is a lone STOP, HELP or such of somebody who never wrote."""
    bare = arrived.message.bare
    return bare and customers.verified_owner(tx, arrived.handles) is None


def _as_joining(tx: Tx, arrived: Arrived, standing: Standing) -> Arrived:
    """Return a letter as it joins an issue; it does not change where answers go."""
    prove_by_reply(tx, arrived, standing)
    theirs = is_theirs(tx, arrived, standing.issue)
    if _begins_anew(standing, arrived.now):
        arrived = answered_where_proven(tx, _on_its_own(arrived))
        _remember_where(tx, arrived)
    elif theirs and not is_answered_by_letter(tx, standing.issue):
        _remember_where(tx, arrived)
    return arrived


def _begins_anew(standing: Standing, now: datetime) -> bool:
    """Tell whether words about an issue that ended long ago open another."""
    return standing.issue.status in FINISHED and not may_reopen(standing.issue, now)


def _on_its_own(arrived: Arrived) -> Arrived:
    """Return a letter as one that begins a conversation.

    The one that it continues says where its own customer is answered.
    """
    named = arrived.message.dedup_key
    return replace(arrived, message=replace(arrived.message, conversation_id=named))


def _returned(tx: Tx, view: View, bounce: Bounce, now: datetime) -> Taken:
    """Take what a mail server says of a letter; only of our answers it means something."""
    number = returned(tx, view, bounce, now)
    if number is None:
        return Taken(fate=Fate.AUTOMATIC, why=NOT_OURS)
    return Taken(fate=Fate.BOUNCED, issue=number, why=CAME_BACK)


def _open(tx: Tx, view: View, arrived: Arrived) -> Reported:
    said = sender(arrived.message)
    customer = identify(tx, said, proven_before(tx, arrived), arrived.now)
    known = person(tx, customer)
    words = as_report(arrived, known)
    reported = report(tx, view, words, arrived.now, customer=customer)
    show_others(tx, arrived, reported.issue)
    counter = metrics.ISSUES.labels(arrived.source.name, reported.issue.severity)
    tx.once_kept(counter.inc)
    return reported


def _answered(tx: Tx, view: View, standing: Standing | None, arrived: Arrived) -> Taken:
    """Take an answer given in the product: it ends the customer's waiting.

    Words that we sent ourselves are on the timeline already.
    """
    if standing is None:
        return Taken(fate=Fate.IGNORED, why=UNASKED_ANSWER)
    number = standing.issue.number
    if is_ours(tx, number, arrived.message, arrived.now):
        return Taken(fate=Fate.ECHO, issue=number, why=OURS)
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
        stops=message.stops,
    )


def _automatic(tx: Tx, standing: Standing | None, arrived: Arrived) -> Taken:
    """Keep what a machine wrote beside its thread; nobody is woken for it."""
    if standing is None:
        return Taken(fate=Fate.AUTOMATIC, why=MACHINE)
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
    return Taken(fate=Fate.AUTOMATIC, issue=number, why=MACHINE)


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
