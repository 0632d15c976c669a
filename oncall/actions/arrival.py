"""A product's message in our words: who wrote, what it is called, what it reports."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from escalation_policies.policy import Severity
from integrations.intake.contract import CanonicalMessage
from integrations.intake.contract import Customer as Sender
from oncall.actions.customers import handles, in_e164
from oncall.actions.sources import ConfiguredSource
from oncall.model import Customer, Report
from oncall.store.customers import Handle
from oncall.store.threads import Key

PROVEN_BY_NUMBER = {
    "sms": ("phone",),
    "whatsapp": ("whatsapp", "phone"),
    "twilio-whatsapp": ("whatsapp", "phone"),
}
"""Channels on which the number that wrote is the customer's, as these handles."""
PROVES_ITS_SENDERS = frozenset({"telegram", "whatsapp", "instagram"})
LONGEST_SUBJECT = 120
WORDLESS = "(a message without words)"
ELSEWHERE = "(the words stand where it was written; open the link)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A message with where it came from and when. `delivery` is what brought it.

    `unasked` says why the product was not asked for the rest, or what came of it.
    """

    source: ConfiguredSource
    message: CanonicalMessage
    delivery: int
    now: datetime
    unasked: str = ""

    @property
    def handles(self) -> tuple[Handle, ...]:
        """What the message says of how its writer is reached."""
        return handles_of(self.source, self.message.customer)


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
        amount=message.amount,
        quoted=message.quoted or "",
        attachments=message.attachments,
        name=message.message_id or "",
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


def handles_of(source: ConfiguredSource, said: Sender) -> tuple[Handle, ...]:
    """Return a sender's handles.

    A channel proves its own accounts and numbers, a product that signs its own ids of
    customers. Addresses are only said.
    """
    kind = source.product.kind
    number = in_e164(said.phone or "")
    spoken = handles(Customer(email=said.email or "", phone=number))
    if number and kind in PROVEN_BY_NUMBER:
        proven = tuple(
            Handle(kind=each, value=number, verified=True)
            for each in PROVEN_BY_NUMBER[kind]
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
    nothing = ELSEWHERE if message.needs_fetch else WORDLESS
    return as_subject(message.subject or message.text or "", nothing)


def as_subject(text: str, nothing: str = WORDLESS) -> str:
    """Return the first line of a text, not too long; `nothing` where it has none."""
    lines = text.strip().splitlines()
    words = " ".join(lines[0].split()) if lines else nothing
    if len(words) <= LONGEST_SUBJECT:
        return words
    return words[: LONGEST_SUBJECT - 1].rstrip() + "…"


def _severity(said: str | None) -> Severity | None:
    return next((severity for severity in Severity if severity == said), None)
