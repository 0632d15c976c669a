"""What Zendesk says.

An event has neither the requester's name nor address, so it `needs_fetch`. A trigger
sends what its template names; ours names ticket_id, subject, text, priority, tags,
link, updated_at, comment_id, public, author_is_agent and requester_name, _email,
_phone, _id. Zendesk's own templates call them as their placeholders, such as title,
latest_comment and url, at times below `ticket`.
"""

import re
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

_NUMBER = ("ticket_id", "id", "ticketId")
_SUBJECT = ("subject", "title", "ticket_title", "ticketTitle")
_WORDS = (
    *("text", "latest_comment", "latest_public_comment", "comment"),
    *("latest_comment_text", "comment_body", "description"),
)
_LINK = ("link", "url", "ticket_link", "ticket_url", "ticketUrl")
_COMMENT = ("comment_id", "latest_comment_id", "commentId")
_AT = ("updated_at", "updated_at_with_timestamp", "updated", "created_at")
_PUBLIC = ("public", "is_public", "comment_is_public")
# how {{ticket.latest_comment_formatted}} begins: a rule, then who and when
_HEADING = re.compile(r"\A\s*-{20,}[^\S\n]*\n\s*[^\n]{1,200}\n")
_BARE_LINK = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+/[!-~]*", re.IGNORECASE)

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
        dedup_key=_event_key(body, conversation, comment),
        customer=Customer(id=text(ticket, "requester_id")),
        subject=text(ticket, "subject"),
        text=text(comment, "body") if comment else text(ticket, "description"),
        occurred_at=instant(body, "time"),
        needs_fetch=True,
        tags=words(ticket, "tags"),
        severity=severity(text(ticket, "priority")),
    )


def _event_key(body: Json, conversation: str, comment: object) -> str:
    """Name a message by what it is: an event that is told again has another id."""
    if comment is None:
        return f"zendesk:{conversation}:created"
    own = text(comment, "id")
    return f"zendesk:{conversation}:{own}" if own else must(text(body, "id"), "event")


def _trigger(request: IntakeRequest, body: Json) -> CanonicalMessage:
    ticket = dig(body, "ticket")
    said = {**body, **ticket} if isinstance(ticket, dict) else body
    conversation = must(first(said, *_NUMBER), "ticket id")
    comment = first(said, *_COMMENT) or text(said, "comment", "id")
    direction = _direction(
        public=_flag(said, *_PUBLIC), agent=flag(said, "author_is_agent")
    )
    invocation = request.headers.get("x-zendesk-webhook-invocation-id")
    named = f"zendesk:{conversation}:{comment or ''}"
    return CanonicalMessage(
        source="zendesk",
        direction=direction,
        opens=direction is Direction.INBOUND,
        conversation_id=conversation,
        message_id=comment,
        dedup_key=named if comment else invocation or named,
        weak_key=not invocation and comment is None,
        customer=_requester(said),
        subject=first(said, *_SUBJECT),
        text=_words(said),
        link=_link(said),
        occurred_at=instant(first(said, *_AT)),
        tags=tuple(" ".join(words(said, "tags")).split()),
        severity=severity(text(said, "priority")),
    )


def _flag(said: Json, *names: str) -> bool | None:
    return next((flag(said, name) for name in names if name in said), None)


def _words(said: Json) -> str | None:
    """Return what was written last, where the template sends it."""
    written = first(said, *_WORDS) or text(said, "comment", "body")
    return _HEADING.sub("", written, count=1).strip() if written else None


def _link(said: Json) -> str | None:
    """Return the ticket's page; `{{ticket.url}}` leaves out the scheme."""
    written = first(said, *_LINK) or ""
    return link(f"https://{written}" if _BARE_LINK.fullmatch(written) else written)


def _requester(said: Json) -> Customer:
    person = dig(said, "requester")
    return Customer(
        id=text(said, "requester_id") or text(person, "id"),
        name=text(said, "requester_name") or text(person, "name") or text(person),
        email=first(said, "requester_email", "email") or text(person, "email"),
        phone=text(said, "requester_phone") or text(person, "phone"),
    )


def _direction(*, public: bool | None, agent: bool | None) -> Direction:
    if public is False:
        return Direction.INTERNAL
    return Direction.OUTBOUND if agent else Direction.INBOUND
