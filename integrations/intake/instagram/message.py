"""What Instagram says. Our own messages come back with `is_echo`."""

from collections.abc import Mapping

from integrations.intake.contract import (
    CanonicalMessage,
    Customer,
    Direction,
    IntakeRequest,
    Unparsed,
)
from integrations.intake.reading import (
    dig,
    every,
    files,
    flag,
    instant,
    load_object,
    must,
    text,
)

Json = Mapping[str, object]


def parse(request: IntakeRequest) -> tuple[CanonicalMessage, ...]:
    """Read a batch, in its order; comments under posts are none."""
    body = load_object(request)
    if text(body, "object") != "instagram":
        reason = "It is not about an Instagram account."
        raise Unparsed(reason)
    return tuple(
        _message(event)
        for entry in every(body, "entry")
        for event in (*every(entry, "messaging"), *every(entry, "standby"))
    )


def _message(event: Json) -> CanonicalMessage:
    said = dig(event, "message") or dig(event, "postback")
    direction = _direction(said)
    by_us = direction is Direction.OUTBOUND
    customer = must(text(event, "recipient" if by_us else "sender", "id"), "customer")
    message_id = text(said, "mid")
    return CanonicalMessage(
        source="instagram",
        direction=direction,
        opens=direction is Direction.INBOUND,
        conversation_id=customer,
        message_id=message_id,
        dedup_key=message_id or _status_key(event, customer),
        customer=Customer(id=customer),
        text=text(said, "text") or text(said, "title"),
        occurred_at=instant(event, "timestamp"),
        attachments=files(said, "attachments"),
    )


def _direction(said: object) -> Direction:
    if said is None or flag(said, "is_deleted"):
        return Direction.STATUS
    return Direction.OUTBOUND if flag(said, "is_echo") else Direction.INBOUND


def _status_key(event: Json, customer: str) -> str:
    """Name a reaction, or that something was read."""
    about = text(event, "reaction", "mid") or text(event, "read", "mid") or ""
    return f"instagram:{customer}:{about}:{text(event, 'timestamp') or ''}"
