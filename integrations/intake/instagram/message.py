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
    each,
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
    edit = dig(event, "message_edit")
    said = dig(event, "message") or dig(event, "postback") or edit
    deleted = bool(flag(said, "is_deleted"))
    direction = _direction(said)
    by_us = direction is Direction.OUTBOUND
    customer = must(text(event, "recipient" if by_us else "sender", "id"), "customer")
    message_id = text(said, "mid")
    key = message_id
    if key is None or deleted or edit is not None:
        key = _status_key(event, customer, "deleted" if deleted else "")
    return CanonicalMessage(
        source="instagram",
        direction=direction,
        opens=direction is Direction.INBOUND and edit is None,
        conversation_id=customer,
        message_id=message_id,
        dedup_key=key,
        customer=Customer(id=customer),
        text=_words(said),
        occurred_at=instant(event, "timestamp"),
        attachments=files(said, "attachments"),
        edits=message_id if edit is not None else None,
        deletes=message_id if deleted else None,
        why=_why(deleted=deleted) if direction is Direction.STATUS else "",
    )


def _words(said: object) -> str | None:
    """Return what was written, and a line for each thing that is no text."""
    kinds = [text(one, "type") for one in each(said, "attachments")]
    notes = (f"[{kind.replace('_', ' ')}]" for kind in kinds if kind)
    written = text(said, "text") or text(said, "title")
    return "\n".join(filter(None, (written, *notes))) or None


def _why(*, deleted: bool) -> str:
    if deleted:
        return "A message was taken back."
    return "It is a reaction, or news that something was read."


def _direction(said: object) -> Direction:
    if said is None or flag(said, "is_deleted"):
        return Direction.STATUS
    return Direction.OUTBOUND if flag(said, "is_echo") else Direction.INBOUND


def _status_key(event: Json, customer: str, what: str) -> str:
    """Name a reaction, a change of a message, or that one was read."""
    names = ("reaction", "read", "message", "message_edit")
    about = next(filter(None, (text(event, one, "mid") for one in names)), "")
    parts = (customer, about, what, text(event, "timestamp") or "")
    return ":".join(("instagram", *(part for part in parts if part)))
