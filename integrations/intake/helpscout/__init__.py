"""Help Scout: webhooks with a version 2 conversation.

The event's name stands only in a header. Events and signature are as documented
(high confidence); the conversation is the API's (medium-high).
https://developer.helpscout.com/webhooks/
"""

from datetime import datetime

from integrations.intake.contract import IntakeRequest, Source
from integrations.intake.helpscout.message import parse
from integrations.intake.nothing import name
from integrations.intake.signature import base64_mac, bears, body_digest, same


def verify(request: IntakeRequest, secret: str, now: datetime) -> bool:
    """Tell whether the body is signed with the webhook's secret, by SHA-1."""
    del now  # nothing about time is signed
    sent = request.headers.get("x-helpscout-signature", "")
    return same(sent, base64_mac(secret, request.body, "sha1"))


def _event(request: IntakeRequest) -> str:
    return name(request.headers.get("x-helpscout-event"))


SOURCE = Source(
    kind="helpscout",
    verify=verify,
    plausible=bears("x-helpscout-signature"),
    parse=parse,
    event=_event,
    delivery_id=body_digest,
)
