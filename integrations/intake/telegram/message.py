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

SERVICE = frozenset(
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
_MOST = 100
"""Messages that one update takes back."""
_ATTACHED = ("photo", "document", "voice", "audio", "video", "video_note", "sticker")


_WRITTEN = ("message", "business_message")
_EDITED = ("edited_message", "edited_business_message")
_DELETED = "deleted_business_messages"


def parse(request: IntakeRequest) -> tuple[CanonicalMessage, ...]:
    """Read an update; those that bring no message of a person are none.

    Business messages are those to a person of ours for whom the bot answers.
    """
    update = load_object(request)
    key = must(text(update, "update_id"), "update id")
    if isinstance(dig(update, _DELETED), dict):
        return tuple(_deletions(key, dig(update, _DELETED)))
    kind = next((one for one in (*_WRITTEN, *_EDITED) if one in update), None)
    said = None if kind is None else update[kind]
    if said is None:
        return ()
    if not isinstance(said, dict):
        reason = "The update's message is not an object with named fields."
        raise Unparsed(reason)
    if is_start(said) or not SERVICE.isdisjoint(said):
        return ()
    return (_message(key, said, edited=kind in _EDITED),)


def _deletions(key: str, deleted: object) -> Iterator[CanonicalMessage]:
    gone = dig(deleted, "message_ids")
    for number in map(text, gone[:_MOST] if isinstance(gone, list) else ()):
        if number is not None:
            yield CanonicalMessage(
                source="telegram",
                direction=Direction.STATUS,
                opens=False,
                conversation_id=must(text(deleted, "chat", "id"), "chat"),
                dedup_key=f"{key}:{number}",
                deletes=number,
                why="A message was taken back.",
            )


def is_start(message: object) -> bool:
    """Tell whether somebody only pressed "Start"."""
    return (text(message, "text") or "").partition(" ")[0] == "/start"


def _message(
    key: str, message: Mapping[str, object], *, edited: bool
) -> CanonicalMessage:
    by_us = _is_ours(message)
    chat = must(text(message, "chat", "id"), "chat")
    connection = text(message, "business_connection_id")
    message_id = text(message, "message_id")
    attached = [kind for kind in _ATTACHED if kind in message]
    words = text(message, "text") or text(message, "caption")
    return CanonicalMessage(
        source="telegram",
        direction=Direction.OUTBOUND if by_us else Direction.INBOUND,
        opens=not by_us and not edited,
        conversation_id=chat,
        message_id=message_id,
        dedup_key=key,
        customer=_writer(message),
        text="\n".join(filter(None, (words, *_notes(message, attached)))) or None,
        occurred_at=instant(message, "edit_date" if edited else "date"),
        attachments=tuple(_file(message, kind) for kind in attached),
        reply_to=f"{connection}/{chat}" if connection else None,
        edits=message_id if edited else None,
    )


def _is_ours(message: Mapping[str, object]) -> bool:
    """Tell whether a bot wrote it, or we did: in a business chat not the customer."""
    if flag(message, "from", "is_bot") or "sender_business_bot" in message:
        return True
    in_business = "business_connection_id" in message
    return in_business and text(message, "from", "id") != text(message, "chat", "id")


def _notes(message: Mapping[str, object], attached: list[str]) -> Iterator[str]:
    """Yield a line for each thing that is no text: what it is, and its file's name."""
    for kind in attached:
        called = text(message, kind, "file_name") or text(message, kind, "emoji")
        yield f"[{kind.replace('_', ' ')}{': ' if called else ''}{called or ''}]"
    place = dig(message, "location")
    if place is not None:
        named = (text(message, "venue", "title"), text(message, "venue", "address"))
        where = (text(place, "latitude"), text(place, "longitude"))
        yield f"[location: {', '.join(filter(None, (*named, *where)))}]"
    if (contact := dig(message, "contact")) is not None:
        called = name(text(contact, "first_name"), text(contact, "last_name"))
        shared = (called, text(contact, "phone_number"))
        yield f"[contact: {', '.join(filter(None, shared))}]"
    if (asked := text(message, "poll", "question")) is not None:
        yield f"[poll: {asked}]"


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
