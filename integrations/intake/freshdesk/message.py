"""What Freshdesk says: the ticket, in the words of its pages or the codes of its API.

`triggered_event` looks like JSON and is none: `{ticket_action:created}`,
`{priority:{from:1,to:4}}`.
"""

import re

from integrations.intake.contract import (
    CanonicalMessage,
    Customer,
    Direction,
    IntakeRequest,
)
from integrations.intake.levels import severity
from integrations.intake.quotes import Said, said_in_html
from integrations.intake.reading import (
    dig,
    first,
    instant,
    link,
    load_object,
    must,
    text,
    words,
)

_WORD = re.compile(r"\w+")
_PRIORITIES = {"1": "low", "2": "medium", "3": "high", "4": "urgent"}
_DIRECTIONS = {
    "reply_sent": Direction.OUTBOUND,
    "note_type": Direction.INTERNAL,
    "private": Direction.INTERNAL,
}
_CHANGES = {"priority", "status", "agent", "group", "type", "source", "tag"}


def parse(request: IntakeRequest) -> tuple[CanonicalMessage, ...]:
    """Read a rule's request. A change of priority may open an issue: it was raised."""
    body = load_object(request)
    ticket = dig(body, "freshdesk_webhook") or body
    event = text(ticket, "triggered_event") or ""
    conversation = must(first(ticket, "ticket_id", "id"), "ticket id")
    direction = _direction(event)
    said = _said(ticket)
    message = CanonicalMessage(
        source="freshdesk",
        direction=direction,
        opens=direction is Direction.INBOUND or event.startswith("{priority"),
        conversation_id=conversation,
        dedup_key=f"freshdesk:{conversation}:{event}",
        weak_key="created" not in event,
        customer=_requester(ticket),
        subject=first(ticket, "ticket_subject", "subject"),
        text=said.text,
        quoted=said.quoted,
        link=link(ticket, "ticket_url"),
        occurred_at=instant(ticket, "created_at"),
        tags=words(ticket, "ticket_tags"),
        severity=_severity(first(ticket, "ticket_priority", "priority")),
    )
    return (message,)


def _direction(event: str) -> Direction:
    """Tell who wrote by the event: `{reply_sent:sent}`, `{note_type:private}`."""
    said = _WORD.findall(event)
    if said and said[0] in _CHANGES:
        return Direction.STATUS
    return next(
        (_DIRECTIONS[word] for word in said if word in _DIRECTIONS), Direction.INBOUND
    )


def _requester(ticket: object) -> Customer:
    return Customer(
        id=text(ticket, "requester_id"),
        name=first(ticket, "requester_name", "ticket_requester_name"),
        email=first(ticket, "requester_email", "ticket_requester_email"),
        phone=first(ticket, "requester_phone", "ticket_requester_phone"),
    )


def _said(ticket: object) -> Said:
    """Return what was written last, where the rule sends it, else the description."""
    html = first(ticket, "latest_public_comment", "ticket_description", "description")
    return said_in_html(html or "")


def _severity(priority: str | None) -> str | None:
    return severity(_PRIORITIES.get(priority, priority) if priority else None)
