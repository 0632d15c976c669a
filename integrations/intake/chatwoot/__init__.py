"""Chatwoot: webhooks of an account or an inbox.

Shapes are from its documentation and presenters (high confidence). Old versions do
not sign: they send the secret in the address, as `?token=`.
"""

from datetime import datetime

from integrations.intake.chatwoot.message import parse
from integrations.intake.contract import IntakeRequest, Source
from integrations.intake.nothing import in_body
from integrations.intake.signature import (
    bears_or_token,
    body_digest,
    epoch,
    fresh,
    prefixed,
    token,
)

_HEADER = "x-chatwoot-signature"
_TIME_HEADER = "x-chatwoot-timestamp"
_DELIVERY_HEADER = "x-chatwoot-delivery"


def verify(request: IntakeRequest, secret: str, now: datetime) -> bool:
    """Tell whether a signature fits time and body; without one, whether a token does."""
    sent = request.headers.get(_HEADER)
    if sent is None:
        return token(request, secret, now)
    at = request.headers.get(_TIME_HEADER, "")
    signed = at.encode(errors="replace") + b"." + request.body
    return prefixed(sent, secret, signed) and fresh(epoch(at), now)


def delivery_id(request: IntakeRequest) -> str:
    """Return the delivery's id, which stays the same across retries."""
    return request.headers.get(_DELIVERY_HEADER) or body_digest(request)


SOURCE = Source(
    kind="chatwoot",
    verify=verify,
    plausible=bears_or_token(_HEADER),
    parse=parse,
    event=in_body("event"),
    delivery_id=delivery_id,
)
