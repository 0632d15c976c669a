"""A door for letters: mail servers knock, and hand them over."""

import asyncio
from contextlib import suppress

from integrations.intake.email.delivery import Brought
from integrations.smtp.session import Hooks, LmtpSession, SmtpSession, Take

FAREWELL_S = 5
"""So long a letter that is being stored may still take when we close."""
SILENCE_S = 300
"""Who says nothing for so long is gone (RFC 5321, 4.5.3.2.7)."""
MOST_AT_ONCE = 20
"""Conversations: mail servers open no more to one place, and each holds a letter and
a file descriptor. Of more, whoever has said nothing for longest makes room."""


class Door:
    """Listens at one place by `way`: `smtp` or `lmtp`.

    Only letters to `recipients` (in lower case) of up to `largest` bytes come in.
    `hostname` is what we call ourselves.
    """

    def __init__(
        self,
        *,
        way: str,
        host: str,
        port: int,
        recipients: frozenset[str],
        largest: int,
        hostname: str,
    ) -> None:
        self.host = host
        self.port = port
        self._way = way
        self._recipients = recipients
        self._largest = largest
        self._hostname = hostname
        self._sessions: set[SmtpSession] = set()
        self._storing = 0
        self._all_stored = asyncio.Event()
        self._all_stored.set()

    @property
    def is_empty(self) -> bool:
        """Whether no letter is being stored just now."""
        return not self._storing

    async def open(self, take: Take) -> None:
        """Listen; letters go to `take`. Raises OSError when the place is not free."""
        hooks = Hooks(
            way=self._way,
            place=f"{self._way}://{self.host}:{self.port}",
            recipients=self._recipients,
            take=lambda brought: self._counted(take, brought),
            comes=self._comes,
            goes=self._sessions.discard,
        )
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: self._session(hooks), self.host, self.port
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Let nobody in any more, answer for what is being stored, and hang up."""
        self._server.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_S):
                await self._all_stored.wait()
        for session in list(self._sessions):
            session.hang_up()

    def _comes(self, session: SmtpSession) -> None:
        """Let a mail server in. Whoever is being answered is not sent away for it."""
        self._sessions.add(session)
        if len(self._sessions) <= MOST_AT_ONCE:
            return
        waited_for = [each for each in self._sessions if not each.is_served]
        longest = min(waited_for, key=lambda each: each.heard_at, default=session)
        self._sessions.discard(longest)
        longest.make_room()

    async def _counted(self, take: Take, brought: Brought) -> None:
        self._storing += 1
        self._all_stored.clear()
        try:
            await take(brought)
        finally:
            self._storing -= 1
            if not self._storing:
                self._all_stored.set()

    def _session(self, hooks: Hooks) -> SmtpSession:
        kind = LmtpSession if self._way == "lmtp" else SmtpSession
        return kind(
            hooks,
            data_size_limit=self._largest,
            enable_SMTPUTF8=True,
            hostname=self._hostname,
            ident="customer-oncall",
            timeout=SILENCE_S,
            loop=asyncio.get_running_loop(),
        )
