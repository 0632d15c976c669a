"""What HubSpot says. Whether a new message is the customer's, only a fetch can tell."""

from collections.abc import Mapping

from integrations.intake.contract import (
    CanonicalMessage,
    Direction,
    IntakeRequest,
    Unparsed,
)
from integrations.intake.reading import instant, load, must, text

Json = Mapping[str, object]

_CONVERSATIONS = {"conversation.creation", "conversation.newMessage"}
_TICKET = "ticket.creation"
_OBJECT = "object.creation"
_TICKETS = {"0-5", "ticket"}
"""What HubSpot calls tickets where it tells of objects of any type."""


def parse(request: IntakeRequest) -> tuple[CanonicalMessage, ...]:
    """Read a batch, in its order; events about other things are none."""
    batch = load(request)
    events = batch if isinstance(batch, list) else [batch]
    return tuple(
        message for event in events if (message := _message(_object(event))) is not None
    )


def _object(event: object) -> Json:
    if not isinstance(event, dict):
        reason = "An event of the batch is not an object with named fields."
        raise Unparsed(reason)
    return event


def _message(event: Json) -> CanonicalMessage | None:
    kind = _kind(event)
    if kind not in _CONVERSATIONS | {_TICKET}:
        return None
    subject = must(text(event, "objectId"), "conversation id")
    note = text(event, "messageType") == "COMMENT"
    conversation = f"ticket-{subject}" if kind == _TICKET else subject
    return CanonicalMessage(
        source="hubspot",
        direction=Direction.INTERNAL if note else Direction.INBOUND,
        opens=not note,
        conversation_id=conversation,
        message_id=text(event, "messageId"),
        # an event's id is no message's, nor said to be unique; and what was asked for
        # later has another name, so that its words still come after the mere event
        dedup_key=f"hubspot:{conversation}:{text(event, 'messageId') or 'created'}",
        occurred_at=instant(event, "occurredAt"),
        link=_link(event, kind, subject),
        needs_fetch=True,
    )


def _kind(event: Json) -> str:
    """Return the type of an event; those of any object are told by the object's."""
    kind = must(text(event, "subscriptionType"), "type of event")
    what = text(event, "objectTypeId") or text(event, "objectType") or ""
    return _TICKET if kind == _OBJECT and what.lower() in _TICKETS else kind


def _link(event: Json, kind: str, subject: str) -> str | None:
    """Return where people read it, in the account that HubSpot calls a portal."""
    portal = text(event, "portalId")
    if portal is None or not (portal.isdecimal() and subject.isdecimal()):
        return None
    if kind == _TICKET:
        return f"https://app.hubspot.com/contacts/{portal}/ticket/{subject}"
    return f"https://app.hubspot.com/live-messages/{portal}/inbox/{subject}"
