"""What Telegram tells us, as values. Pure; reads any JSON and never fails."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from integrations.contract import InboundReply

CHANNEL = "telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  a header's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """A person has blocked the bot. `delivery_id` is the update's."""

    delivery_id: str
    user: str


def verify(*, header: str, secret: str) -> bool:
    """Tell whether a webhook's secret header is ours, in constant time."""
    return bool(secret) and hmac.compare_digest(header.encode(), secret.encode())


def parse(update: object) -> InboundReply | Blocked | None:
    """Read one update; None for what asks nothing of us.

    `/start CODE` comes as its text. Who pressed or wrote is `sender`: in a group
    anybody can press, so go by it and not by the chat.
    """
    match update:
        case {"message": {"from": {"is_bot": True}}}:
            return None
        case {"update_id": int(number), "message": Mapping() as message}:
            return _message(str(number), message)
        case {"update_id": int(number), "callback_query": Mapping() as press}:
            return _press(str(number), press)
        case {
            "update_id": int(number),
            "my_chat_member": {
                "from": {"id": int(user)},
                "chat": {"type": "private"},
                "new_chat_member": {"status": "kicked"},
            },
        }:
            return Blocked(delivery_id=str(number), user=str(user))
        case _:
            return None


def _message(delivery_id: str, message: Mapping[str, object]) -> InboundReply | None:
    """Read what somebody wrote, be it under a picture."""
    words = message.get("text", message.get("caption"))
    match message:
        case {
            "from": {"id": int(sender)} as person,
            "chat": {"id": int(chat)},
            "message_id": int(message_id),
        } if isinstance(words, str):
            return InboundReply(
                channel=CHANNEL,
                delivery_id=delivery_id,
                sender=str(sender),
                sender_name=_name(person),
                chat=str(chat),
                text=words,
                message_id=str(message_id),
            )
        case _:
            return None


def _press(delivery_id: str, press: Mapping[str, object]) -> InboundReply | None:
    match press:
        case {"id": str(callback), "from": {"id": int(sender)} as person, **rest}:
            chat, message_id = _place(rest.get("message"))
            return InboundReply(
                channel=CHANNEL,
                delivery_id=delivery_id,
                sender=str(sender),
                sender_name=_name(person),
                chat=chat,
                text="",
                button=_text(rest.get("data")),
                message_id=message_id,
                callback_id=callback,
            )
        case _:
            return None


def _place(message: object) -> tuple[str, str]:
    """Return chat and message id; empty when the message is too old to be told."""
    match message:
        case {"chat": {"id": int(chat)}, "message_id": int(message_id)}:
            return str(chat), str(message_id)
        case _:
            return "", ""


def _name(person: object) -> str:
    match person:
        case {"first_name": str(first), "last_name": str(last)}:
            return f"{first} {last}"
        case {"first_name": str(first)}:
            return first
        case _:
            return ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
