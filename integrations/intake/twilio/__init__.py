"""Texts to our own Twilio number, by SMS or WhatsApp, from people who are not ours.

The request is verified where responders' answers come in, with the account's token;
so nothing is verified here, and no webhook of this kind exists by itself.
https://www.twilio.com/docs/messaging/guides/webhook-request
"""

from datetime import datetime

from integrations.intake.contract import IntakeRequest, Source
from integrations.intake.form import read_form
from integrations.intake.signature import body_digest
from integrations.intake.twilio.message import parse


def verify(request: IntakeRequest, secret: str, now: datetime) -> bool:
    """Refuse: whoever calls here directly is not Twilio."""
    del request, secret, now
    return False


def delivery_id(request: IntakeRequest) -> str:
    """Return the message's SID."""
    return read_form(request).text("MessageSid") or body_digest(request)


def _texts(kind: str) -> Source:
    return Source(
        kind=kind, verify=verify, parse=parse, delivery_id=delivery_id, called=False
    )


SMS, WHATSAPP = _texts("sms"), _texts("twilio-whatsapp")
