"""Zendesk: event subscriptions, and triggers with a template of one's own.

The envelope and the signature are as the vendor documents them (high confidence); a
comment's fields come from an example there (medium).
https://developer.zendesk.com/documentation/webhooks/verifying/
"""

from datetime import datetime

from integrations.intake.contract import IntakeRequest, Source
from integrations.intake.nothing import in_body
from integrations.intake.reading import instant
from integrations.intake.signature import base64_mac, bears, body_digest, fresh, same
from integrations.intake.zendesk.message import parse

_HEADER = "x-zendesk-webhook-signature"
_TIME_HEADER = "x-zendesk-webhook-signature-timestamp"
_DELIVERY_HEADER = "x-zendesk-webhook-invocation-id"


def verify(request: IntakeRequest, secret: str, now: datetime) -> bool:
    """Tell whether the signature fits the time and the body, and the time is now."""
    at = request.headers.get(_TIME_HEADER, "")
    sent = request.headers.get(_HEADER, "")
    expected = base64_mac(secret, at.encode(errors="replace") + request.body)
    return same(sent, expected) and fresh(instant(at), now)


def delivery_id(request: IntakeRequest) -> str:
    """Return the invocation's id, which stays the same across retries."""
    return request.headers.get(_DELIVERY_HEADER) or body_digest(request)


SOURCE = Source(
    kind="zendesk",
    verify=verify,
    plausible=bears(_HEADER, _TIME_HEADER),
    parse=parse,
    event=in_body("type"),
    delivery_id=delivery_id,
)
