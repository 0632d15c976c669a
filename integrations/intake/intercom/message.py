"""What Intercom says."""

from collections.abc import Mapping

from integrations.intake.contract import (
    CanonicalMessage,
    Customer,
    Direction,
    IntakeRequest,
)
from integrations.intake.reading import (
    dig,
    each,
    files,
    instant,
    link,
    load_object,
    must,
    text,
)
from integrations.intake.text import html_to_text

_CREATED = "conversation.user.created"
_DIRECTIONS = {
    _CREATED: Direction.INBOUND,
    "conversation.user.replied": Direction.INBOUND,
    "conversation.admin.replied": Direction.OUTBOUND,
    "conversation.admin.single.created": Direction.OUTBOUND,
    "conversation.admin.noted": Direction.INTERNAL,
}


def parse(request: IntakeRequest) -> tuple[CanonicalMessage, ...]:
    """Read a notification; `ping` and topics without a message are none."""
    body = load_object(request)
    topic = must(text(body, "topic"), "topic")
    direction = _DIRECTIONS.get(topic)
    if direction is None:
        return ()
    return (_message(body, direction, created=topic == _CREATED),)


def _message(
    body: Mapping[str, object], direction: Direction, *, created: bool
) -> CanonicalMessage:
    item = dig(body, "data", "item")
    opening = dig(item, "source") or dig(item, "conversation_message")
    part = None if created else dig(item, "conversation_parts", "conversation_parts", 0)
    said = part or opening
    return CanonicalMessage(
        source="intercom",
        direction=direction,
        opens=direction is Direction.INBOUND,
        conversation_id=must(text(item, "id"), "conversation id"),
        message_id=text(part, "id"),
        dedup_key=must(text(body, "id"), "notification id"),
        customer=_customer(item, opening),
        subject=html_to_text(text(opening, "subject") or "") or None,
        text=html_to_text(text(said, "body") or "") or None,
        link=link(item, "links", "conversation_web"),
        occurred_at=instant(part, "created_at") or instant(body, "created_at"),
        tags=tuple(filter(None, (text(tag, "name") for tag in _tags(item)))),
        severity="high" if text(item, "priority") == "priority" else None,
        attachments=files(said, "attachments"),
    )


def _tags(item: object) -> tuple[Mapping[str, object], ...]:
    return tuple(each(item, "tags", "tags"))


def _customer(item: object, opening: object) -> Customer:
    """Return the customer, who wrote first unless we did; API 1.x names a `user`."""
    author = dig(opening, "author")
    by_us = text(author, "type") in {"admin", "bot"}
    person = dig(item, "contacts", "contacts", 0) if by_us else author
    person = dig(item, "user") or person
    return Customer(
        id=text(person, "id"),
        name=text(person, "name"),
        email=text(person, "email"),
        phone=text(person, "phone"),
    )
