"""Answers to customers as letters: a person's words, in the thread that they answer.

RFC 5322, section 3.6.4. Nothing marks them as a machine's: no machine wrote them.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from integrations.contract import OutboundMessage, Receipt
from integrations.email.letter import WIRE, message_id, subject
from integrations.email.server import MailServer
from integrations.errors import Rejected
from integrations.header import mailbox
from integrations.header import message_id as as_message_id

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
        to = mailbox(message.to.partition(" ")[0])
        if not to:
            detail = "the address is not one that mail servers take; try another way"
            raise Rejected(detail, code="address")
        mail = answer(message, sender=self._sender, now=self._now())
        await self._server.take(mail, sender=self._sender, to=to)
        return Receipt(provider_id=message_id(message.reference, self._sender))

    async def close(self) -> None:
        """Nothing is held open."""


def answer(message: OutboundMessage, *, sender: str, now: datetime) -> bytes:
    """Return the letter as it travels."""
    to, _, back = message.to.partition(" ")
    mail = EmailMessage(policy=WIRE)
    mail["From"] = sender
    mail["To"] = mailbox(to)
    if mailbox(back):
        mail["Reply-To"] = back
    mail["Subject"] = subject(message.subject)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id(message.reference, sender)
    mail.set_content(message.text)
    # the library would encode a long id as if it were words, and no program finds it
    return "".join(_thread(message.answers)).encode() + mail.as_bytes()


def _thread(answers: Sequence[str]) -> Iterator[str]:
    """Yield the headers that say what is answered, one id a line.

    The first and the newest are kept: by these a thread is found, however long it is.
    """
    ids = list(filter(None, map(as_message_id, answers)))
    if ids:
        kept = (ids[0], *ids[1:][-MOST_REFERENCES:])
        yield f"In-Reply-To: {ids[-1]}\r\n"
        references = "\r\n ".join(kept)
        yield f"References: {references}\r\n"
