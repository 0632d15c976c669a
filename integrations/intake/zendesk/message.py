"""What Zendesk says.

An event has neither the requester's name nor address, so it `needs_fetch`. A trigger
sends what its template names; ours names ticket_id, subject, text, priority, tags,
link, updated_at, comment_id, public, author_is_agent and requester_name, _email,
_phone, _id.
"""

from collections.abc import Mapping

from integrations.intake.contract import (
    CanonicalMessage,
    Customer,
    Direction,
    IntakeRequest,
)
from integrations.intake.levels import severity
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

_CREATED = "zen:event-type:ticket.created"
_COMMENTED = "zen:event-type:ticket.comment_added"

Json = Mapping[str, object]


def parse(request: IntakeRequest) -> tuple[CanonicalMessage, ...]:
    """Read an event or a trigger's request; other events than messages are none."""
    body = load_object(request)
    match text(body, "type"):
        case str(kind) if kind.startswith("zen:event-type:"):
            return (_event(body, kind),) if kind in {_CREATED, _COMMENTED} else ()
        case _:
            return (_trigger(request, body),)


def _event(body: Json, kind: str) -> CanonicalMessage:
    ticket = dig(body, "detail")
    conversation = must(text(ticket, "id"), "ticket id")
    comment = dig(body, "event", "comment") if kind == _COMMENTED else None
    direction = _direction(
        public=flag(comment or ticket, "is_public"),
        agent=flag(comment, "author", "is_staff"),
    )
    return CanonicalMessage(
        source="zendesk",
        direction=direction,
        opens=direction is Direction.INBOUND,
        conversation_id=conversation,
        message_id=text(comment, "id"),
        dedup_key=must(text(body, "id"), "event id"),
        customer=Customer(id=text(ticket, "requester_id")),
        subject=text(ticket, "subject"),
        text=text(comment, "body") if comment else text(ticket, "description"),
        occurred_at=instant(body, "time"),
        needs_fetch=True,
        tags=words(ticket, "tags"),
        severity=severity(text(ticket, "priority")),
    )


def _trigger(request: IntakeRequest, body: Json) -> CanonicalMessage:
    conversation = must(first(body, "ticket_id", "id"), "ticket id")
    comment = text(body, "comment_id")
    direction = _direction(
        public=flag(body, "public"), agent=flag(body, "author_is_agent")
    )
    invocation = request.headers.get("x-zendesk-webhook-invocation-id")
    return CanonicalMessage(
        source="zendesk",
        direction=direction,
        opens=direction is Direction.INBOUND,
        conversation_id=conversation,
        message_id=comment,
        dedup_key=invocation or f"zendesk:{conversation}:{comment or ''}",
        weak_key=not invocation and comment is None,
        customer=_requester(body),
        subject=text(body, "subject"),
        text=first(body, "text", "description"),
        link=link(body, "link"),
        occurred_at=instant(body, "updated_at"),
        tags=tuple(" ".join(words(body, "tags")).split()),
        severity=severity(text(body, "priority")),
    )


def _requester(body: Json) -> Customer:
    return Customer(
        id=text(body, "requester_id"),
        name=text(body, "requester_name"),
        email=text(body, "requester_email"),
        phone=text(body, "requester_phone"),
    )


def _direction(*, public: bool | None, agent: bool | None) -> Direction:
    if public is False:
        return Direction.INTERNAL
    return Direction.OUTBOUND if agent else Direction.INBOUND
