"""What Chatwoot says. Our own answers come back too, and must open nothing."""

from collections.abc import Mapping

from integrations.intake.contract import (
    CanonicalMessage,
    Customer,
    Direction,
    IntakeRequest,
)
from integrations.intake.levels import severity, tier
from integrations.intake.reading import (
    dig,
    files,
    flag,
    instant,
    load_object,
    must,
    text,
    words,
)

# by name in webhooks, by number in older ones; templates are greetings, answers out of
# hours and surveys, which no human gave
_INCOMING = {"incoming", "0"}
_OUTGOING = {"outgoing", "1"}
_BOTS = {"agent_bot", "captain_assistant"}


def parse(request: IntakeRequest) -> tuple[CanonicalMessage, ...]:
    """Read `message_created`; other events bring no message."""
    body = load_object(request)
    if must(text(body, "event"), "event") != "message_created":
        return ()
    return (_message(body),)


def _message(body: Mapping[str, object]) -> CanonicalMessage:
    talk = dig(body, "conversation")
    conversation = must(text(talk, "id"), "conversation id")
    message_id = must(text(body, "id"), "message id")
    account = text(body, "account", "id")
    direction = _direction(body)
    return CanonicalMessage(
        source="chatwoot",
        direction=direction,
        opens=direction is Direction.INBOUND,
        conversation_id=conversation,
        message_id=message_id,
        dedup_key=f"chatwoot:{message_id}",
        customer=_customer(body, talk),
        subject=text(talk, "additional_attributes", "mail_subject"),
        text=text(body, "content"),
        occurred_at=instant(body, "created_at"),
        tags=words(talk, "labels"),
        severity=severity(text(talk, "priority")),
        attachments=files(body, "attachments"),
        reply_to=f"{account}/{conversation}" if account else "",
    )


def _direction(body: Mapping[str, object]) -> Direction:
    if flag(body, "private"):
        return Direction.INTERNAL
    kind = text(body, "message_type")
    if kind in _INCOMING:
        return Direction.INBOUND
    human = kind in _OUTGOING and text(body, "sender", "type") not in _BOTS
    return Direction.OUTBOUND if human else Direction.INTERNAL


def _customer(body: Mapping[str, object], talk: object) -> Customer:
    """Return the contact: the sender's own entry when the customer wrote."""
    contact = dig(talk, "meta", "sender") or dig(body, "sender")
    return Customer(
        id=text(contact, "id"),
        name=text(contact, "name"),
        email=text(contact, "email"),
        phone=text(contact, "phone_number"),
        handle=text(contact, "identifier"),
        tier=tier(vip=flag(contact, "custom_attributes", "vip")),
    )
