"""One conversation with a mail server that has letters for us."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, AnyStr

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from typing_extensions import override

from integrations.errors import ChannelError
from integrations.intake.email.delivery import Brought

TAKEN = "250 2.0.0 the letter is stored"
NOT_NOW = "451 4.3.0 the letter cannot be stored now; try again later"
NOT_HERE = "550 5.1.1 nobody of this name receives letters here"
TOO_MANY = "452 4.5.3 too many recipients; send the others the letter again"
MOST_RECIPIENTS = 100
"""Of one letter; so many RFC 5321 wants taken (4.5.3.1.8)."""
MORE_COMES = {"354", b"354"}
LONGEST_LINE = 1024 * 1024
"""Over the protocol's thousand: letters whose lines are too long want reading too."""

Take = Callable[[Brought], Awaitable[None]]
"""Returns once a letter is on disk, and raises ChannelError when it is not."""


class Hooks:
    """What is said to each command. A letter is taken before it is answered for.

    `place` is where we listen, as `lmtp://127.0.0.1:8024`; `recipients` are in lower
    case. `comes` and `goes` are told of each conversation's begin and end.
    """

    def __init__(
        self,
        *,
        way: str,
        place: str,
        recipients: frozenset[str],
        take: Take,
        comes: "Callable[[SmtpSession], object]",
        goes: "Callable[[SmtpSession], object]",
    ) -> None:
        self.comes = comes
        self.goes = goes
        self._way = way
        self._place = place
        self._recipients = recipients
        self._take = take

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Let nobody in but those whose letters we read: this is no relay."""
        del server, session
        if address.lower() not in self._recipients:
            return NOT_HERE
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return TOO_MANY
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take the letter."""
        del session
        assert isinstance(server, SmtpSession)  # noqa: S101 (the door makes no other)
        server.is_served = True
        try:
            await self._take(self._brought(envelope))
        except ChannelError:
            return NOT_NOW
        finally:
            server.is_served = False
        return TAKEN

    async def handle_exception(self, error: Exception) -> str:
        """Say nothing of an error of ours but that it may pass."""
        del error
        return NOT_NOW

    def _brought(self, envelope: Envelope) -> Brought:
        content = envelope.content or b""
        return Brought(
            raw=content if isinstance(content, bytes) else content.encode(),
            way=self._way,
            place=self._place,
            sender=_writable(envelope.mail_from or "").strip("<>"),
            recipients=tuple(_writable(each) for each in envelope.rcpt_tos),
        )


def _writable(address: str) -> str:
    """Return an address without what no text can hold: it may be in any charset."""
    return address.encode(errors="replace").decode()


class SmtpSession(SMTP):
    """SMTP as others speak it, with lines of any length that a letter may have.

    `heard_at` is when the client last said something, by the loop's clock; `is_served`
    while it waits for us.
    """

    line_length_limit = LONGEST_LINE

    def __init__(self, hooks: Hooks, **settings: Any) -> None:  # noqa: ANN401
        super().__init__(hooks, **settings)
        self.heard_at = self.loop.time()
        self.is_served = False
        self._hooks = hooks

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._hooks.comes(self)

    @override
    def connection_lost(self, error: Exception | None) -> None:
        self._hooks.goes(self)
        super().connection_lost(error)

    @override
    def data_received(self, data: bytes) -> None:
        self.heard_at = self.loop.time()
        super().data_received(data)

    def hang_up(self) -> None:
        """End the conversation, if it still goes on."""
        if self.transport is not None:
            self.transport.close()

    def make_room(self) -> None:
        """End it at once: who does not read would keep what we have to say for ever."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()


class LmtpSession(LMTP, SmtpSession):
    """LMTP: at the end of a letter, each recipient gets an answer of its own."""

    def __init__(self, hooks: Hooks, **settings: Any) -> None:  # noqa: ANN401
        super().__init__(hooks, **settings)
        self._answers = 1

    @override
    async def smtp_DATA(self, arg: str) -> None:
        recipients = self.envelope.rcpt_tos if self.envelope else []
        self._answers = max(1, len(recipients))
        try:
            await super().smtp_DATA(arg)
        finally:
            self._answers = 1

    @override
    async def push(self, status: AnyStr) -> None:
        for _ in range(1 if status[:3] in MORE_COMES else self._answers):
            await super().push(status)
