"""What WhatsApp and Instagram share: Meta's signature, and its handshake.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started
"""

from datetime import datetime

from integrations.intake.contract import Answer, IntakeRequest
from integrations.intake.signature import bears, prefixed, same

HEADER = "x-hub-signature-256"


def verify(request: IntakeRequest, secret: str, now: datetime) -> bool:
    """Tell whether the raw body, escapes and all, is signed with the app's secret."""
    del now  # nothing about time is signed
    return prefixed(request.headers.get(HEADER, ""), secret, request.body)


plausible = bears(HEADER)


def challenge(request: IntakeRequest, secret: str) -> Answer | None:
    """Return the challenge when the verify token, given to Meta, is the secret."""
    query = request.query
    if request.method != "GET" or query.get("hub.mode") != "subscribe":
        return None
    ours = same(query.get("hub.verify_token", ""), secret)
    return Answer(body=query.get("hub.challenge", "")) if ours else None
