"""What Gorgias says, by our template."""

from integrations.intake.contract import (
    CanonicalMessage,
    Customer,
    Direction,
    IntakeRequest,
)
from integrations.intake.levels import severity
from integrations.intake.quotes import Said, said_in_html, said_in_plain
from integrations.intake.reading import (
    dig,
    first,
    flag,
    instant,
    link,
    load_object,
    must,
    text,
    words,
)


def parse(request: IntakeRequest) -> tuple[CanonicalMessage, ...]:
    """Read the one message of a request."""
    body = load_object(request)
    ticket, message = dig(body, "ticket"), dig(body, "message")
    conversation = must(text(ticket, "id"), "ticket id")
    message_id = text(message, "id")
    said = _said(message)
    direction = _direction(message)
    return (
        CanonicalMessage(
            source="gorgias",
            direction=direction,
            opens=direction is Direction.INBOUND,
            conversation_id=conversation,
            message_id=message_id,
            dedup_key=f"gorgias:{conversation}:{message_id or ''}",
            weak_key=message_id is None,
            customer=_sender(ticket, message, direction),
            subject=text(ticket, "subject"),
            text=said.text,
            quoted=said.quoted,
            link=link(ticket, "link"),
            occurred_at=instant(message, "created"),
            tags=words(ticket, "tags"),
            severity=severity(text(ticket, "priority")),
        ),
    )


def _direction(message: object) -> Direction:
    if flag(message, "public") is False:
        return Direction.INTERNAL
    return Direction.OUTBOUND if flag(message, "from_agent") else Direction.INBOUND


def _sender(ticket: object, message: object, direction: Direction) -> Customer:
    wrote = dig(message, "sender") if direction is Direction.INBOUND else None
    person = wrote or dig(ticket, "customer")
    return Customer(
        id=text(person, "id"),
        name=text(person, "name"),
        email=text(person, "email"),
        phone=text(person, "phone"),
    )


def _said(message: object) -> Said:
    plain = first(message, "text", "body_text")
    if plain:
        return said_in_plain(plain)
    return said_in_html(first(message, "html", "body_html") or "")
