"""Zammad: a trigger's webhook with the default payload.

Shapes are from its administrators' documentation (high confidence).
https://admin-docs.zammad.org/en/latest/manage/webhook.html
"""

from datetime import datetime

from integrations.intake.contract import IntakeRequest, Source
from integrations.intake.signature import bears, body_digest, hex_mac, same
from integrations.intake.zammad.message import parse

_DELIVERY_HEADER = "x-zammad-delivery"


def verify(request: IntakeRequest, secret: str, now: datetime) -> bool:
    """Tell whether the body is signed with the trigger's token, by SHA-1."""
    del now  # nothing about time is signed
    sent = request.headers.get("x-hub-signature", "").removeprefix("sha1=")
    return same(sent, hex_mac(secret, request.body, "sha1"))


def delivery_id(request: IntakeRequest) -> str:
    """Return the delivery's id, which stays the same across retries."""
    return request.headers.get(_DELIVERY_HEADER) or body_digest(request)


SOURCE = Source(
    kind="zammad",
    verify=verify,
    plausible=bears("x-hub-signature"),
    parse=parse,
    delivery_id=delivery_id,
)
