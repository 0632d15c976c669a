"""What WhatsApp says. States and echoes come to the same address as messages.

Free answers are allowed for 24 hours after the customer's last message.
"""

from collections.abc import Iterator, Mapping

from integrations.intake.contract import (
    Attachment,
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

_MEDIA = {"image", "document", "video", "audio", "sticker"}
_NO_MESSAGE = {"reaction", "system"}
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
        text(contact, "wa_id"): text(contact, "profile", "name")
        for contact in each(value, "contacts")
    }
    ours = text(value, "metadata", "phone_number_id") or ""
    for message in every(value, "messages"):
        yield _message(message, names.get(text(message, "from")), ours)
    for echo in every(value, "message_echoes"):
        yield _echo(echo)
    for status in every(value, "statuses"):
        yield _status(status)


def _message(message: object, name: str | None, ours: str) -> CanonicalMessage:
    number = must(text(message, "from"), "sender")
    message_id = must(text(message, "id"), "message id")
    kind = text(message, "type") or ""
    written = kind not in _NO_MESSAGE
    return CanonicalMessage(
        source="whatsapp",
        direction=Direction.INBOUND if written else Direction.STATUS,
        opens=written,
        conversation_id=number,
        message_id=message_id,
        dedup_key=message_id,
        customer=Customer(id=number, name=name, phone=_phone(number)),
        text=_words(message, kind),
        occurred_at=instant(message, "timestamp"),
        attachments=_files(message, kind),
        reply_to=f"{ours}/{number}" if ours else "",
    )


def _files(message: object, kind: str) -> tuple[Attachment, ...]:
    if kind not in _MEDIA:
        return ()
    named = text(message, kind, "filename") or ""
    return (Attachment(name=named, type=text(message, kind, "mime_type") or kind),)


def _words(message: object, kind: str) -> str | None:
    """Return what was written, under a picture too, or the label that was pressed."""
    return (
        text(message, kind, "body")
        or text(message, kind, "caption")
        or text(message, kind, "text")
        or text(message, kind, "button_reply", "title")
        or text(message, kind, "list_reply", "title")
        or text(message, kind, "filename")
        or text(message, kind, "name")
    )


def _echo(echo: object) -> CanonicalMessage:
    """Read what was written in the business's own app."""
    number = must(text(echo, "to"), "recipient")
    message_id = must(text(echo, "id"), "message id")
    return CanonicalMessage(
        source="whatsapp",
        direction=Direction.OUTBOUND,
        opens=False,
        conversation_id=number,
        message_id=message_id,
        dedup_key=message_id,
        customer=Customer(id=number, phone=_phone(number)),
        text=_words(echo, text(echo, "type") or ""),
        occurred_at=instant(echo, "timestamp"),
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
        occurred_at=instant(status, "timestamp"),
        reference=text(status, "biz_opaque_callback_data"),
        code=text(status, "errors", 0, "code"),
    )


def _phone(number: str) -> str | None:
    return f"+{number}" if number.isdecimal() else None
