"""The store of simulated phones: one conversation per contact method and address."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime

from integrations.console.message import Buttons, PhoneMessage, one_line
from integrations.contract import OutboundMessage, Receipt


class ConsolePhones:
    """All simulated phones of one service, in memory.

    Each conversation keeps its last `keep` messages. `write` is given a line for
    each message, for a terminal.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        write: Callable[[str], None] | None = None,
        keep: int = 100,
    ) -> None:
        self._now = now
        self._write = write
        self._keep = keep
        self._conversations: dict[tuple[str, str], deque[PhoneMessage]] = {}
        self._version = 0
        self._last_id = 0
        self._changed = asyncio.Event()

    @property
    def version(self) -> int:
        """How often anything has changed."""
        return self._version

    def channel(self, name: str = "console") -> "Console":
        """Return a channel that stands in for the contact method `name`."""
        return Console(phones=self, name=name)

    def deliver(
        self,
        *,
        via: str,
        address: str,
        text: str,
        buttons: Buttons = (),
        reference: str = "",
    ) -> PhoneMessage:
        """Put a message on the phone at `address`."""
        return self._add(
            PhoneMessage(
                id=self._next_id(),
                via=via,
                address=address,
                text=text,
                at=self._now(),
                buttons=buttons,
                reference=reference,
            )
        )

    def record_answer(self, *, via: str, address: str, text: str) -> PhoneMessage:
        """Write down what the person at `address` answered."""
        return self._add(
            PhoneMessage(
                id=self._next_id(),
                via=via,
                address=address,
                text=text,
                at=self._now(),
                answer=True,
            )
        )

    def edit(self, message_id: int, text: str, buttons: Buttons = ()) -> bool:
        """Replace a message in place; False when it is no longer kept."""
        for conversation in self._conversations.values():
            for place, message in enumerate(conversation):
                if message.id == message_id:
                    conversation[place] = replace(
                        message, text=text, buttons=buttons, edited_at=self._now()
                    )
                    self._announce(conversation[place])
                    return True
        return False

    def messages(self, address: str = "", *, via: str = "") -> list[PhoneMessage]:
        """Return what is kept, oldest first; of one address or contact method."""
        found = [
            message
            for (its_via, its_address), conversation in self._conversations.items()
            if address in ("", its_address) and via in ("", its_via)
            for message in conversation
        ]
        return sorted(found, key=lambda message: message.id)

    async def subscribe(self) -> AsyncIterator[int]:
        """Yield the version now, then after changes; several may come as one."""
        while True:
            changed = self._changed  # this one is set by the next change, heard or not
            yield self._version
            await changed.wait()

    def _next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def _add(self, message: PhoneMessage) -> PhoneMessage:
        conversation = self._conversations.setdefault(
            (message.via, message.address), deque(maxlen=self._keep)
        )
        conversation.append(message)
        self._announce(message)
        return message

    def _announce(self, message: PhoneMessage) -> None:
        self._version += 1
        self._changed.set()
        self._changed = asyncio.Event()
        if self._write is not None:
            self._write(one_line(message))


class Console:
    """Stands in for one contact method; what it sends ends on a simulated phone."""

    def __init__(self, *, phones: ConsolePhones, name: str) -> None:
        self._phones = phones
        self._name = name

    @property
    def name(self) -> str:
        """The contact method it stands in for."""
        return self._name

    async def send(self, message: OutboundMessage) -> Receipt:
        """Put the message on the phone; never fails."""
        shown = self._phones.deliver(
            via=self._name,
            address=message.to,
            text=message.text,
            buttons=message.buttons,
            reference=message.reference,
        )
        return Receipt(provider_id=str(shown.id), delivered=True)

    async def edit(
        self, *, chat: str, message_id: str, text: str, buttons: Buttons = ()
    ) -> None:
        """Replace a message in place, as Telegram does; one long gone is let be."""
        del chat  # ids are one sequence over all phones
        if message_id.isdecimal():
            self._phones.edit(int(message_id), text, buttons)

    async def answer_callback(self, callback_id: str, text: str = "") -> None:
        """Do nothing: a simulated button does not spin."""
        del callback_id, text

    async def close(self) -> None:
        """Nothing is held open."""
