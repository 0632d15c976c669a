"""What Intercom says of conversations, and of tickets: those have messages of their own.

A customer's ticket is a conversation, too, with the same id.
"""

from collections.abc import Mapping

from integrations.intake.contract import (
    CanonicalMessage,
    Customer,
    Direction,
    IntakeRequest,
)
from integrations.intake.quotes import said_in_html, seen
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

TICKET = "tickets/"
"""What an answer's address begins with, when it is an answer to a ticket."""
_CREATED = "conversation.user.created"
_DIRECTIONS = {
    _CREATED: Direction.INBOUND,
    "conversation.user.replied": Direction.INBOUND,
    "conversation.admin.replied": Direction.OUTBOUND,
    "conversation.admin.single.created": Direction.OUTBOUND,
    "conversation.admin.noted": Direction.INTERNAL,
}
_TICKET_CREATED = "ticket.created"
_TICKET_DIRECTIONS = {
    _TICKET_CREATED: Direction.INBOUND,
    "ticket.contact.replied": Direction.INBOUND,
    "ticket.admin.replied": Direction.OUTBOUND,
    "ticket.note.created": Direction.INTERNAL,
}

Json = Mapping[str, object]


def parse(request: IntakeRequest) -> tuple[CanonicalMessage, ...]:
    """Read a notification; `ping` and topics without a message are none."""
    body = load_object(request)
    topic = must(text(body, "topic"), "topic")
    if topic in _DIRECTIONS:
        return (_message(body, _DIRECTIONS[topic], created=topic == _CREATED),)
    if topic in _TICKET_DIRECTIONS:
        created = topic == _TICKET_CREATED
        return (_ticket(body, _TICKET_DIRECTIONS[topic], created=created),)
    return ()


def _message(body: Json, direction: Direction, *, created: bool) -> CanonicalMessage:
    item = dig(body, "data", "item")
    opening = dig(item, "source") or dig(item, "conversation_message")
    part = None if created else dig(item, "conversation_parts", "conversation_parts", 0)
    wrote = part or opening
    said = said_in_html(text(wrote, "body") or "")
    conversation = must(text(item, "id"), "conversation id")
    return CanonicalMessage(
        source="intercom",
        direction=direction,
        opens=direction is Direction.INBOUND,
        conversation_id=conversation,
        message_id=text(part, "id"),
        dedup_key=_key(body, conversation, part, created=created),
        customer=_customer(item, opening),
        subject=seen(text(opening, "subject") or "") or None,
        text=said.text,
        quoted=said.quoted,
        link=link(item, "links", "conversation_web"),
        occurred_at=instant(part, "created_at") or instant(body, "created_at"),
        tags=tuple(filter(None, (text(tag, "name") for tag in _tags(item)))),
        severity="high" if text(item, "priority") == "priority" else None,
        attachments=files(wrote, "attachments"),
    )


def _ticket(body: Json, direction: Direction, *, created: bool) -> CanonicalMessage:
    item = dig(body, "data", "item")
    ticket = dig(item, "ticket") or item
    part = None if created else _newest_part(item, ticket)
    number = must(text(ticket, "id") or text(ticket, "ticket_id"), "ticket id")
    told = dig(ticket, "ticket_attributes")
    words = text(told, "_default_description_") if created else text(part, "body")
    said = said_in_html(words or "")
    return CanonicalMessage(
        source="intercom",
        direction=direction,
        opens=direction is Direction.INBOUND,
        conversation_id=number,
        message_id=text(part, "id"),
        dedup_key=_key(body, number, part, created=created),
        customer=_contact(ticket, part),
        subject=seen(text(told, "_default_title_") or "") or None,
        text=said.text,
        quoted=said.quoted,
        link=link(ticket, "links", "conversation_web"),
        occurred_at=instant(part or ticket, "created_at")
        or instant(body, "created_at"),
        attachments=files(part, "attachments"),
        reply_to=f"{TICKET}{number}",
    )


def _newest_part(item: object, ticket: object) -> Json | None:
    """Return the reply: beside the ticket, or the newest of its parts with words."""
    beside = dig(item, "ticket_part")
    if isinstance(beside, dict):
        return beside
    parts = list(each(ticket, "ticket_parts", "ticket_parts"))
    said = [part for part in parts if text(part, "body")]
    return next(reversed(said or parts), None)


def _key(body: Json, conversation: str, part: object, *, created: bool) -> str:
    """Name a message by its own id: notifications have others each time."""
    if created:
        return f"intercom:{conversation}:created"
    own = text(part, "id")
    if own is None:
        return must(text(body, "id"), "notification id")
    return f"intercom:{conversation}:{own}"


def _tags(item: object) -> tuple[Json, ...]:
    return tuple(each(item, "tags", "tags"))


def _customer(item: object, opening: object) -> Customer:
    """Return the customer, who wrote first unless we did; API 1.x names a `user`."""
    author = dig(opening, "author")
    by_us = text(author, "type") in {"admin", "bot"}
    person = dig(item, "contacts", "contacts", 0) if by_us else author
    return _person(dig(item, "user") or person)


def _contact(ticket: object, part: object) -> Customer:
    """Return a ticket's customer; who wrote the reply knows more of a name."""
    author = dig(part, "author")
    wrote = text(author, "type") in {"user", "lead", "contact"}
    return _person(author if wrote else dig(ticket, "contacts", "contacts", 0))


def _person(person: object) -> Customer:
    return Customer(
        id=text(person, "id"),
        name=text(person, "name"),
        email=text(person, "email"),
        phone=text(person, "phone"),
    )
