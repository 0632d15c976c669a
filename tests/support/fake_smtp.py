"""A mail server on loopback, spoken to in real SMTP; a test says what it refuses."""

import asyncio
import email.policy
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from typing_extensions import override

OK = "250 OK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail the server has taken; `wire` is it, byte by byte."""

    sender: str
    to: list[str]
    wire: bytes
    greeting: str

    @property
    def message(self) -> EmailMessage:
        """The mail as a mail program reads it."""
        read = message_from_bytes(self.wire, policy=email.policy.default)
        assert isinstance(read, EmailMessage)
        return read


class FakeSmtp:
    """Takes mails into `mails`; `async with fake:` starts it at a port of its own.

    `answers` holds what to say to `MAIL`, `RCPT` and `DATA` instead of taking it. The
    word `hang` is said never, and `drop` cuts the connection; after `DATA` the mail is
    taken all the same. `login` is the name and password that it wants.
    """

    host = "127.0.0.1"
    port = 0

    def __init__(self, *, login: tuple[str, str] | None = None) -> None:
        self.mails: list[Mail] = []
        self.answers: dict[str, str] = {}
        self.login = login
        self.said_goodbye = 0
        self._sessions: list[_Session] = []

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._session, self.host, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.close()
        for session in self._sessions:
            session.cut()
            await session.gone.wait()

    def _session(self) -> SMTP:
        session = _Session(
            self,
            hostname="mail.example.test",
            auth_require_tls=False,
            authenticator=self._knows,
        )
        self._sessions.append(session)
        return session

    def _knows(
        self, server: SMTP, session: Session, envelope: Envelope, how: str, data: object
    ) -> AuthResult:
        del server, session, envelope, how
        assert isinstance(data, LoginPassword)
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == self.login, handled=False)

    async def handle_MAIL(  # noqa: N802 (aiosmtpd's name)
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Note who sends, once they have said who they are."""
        if self.login is not None and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return await self._answer("MAIL", server, session)

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        options: list[str],
    ) -> str:
        """Note to whom."""
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return await self._answer("RCPT", server, session)

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Take the mail, unless it is refused."""
        if self.answers.get("DATA", "hang") in {"hang", "drop"}:
            content = envelope.content
            assert isinstance(content, bytes)
            mail = Mail(
                sender=envelope.mail_from or "",
                to=envelope.rcpt_tos,
                wire=content,
                greeting=session.host_name or "",
            )
            self.mails.append(mail)
        return await self._answer("DATA", server, session)

    async def handle_QUIT(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Say goodbye."""
        del server, session, envelope
        self.said_goodbye += 1
        return "221 Bye"

    async def _answer(self, command: str, server: SMTP, session: Session) -> str:
        del session
        answer = self.answers.get(command, OK)
        if answer == "hang":
            await asyncio.Event().wait()
        if answer == "drop":
            assert isinstance(server, _Session)
            server.cut()
        return answer


class _Session(SMTP):
    """One connection, which tells when it is gone."""

    def __init__(self, server: FakeSmtp, **settings: Any) -> None:  # noqa: ANN401
        super().__init__(server, **settings)
        self.gone = asyncio.Event()

    def cut(self) -> None:
        """Cut the connection, if it still stands."""
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()

    @override
    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.gone.set()
