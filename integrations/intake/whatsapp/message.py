"""What WhatsApp says. States and echoes come to the same address as messages.

Free answers are allowed for 24 hours after the customer's last message.
"""

from collections.abc import Iterator, Mapping

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
    instant,
    keys,
    load_object,
    must,
    text,
)
from integrations.intake.whatsapp.content import attachments, words

_EDIT = "edit"
_NO_MESSAGE = {
    "reaction": "It is a reaction to a message.",
    "system": "It is news of WhatsApp's own, such as that a number was changed.",
    "revoke": "A message was taken back.",
}
_KNOWN = {"messages", "statuses", "errors"}


def parse(request: IntakeRequest) -> tuple[CanonicalMessage, ...]:
    """Read a batch, in its order."""
    body = load_object(request)
    if text(body, "object") != "whatsapp_business_account":
        reason = "It is not about a WhatsApp business account."
        raise Unparsed(reason)
    return tuple(
        message
        for entry in every(body, "entry")
        for change in every(entry, "changes")
        for message in _of_change(change)
    )


def _of_change(change: Mapping[str, object]) -> Iterator[CanonicalMessage]:
    value = dig(change, "value")
    if text(change, "field") == "messages" and not _KNOWN & keys(value):
        reason = "A change of messages holds neither a message nor a status."
        raise Unparsed(reason)
    names = {
        text(contact, key): text(contact, "profile", "name")
        for contact in each(value, "contacts")
        for key in ("wa_id", "user_id")
    }
    ours = text(value, "metadata", "phone_number_id") or ""
    for message in every(value, "messages"):
        who = text(message, "from") or text(message, "from_user_id")
        yield _message(message, names.get(who), ours)
    for echo in every(value, "message_echoes"):
        yield _echo(echo)
    for status in every(value, "statuses"):
        yield _status(status)


def _message(message: object, name: str | None, ours: str) -> CanonicalMessage:
    number = must(text(message, "from") or text(message, "from_user_id"), "sender")
    message_id = must(text(message, "id"), "message id")
    kind = text(message, "type") or ""
    edited = text(message, "edit", "original_message_id")
    said = dig(message, "edit", "message") if kind == _EDIT else message
    return CanonicalMessage(
        source="whatsapp",
        direction=Direction.STATUS if kind in _NO_MESSAGE else Direction.INBOUND,
        opens=kind not in _NO_MESSAGE and kind != _EDIT,
        conversation_id=number,
        message_id=message_id,
        dedup_key=message_id,
        customer=Customer(id=number, name=name, phone=_phone(number)),
        text=words(said),
        occurred_at=instant(message, "timestamp"),
        attachments=attachments(said),
        reply_to=f"{ours}/{number}" if ours else "",
        edits=edited if kind == _EDIT else None,
        deletes=text(message, "revoke", "original_message_id"),
        why=_NO_MESSAGE.get(kind, ""),
    )


def _echo(echo: object) -> CanonicalMessage:
    """Read what was written in the business's own app."""
    number = must(text(echo, "to"), "recipient")
    message_id = must(text(echo, "id"), "message id")
    kind = text(echo, "type") or ""
    said = dig(echo, "edit", "message") if kind == _EDIT else echo
    return CanonicalMessage(
        source="whatsapp",
        direction=Direction.STATUS if kind in _NO_MESSAGE else Direction.OUTBOUND,
        opens=False,
        conversation_id=number,
        message_id=message_id,
        dedup_key=message_id,
        customer=Customer(id=number, phone=_phone(number)),
        text=words(said),
        occurred_at=instant(echo, "timestamp"),
        why=_NO_MESSAGE.get(kind, ""),
    )


def _status(status: object) -> CanonicalMessage:
    number = must(text(status, "recipient_id"), "recipient")
    message_id = must(text(status, "id"), "message id")
    state = must(text(status, "status"), "status")
    return CanonicalMessage(
        source="whatsapp",
        direction=Direction.STATUS,
        opens=False,
        conversation_id=number,
        message_id=message_id,
        dedup_key=f"{message_id}:{state}",
        customer=Customer(id=number, phone=_phone(number)),
        text=state,
        why=f"It is news of a message of ours: {state}.",
        occurred_at=instant(status, "timestamp"),
        reference=text(status, "biz_opaque_callback_data"),
        code=text(status, "errors", 0, "code"),
    )


def _phone(number: str) -> str | None:
    return f"+{number}" if number.isdecimal() else None
