"""What Front says: an event about a conversation, with or without its message."""

from collections.abc import Mapping

from integrations.intake.contract import (
    CanonicalMessage,
    Customer,
    Direction,
    IntakeRequest,
)
from integrations.intake.quotes import Said, said_in_html, said_in_plain
from integrations.intake.reading import (
    dig,
    each,
    files,
    instant,
    load_object,
    must,
    text,
)

Json = Mapping[str, object]

_DIRECTIONS = {
    "inbound": Direction.INBOUND,
    "inbound_received": Direction.INBOUND,
    "outbound": Direction.OUTBOUND,
    "outbound_sent": Direction.OUTBOUND,
    "out_reply": Direction.OUTBOUND,
    "comment": Direction.INTERNAL,
    "new_comment_added": Direction.INTERNAL,
}


def parse(request: IntakeRequest) -> tuple[CanonicalMessage, ...]:
    """Read an event; those that bring no message are none."""
    body = load_object(request)
    event = body["payload"] if isinstance(body.get("payload"), dict) else body
    kind = must(text(body, "type") or text(event, "type"), "type of event")
    direction = _DIRECTIONS.get(kind)
    return () if direction is None else (_message(event, direction),)


def _message(event: object, direction: Direction) -> CanonicalMessage:
    talk = dig(event, "conversation")
    conversation = must(text(talk, "id"), "conversation id")
    message = dig(event, "target", "data")
    said = said_in(message, direction)
    return CanonicalMessage(
        source="front",
        direction=direction,
        opens=direction is Direction.INBOUND,
        conversation_id=conversation,
        message_id=text(message, "id"),
        dedup_key=_key(event, message),
        customer=customer_of(talk, message, direction),
        subject=text(message, "subject") or text(talk, "subject"),
        text=said.text or text(message, "blurb"),
        quoted=said.quoted,
        link=f"https://app.frontapp.com/open/{conversation}",
        occurred_at=instant(event, "emitted_at"),
        needs_fetch=said.text is None,
        tags=tuple(filter(None, (text(tag, "name") for tag in each(talk, "tags")))),
        attachments=files(message, "attachments"),
    )


def _key(event: object, message: object) -> str:
    """Name a message by its own id: two webhooks tell of it by two events."""
    message_id = text(message, "id")
    return f"front:{message_id}" if message_id else must(text(event, "id"), "event id")


def said_in(message: object, direction: Direction) -> Said:
    """Return the message's words; a comment's only form is its body."""
    if direction is Direction.INTERNAL:
        return Said(text=text(message, "body"))
    plain = text(message, "text")
    said = said_in_plain(plain) if plain else Said()
    return said if said.text else said_in_html(text(message, "body") or "")


def customer_of(talk: object, message: object, direction: Direction) -> Customer:
    """Return who the conversation is with; who wrote knows more of a name."""
    senders = (
        one for one in each(message, "recipients") if text(one, "role") == "from"
    )
    sender = next(senders, None) if direction is Direction.INBOUND else None
    person = sender or dig(talk, "recipient")
    handle = text(person, "handle")
    return Customer(
        name=text(person, "name"),
        email=handle if handle and "@" in handle else None,
        phone=handle if handle and handle.startswith("+") else None,
        handle=handle,
    )
