"""WhatsApp, which at Twilio is a text message between addresses with a prefix.

Words of one's own reach only who has written to us within the last 24 hours; after
that Twilio takes the message and reports code 63016, and the next method is tried.
"""

from collections.abc import Collection
from datetime import datetime

from typing_extensions import override

from integrations.contract import OutboundMessage, Receipt
from integrations.twilio.account import Account
from integrations.twilio.sms import TwilioSms

PREFIX = "whatsapp:"
LONGEST = 1600
"""Characters that Twilio takes; what is longer it refuses."""


class TwilioWhatsApp(TwilioSms):
    """The contact method `whatsapp`. `sender` is a WhatsApp number in E.164."""

    name = "whatsapp"

    def __init__(self, account: Account, *, sender: str, status_url: str = "") -> None:
        super().__init__(account, sender=f"{PREFIX}{sender}", status_url=status_url)

    @override
    async def lookup(
        self, *, to: str, since: datetime, text: str, but: Collection[str] = ()
    ) -> Receipt | None:
        sent = fitting(text)
        return await super().lookup(to=to, since=since, text=sent, but=but)

    @override
    def _address(self, number: str) -> str:
        return f"{PREFIX}{number}"

    @override
    def _fields(self, message: OutboundMessage) -> dict[str, object]:
        # a validity period is for the networks of text messages
        to = self._address(message.to)
        return {"to": to, "body": fitting(message.text), **self._from()}


def fitting(text: str) -> str:
    """Return `text`, cut to what is taken."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
