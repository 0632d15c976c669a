"""What the service and a provider say to one another.

A `Channel` carries messages out. What comes in is parsed by the provider's module
into one kind of `Inbound`, after its signature was verified there.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable


class Delivery(StrEnum):
    """What the provider says has become of a message, weakest first."""

    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button under a message; `data` (at most 64 bytes) comes back when pressed."""

    label: str
    data: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundMessage:
    """One message to one address.

    `reference` is our own page id: it travels in the status callback's address.
    `valid_for` lets a provider drop what would come too late. `subject` and the
    Message-Ids of `answers`, oldest first, are for letters that answer a letter.
    """

    reference: str
    to: str
    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    valid_for: timedelta = timedelta(minutes=15)
    subject: str = ""
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The provider took the message. `delivered` when that is the same as delivery."""

    provider_id: str
    delivered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundReply:
    """Somebody answered. `delivery_id` is the provider's, the same when sent again.

    `sender` is a phone number in E.164 or a Telegram user id. `chat` is where an
    answer goes. `button` is the pressed button's data, else None. `message_id` is
    the message that the button hangs under; for a key pressed in a call, our own
    reference of what was read out there. `callback_id` must be answered once.
    `languages` are as in CallAnswered; none when the answer is read by eye.
    """

    channel: str
    delivery_id: str
    sender: str
    text: str
    chat: str = ""
    button: str | None = None
    message_id: str = ""
    callback_id: str = ""
    sender_name: str = ""
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswered:
    """Our call to `number` was picked up, and the words of `reference` are wanted.

    `languages` (ISO 639-1) are those that can be read aloud, the one to fall back on
    first. Picking up is no acknowledgement: it may be a voicemail.
    """

    channel: str
    number: str
    reference: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What we answer in the response to a webhook; nothing when `text` is empty.

    `language` (ISO 639-1) is for what is read aloud. `asks` is the reference that a
    pressed key would answer; empty when no key is waited for.
    """

    text: str = ""
    language: str = "en"
    asks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryUpdate:
    """A provider's later word on a message. `reference` is ours, when it came along.

    `broken` says that the address itself is dead, not only this message.
    """

    channel: str
    provider_id: str
    state: Delivery
    reference: str = ""
    code: str = ""
    broken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodRefused:
    """A person has closed this way to them: `sender` as in InboundReply."""

    channel: str
    sender: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRequest:
    """A provider's request as it came. Header names are in lower case.

    `url` is the address as the provider called it, by the configured public address:
    what a proxy changed on the way does not count. `query` is raw, without `?`.
    """

    url: str
    query: str
    headers: Mapping[str, str]
    body: bytes


Inbound = InboundReply | CallAnswered | DeliveryUpdate | MethodRefused


class Webhook(Protocol):
    """Where a provider calls us."""

    @property
    def path(self) -> str:
        """The path it calls, from `/`; a part in braces may be anything."""
        ...

    def plausible(self, request: WebhookRequest) -> bool:
        """Tell whether a request may be the provider's own, before its body is read."""
        ...

    def verify(self, request: WebhookRequest) -> bool:
        """Tell whether the request is the provider's own."""
        ...

    def parse(self, request: WebhookRequest) -> Inbound | None:
        """Return what it says; None when it asks nothing of us. Never raises."""
        ...

    def answer(self, said: Said) -> tuple[str, str]:
        """Return the response's content type and body."""
        ...


@runtime_checkable
class Lookup(Protocol):
    """A channel that can be asked whether it took a message we heard nothing of."""

    async def lookup(
        self, *, to: str, since: datetime, text: str, but: Collection[str] = ()
    ) -> Receipt | None:
        """Return the receipt of the message to `to` with exactly this text, or None.

        `but` are the provider's ids of messages that are known to be others.
        """
        ...


@runtime_checkable
class Editor(Protocol):
    """A channel that can change a message where it stands."""

    async def edit(self, *, chat: str, message_id: str, text: str) -> None:
        """Replace a message; its buttons go. To the same text as it has is no error."""
        ...


class Channel(Protocol):
    """A way to reach a person."""

    @property
    def name(self) -> str:
        """The contact method it serves: `sms`, `telegram`, …."""
        ...

    async def send(self, message: OutboundMessage) -> Receipt:
        """Hand over once. Raises Rejected, Unavailable or Uncertain."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
