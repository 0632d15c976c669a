"""One message of a customer, or to one: which issue it belongs to, and what follows.

A message is looked for by its conversation, by the letters it answers, by `#number`,
and by who wrote it. What belongs to no issue opens one, unless a machine wrote it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from escalation_policies.policy import Severity
from integrations.intake.contract import CanonicalMessage, Direction
from integrations.intake.contract import Customer as Sender
from oncall.actions.converse import add_message
from oncall.actions.customers import handles, identify, in_e164, person
from oncall.actions.examine import FINISHED
from oncall.actions.house import View
from oncall.actions.reopen import may_reopen, reopen
from oncall.actions.report import Reported, append, report
from oncall.actions.sources import ConfiguredSource
from oncall.model import Customer, Report
from oncall.store import Tx, customers, issues, threads, timeline
from oncall.store.customers import Handle
from oncall.store.issues import Standing
from oncall.store.threads import Key

REPEATS_WITHIN = timedelta(hours=1)
"""Where nothing names a message, the same words count once for so long."""
ECHOES_WITHIN = timedelta(days=1)
"""Our own words come back within so long, if they do."""
PROVES_ITS_SENDERS = frozenset({"telegram", "whatsapp", "instagram"})
LONGEST_SUBJECT = 120
WORDLESS = "(a message without words)"


class Fate(StrEnum):
    """What became of a message."""

    OPENED = "opened"
    APPENDED = "appended"
    REOPENED = "reopened"
    ANSWERED = "answered"
    ECHO = "echo"
    DUPLICATE = "duplicate"
    AUTOMATIC = "automatic"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A message's fate, and the issue that holds it, if one does."""

    fate: Fate
    issue: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A message with where it came from and when. `delivery` is what brought it."""

    source: ConfiguredSource
    message: CanonicalMessage
    delivery: int
    now: datetime

    @property
    def handles(self) -> tuple[Handle, ...]:
        """What the message says of how its writer is reached."""
        return _handles(self.source, self.message.customer)


def take(tx: Tx, view: View, arrived: Arrived) -> Taken:
    """Put a message where it belongs, once."""
    message = arrived.message
    if message.direction in (Direction.INTERNAL, Direction.STATUS):
        return Taken(fate=Fate.IGNORED)
    key = _key(tx, arrived)
    if not _first_time(tx, arrived, key):
        before = threads.taken(tx, key)
        return Taken(fate=Fate.DUPLICATE, issue=before["issue"] if before else None)
    standing = _thread(tx, arrived)
    if message.direction is Direction.OUTBOUND:
        taken = _answered(tx, view, standing, arrived)
    elif message.auto_reply:
        taken = _automatic(tx, standing, arrived)
    else:
        return _written(tx, view, standing, arrived, key)
    if taken.issue is not None:
        threads.hold(tx, key, taken.issue)
    return taken


def keys(arrived: Arrived) -> tuple[Key, Key]:
    """Return a message's key, and the one that the same words have when they return."""
    message = arrived.message
    name = message.dedup_key
    if message.weak_key:
        name = f"{name}/{sha256((message.text or '').encode()).hexdigest()}"
    first = Key(source=arrived.source.name, dedup_key=name)
    return first, replace(first, dedup_key=f"{name}/{arrived.delivery}")


def as_report(arrived: Arrived, customer: Customer) -> Report:
    """Return a customer's message as a report."""
    message = arrived.message
    words = message.text or ""
    return Report(
        source=arrived.source.name,
        subject=_subject(message),
        customer=customer,
        text=words,
        external_id=message.conversation_id,
        severity=_severity(message.severity),
        tags=message.tags,
        link=message.link or "",
        occurred_at=message.occurred_at,
    )


def sender(message: CanonicalMessage) -> Customer:
    """Return who wrote, as far as the message says."""
    said = message.customer
    return Customer(
        name=said.name or "",
        email=said.email or "",
        phone=in_e164(said.phone or "") or said.phone or "",
        handle=said.handle or said.id or "",
        tier=said.tier or "",
    )


def _written(
    tx: Tx, view: View, standing: Standing | None, arrived: Arrived, key: Key
) -> Taken:
    """Take a customer's own words: they open, reopen, or are appended."""
    now = arrived.now
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
    threads.hold(tx, key, number, severity=verdict.severity, policy=verdict.policy)
    return Taken(fate=fate, issue=number)


def _open(tx: Tx, view: View, arrived: Arrived) -> Reported:
    said = sender(arrived.message)
    customer = identify(tx, said, arrived.handles, arrived.now)
    known = person(tx, customer)
    return report(tx, view, as_report(arrived, known), arrived.now, customer=customer)


