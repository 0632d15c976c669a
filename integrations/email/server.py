"""A mail server, spoken to step by step: so it is known what it has taken."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiosmtplib import SMTP

FAREWELL_S = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where and how. Without a `username` there is no login.

    `security` is `starttls` (nothing is said before it), `tls` (from the first byte)
    or `none`. `timeout_s` bounds each of the two halves: until the mail, and the mail.
    """

    host: str
    port: int
    username: str = ""
    password: str = field(default="", repr=False)
    security: str = "starttls"
    timeout_s: float = 15

    async def take(self, mail: bytes, *, sender: str, to: str) -> None:
        """Hand a mail over. Raises Rejected, Unavailable or Uncertain."""
        smtp = self._connection(greeting=sender.rpartition("@")[2])
        try:
            await self._begin(smtp, sender, to)
            await self._finish(smtp, mail)
        finally:
            smtp.close()

    async def _begin(self, smtp: "SMTP", sender: str, to: str) -> None:
        from aiosmtplib import SMTPException  # noqa: PLC0415  as below

        from integrations.email.refusal import before_data  # noqa: PLC0415

        try:
            async with asyncio.timeout(self.timeout_s):
                await smtp.connect()
                await smtp.mail(sender)
                await smtp.rcpt(to)
        except (SMTPException, OSError) as error:
            raise before_data(error) from None  # it may hold addresses

    async def _finish(self, smtp: "SMTP", mail: bytes) -> None:
        from aiosmtplib import SMTPException  # noqa: PLC0415  as below

        from integrations.email.refusal import after_data  # noqa: PLC0415

        try:
            async with asyncio.timeout(self.timeout_s):
                await smtp.data(mail)
        except (SMTPException, OSError) as error:
            raise after_data(error) from None
        with suppress(SMTPException, OSError):  # it is taken, whatever comes now
            await smtp.quit(timeout=FAREWELL_S)

    def _connection(self, *, greeting: str) -> "SMTP":
        # imported when the first mail goes out: a command line must not wait for it
        from aiosmtplib import SMTP  # noqa: PLC0415

        return SMTP(
            hostname=self.host,
            port=self.port,
            username=self.username or None,
            password=self.password or None,
            use_tls=self.security == "tls",
            start_tls=self.security == "starttls",
            local_hostname=greeting,
            timeout=self.timeout_s,
        )
