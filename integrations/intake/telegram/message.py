"""What Telegram says. Pressing "Start" sends `/start`, which is no message."""

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
    flag,
    instant,
    load_object,
    must,
    name,
    text,
)

_SERVICE = frozenset(
    {
        "boost_added",
        "channel_chat_created",
        "chat_background_set",
        "chat_owner_changed",
        "chat_owner_left",
        "connected_website",
        "delete_chat_photo",
        "group_chat_created",
        "left_chat_member",
        "message_auto_delete_timer_changed",
        "migrate_from_chat_id",
        "migrate_to_chat_id",
        "new_chat_members",
        "new_chat_photo",
        "new_chat_title",
        "pinned_message",
        "proximity_alert_triggered",
        "supergroup_chat_created",
        "video_chat_ended",
        "video_chat_participants_invited",
        "video_chat_scheduled",
        "video_chat_started",
        "write_access_allowed",
    }
)
"""What the app says of a chat in the name of whoever changed it: nobody's words."""
_ATTACHED = ("photo", "document", "voice", "audio", "video", "video_note", "sticker")


def parse(request: IntakeRequest) -> tuple[CanonicalMessage, ...]:
    """Read an update; those that bring no message of a person are none."""
    update = load_object(request)
    key = must(text(update, "update_id"), "update id")
    message = dig(update, "message")
    said = dig(update, "edited_message") if message is None else message
    if said is None:
        return ()
    if not isinstance(said, dict):
        reason = "The update's message is not an object with named fields."
        raise Unparsed(reason)
    if _is_command(said) or not _SERVICE.isdisjoint(said):
        return ()
    return (_message(key, said, edited=message is None),)


def _is_command(message: Mapping[str, object]) -> bool:
    return (text(message, "text") or "").partition(" ")[0] == "/start"


def _message(
    key: str, message: Mapping[str, object], *, edited: bool
) -> CanonicalMessage:
    bot = flag(message, "from", "is_bot") or False
    attached = [kind for kind in _ATTACHED if kind in message]
    words = text(message, "text") or text(message, "caption")
    return CanonicalMessage(
        source="telegram",
        direction=Direction.OUTBOUND if bot else Direction.INBOUND,
        opens=not bot and not edited,
        conversation_id=must(text(message, "chat", "id"), "chat"),
        message_id=text(message, "message_id"),
        dedup_key=key,
        customer=_writer(message),
        text="\n".join(filter(None, (words, *_notes(message, attached)))) or None,
        occurred_at=instant(message, "edit_date" if edited else "date"),
        attachments=tuple(_file(message, kind) for kind in attached),
    )


def _notes(message: Mapping[str, object], attached: list[str]) -> Iterator[str]:
    """Yield a line for each thing that is no text: what it is, and its file's name."""
    for kind in attached:
        called = text(message, kind, "file_name") or text(message, kind, "emoji")
        yield f"[{kind.replace('_', ' ')}{': ' if called else ''}{called or ''}]"
    place = dig(message, "location")
    if place is not None:
        where = (text(place, "latitude"), text(place, "longitude"))
        yield f"[location: {', '.join(filter(None, where))}]"


def _file(message: Mapping[str, object], kind: str) -> Attachment:
    named = text(message, kind, "file_name") or ""
    return Attachment(name=named, type=text(message, kind, "mime_type") or kind)


def _writer(message: Mapping[str, object]) -> Customer:
    """Return who wrote; the number only when a person shares the own contact."""
    person = dig(message, "from")
    contact = dig(message, "contact")
    own = text(contact, "user_id") == text(person, "id")
    return Customer(
        id=text(person, "id"),
        name=name(text(person, "first_name"), text(person, "last_name")),
        phone=text(contact, "phone_number") if contact and own else None,
        handle=text(person, "username"),
    )
