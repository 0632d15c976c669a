"""Answers to customers as letters: a person's words, in the thread that they answer.

RFC 5322, section 3.6.4. Nothing marks them as a machine's: no machine wrote them.
"""

from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from integrations.contract import OutboundMessage, Receipt
from integrations.email.letter import WIRE, message_id, subject
from integrations.email.server import MailServer
from integrations.errors import Rejected

MOST_REFERENCES = 20


class EmailAnswers:
    """Sends from `sender` through `server`; `now` dates the letters.

    An address is the customer's, and after a space where the customer's own answer is
    to go. The same message has the same Message-ID however often it is sent.
    """

    name = "email"

    def __init__(
        self, server: MailServer, *, sender: str, now: Callable[[], datetime]
    ) -> None:
        self._server = server
        self._sender = sender
        self._now = now

    async def send(self, message: OutboundMessage) -> Receipt:
        """Hand over once. Raises as the contract says; the receipt is the Message-ID."""
        to, _, back = message.to.partition(" ")
        if not to.isascii():
            detail = "the address has letters that most mail servers do not take"
            raise Rejected(detail, code="address")
        mail = answer(message, to=to, back=back, sender=self._sender, now=self._now())
        await self._server.take(mail.as_bytes(), sender=self._sender, to=to)
        return Receipt(provider_id=mail["Message-ID"])

    async def close(self) -> None:
        """Nothing is held open."""


def answer(
    message: OutboundMessage, *, to: str, back: str, sender: str, now: datetime
) -> EmailMessage:
    """Return the letter; `back` is where its answer goes, if not to `sender`."""
    mail = EmailMessage(policy=WIRE)
    mail["From"] = sender
    mail["To"] = to
    if back and back.isascii():
        mail["Reply-To"] = back
    mail["Subject"] = subject(message.subject)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id(message.reference, sender)
    if message.answers:
        mail["In-Reply-To"] = message.answers[-1]
        # the first and the newest: so mail programs find the thread, however long it is
        kept = (message.answers[0], *message.answers[1:][-MOST_REFERENCES:])
        mail["References"] = " ".join(kept)
    mail.set_content(message.text)
    return mail