def _answered(tx: Tx, view: View, standing: Standing | None, arrived: Arrived) -> Taken:
    """Take an answer given in the product: it ends the customer's waiting.

    Words that we sent ourselves are on the timeline already.
    """
    if standing is None:
        return Taken(fate=Fate.IGNORED)
    number = standing.issue.number
    words = arrived.message.text or WORDLESS
    if _is_ours(tx, number, words, arrived.now):
        return Taken(fate=Fate.ECHO, issue=number)
    add_message(
        tx, view, number, direction="out", text=words, author=None, now=arrived.now
    )
    return Taken(fate=Fate.ANSWERED, issue=number)


def _is_ours(tx: Tx, number: int, words: str, now: datetime) -> bool:
    return any(
        row["direction"] == "out"
        and row["at"] > now - ECHOES_WITHIN
        and row["text"].split() == words.split()
        for row in timeline.messages(tx, number)
    )


def _automatic(tx: Tx, standing: Standing | None, arrived: Arrived) -> Taken:
    """Keep what a machine wrote beside its thread; nobody is woken for it."""
    if standing is None:
        return Taken(fate=Fate.AUTOMATIC)
    number, now = standing.issue.number, arrived.now
    words = arrived.message.text or WORDLESS
    timeline.add_message(tx, number, now, direction="in", text=words)
    timeline.note(tx, number, "automatic_reply", now)
    return Taken(fate=Fate.AUTOMATIC, issue=number)


def _thread(tx: Tx, arrived: Arrived) -> Standing | None:
    """Hold the issue that a message belongs to."""
    for number in (
        _by_conversation(tx, arrived),
        threads.by_references(tx, arrived.source.name, arrived.message.references),
        _by_number(tx, arrived),
        _by_writer(tx, arrived),
    ):
        standing = None if number is None else issues.lock(tx, number)
        if standing is not None:
            return _going_on(tx, standing)
    return None


def _going_on(tx: Tx, standing: Standing) -> Standing:
    """Return the unfinished issue of the same conversation, if there is one by now."""
    issue = standing.issue
    if issue.status not in FINISHED:
        return standing
    number = issues.open_by_source(tx, issue.source, issue.external_id)
    later = None if number is None else issues.lock(tx, number)
    return later or standing


def _by_conversation(tx: Tx, arrived: Arrived) -> int | None:
    source, conversation = arrived.source.name, arrived.message.conversation_id
    number = issues.open_by_source(tx, source, conversation)
    return number or threads.by_conversation(tx, source, conversation)


def _by_number(tx: Tx, arrived: Arrived) -> int | None:
    """Believe a number in a subject only from that issue's own customer."""
    number = arrived.message.number_hint
    customer = None if number is None else customers.of_issue(tx, number)
    if customer is None:
        return None
    group = set(customers.group_of(tx, customer))
    known = customers.having(tx, arrived.handles)
    return number if any(owner in group for _, owner in known) else None


def _by_writer(tx: Tx, arrived: Arrived) -> int | None:
    customer = customers.verified_owner(tx, arrived.handles)
    if customer is None:
        return None
    group = customers.group_of(tx, customer)
    return issues.open_of_customers(tx, group, arrived.source.name)


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


def _handles(source: ConfiguredSource, said: Sender) -> tuple[Handle, ...]:
    """Return a sender's handles.

    A channel proves its own accounts and numbers, a product that signs its own ids of
    customers. Addresses are only said.
    """
    kind = source.product.kind
    number = in_e164(said.phone or "")
    spoken = handles(Customer(email=said.email or "", phone=number))
    if kind == "whatsapp" and number:
        proven = tuple(
            Handle(kind=each, value=number, verified=True)
            for each in ("whatsapp", "phone")
        )
        return (*proven, *(handle for handle in spoken if handle.kind != "phone"))
    if not said.id:
        return spoken
    if kind == "telegram":
        return (Handle(kind=kind, value=said.id, verified=True), *spoken)
    verified = source.product.signs or kind in PROVES_ITS_SENDERS
    own = Handle(kind="id", value=f"{source.name}:{said.id}", verified=verified)
    return (own, *spoken)


def _subject(message: CanonicalMessage) -> str:
    """Return the subject, or the first words of a channel that has none."""
    lines = (message.subject or message.text or "").strip().splitlines()
    words = " ".join(lines[0].split()) if lines else WORDLESS
    if len(words) <= LONGEST_SUBJECT:
        return words
    return words[: LONGEST_SUBJECT - 1].rstrip() + "…"


def _severity(said: str | None) -> Severity | None:
    return next((severity for severity in Severity if severity == said), None)
