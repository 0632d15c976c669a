"""The contact method `email`: one mail, handed to one server, over one connection."""

from collections.abc import Callable
from datetime import datetime

from integrations.contract import OutboundMessage, Receipt
from integrations.email.letter import letter
from integrations.email.server import MailServer
from integrations.errors import Rejected
from integrations.header import mailbox


class EmailChannel:
    """Sends from `sender` through `server`; `now` dates the mails."""

    name = "email"

    def __init__(
        self, server: MailServer, *, sender: str, now: Callable[[], datetime]
    ) -> None:
        self._server = server
        self._sender = sender
        self._now = now

    async def send(self, message: OutboundMessage) -> Receipt:
        """Hand over once. Raises as the contract says.

        The receipt is the mail's Message-ID; whether it was delivered is never known.
        """
        if not mailbox(message.to):
            detail = "the address is not one that mail servers take; correct it"
            raise Rejected(detail, code="address")
        mail = letter(message, sender=self._sender, now=self._now())
        await self._server.take(mail.as_bytes(), sender=self._sender, to=message.to)
        return Receipt(provider_id=mail["Message-ID"])

    async def close(self) -> None:
        """Nothing is held open."""
