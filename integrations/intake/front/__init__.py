"""Front: application webhooks, and the older webhooks of a rule.

Signatures and the handshake are as documented (high confidence); events are the
API's (medium). An application signs its time and the body by SHA-256, a rule the
body alone by SHA-1. https://dev.frontapp.com/docs/application-webhooks
"""

from datetime import datetime

from integrations.intake.contract import Answer, IntakeRequest, Source
from integrations.intake.front.message import parse
from integrations.intake.nothing import in_body
from integrations.intake.reading import named_in_body
from integrations.intake.signature import (
    base64_mac,
    bears,
    body_digest,
    epoch,
    fresh,
    same,
)

_HEADER = "x-front-signature"
_TIME_HEADER = "x-front-request-timestamp"
_CHALLENGE_HEADER = "x-front-challenge"


def verify(request: IntakeRequest, secret: str, now: datetime) -> bool:
    """Tell whether the signature fits, and the time is now where one is signed."""
    sent = request.headers.get(_HEADER, "")
    at = request.headers.get(_TIME_HEADER)
    if at is None:
        return same(sent, base64_mac(secret, request.body, "sha1"))
    expected = base64_mac(secret, at.encode(errors="replace") + b":" + request.body)
    return same(sent, expected) and fresh(epoch(at, per_second=1000), now)


def challenge(request: IntakeRequest, secret: str) -> Answer | None:
    """Return the challenge, which Front sends when the address is saved."""
    del secret  # its signature was verified like any other's
    asked = request.headers.get(_CHALLENGE_HEADER)
    return Answer(body=asked) if asked else None


def delivery_id(request: IntakeRequest) -> str:
    """Return the event's id."""
    inner = named_in_body(request, "payload", "id")
    return named_in_body(request, "id") if inner == body_digest(request) else inner


SOURCE = Source(
    kind="front",
    verify=verify,
    plausible=bears(_HEADER),
    parse=parse,
    event=in_body("type"),
    delivery_id=delivery_id,
    challenge=challenge,
)
