"""Intercom: topics of conversations, in the item's shapes of API 1.x and 2.x.

The envelope, the 2.x source and the signature are documented (medium-high
confidence); the 1.x item is older documentation (medium).
https://developers.intercom.com/docs/webhooks/webhook-notifications
"""

from datetime import datetime

from integrations.intake.contract import IntakeRequest, Source
from integrations.intake.intercom.message import parse
from integrations.intake.nothing import in_body
from integrations.intake.reading import named_in_body
from integrations.intake.signature import bears, prefixed


def verify(request: IntakeRequest, secret: str, now: datetime) -> bool:
    """Tell whether the body is signed with the app's client secret, by SHA-1."""
    del now  # nothing about time is signed
    sent = request.headers.get("x-hub-signature", "")
    return prefixed(sent, secret, request.body, "sha1")


def delivery_id(request: IntakeRequest) -> str:
    """Return the notification's id."""
    return named_in_body(request, "id")


SOURCE = Source(
    kind="intercom",
    verify=verify,
    plausible=bears("x-hub-signature"),
    parse=parse,
    event=in_body("topic"),
    delivery_id=delivery_id,
)
