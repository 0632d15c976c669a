"""HubSpot: batches of events, which name conversations and say nothing of them.

The signature (version 3) and the batch are as documented (high confidence); the
conversation's fields come from examples (medium).
https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation
"""

import re
from datetime import datetime
from urllib.parse import unquote

from integrations.intake.contract import IntakeRequest, Source
from integrations.intake.hubspot.message import parse
from integrations.intake.nothing import in_each
from integrations.intake.signature import (
    base64_mac,
    bears,
    body_digest,
    epoch,
    fresh,
    same,
)

_HEADER = "x-hubspot-signature-v3"
_TIME_HEADER = "x-hubspot-request-timestamp"
# HubSpot decodes these, and only these, before it signs
_DECODED = re.compile("%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", re.IGNORECASE)


def verify(request: IntakeRequest, secret: str, now: datetime) -> bool:
    """Tell whether method, public address, body and time are signed, and it is now."""
    at = request.headers.get(_TIME_HEADER, "")
    uri = _DECODED.sub(lambda found: unquote(found[0]), request.url)
    before = f"{request.method}{uri}".encode(errors="replace")
    expected = base64_mac(secret, before + request.body + at.encode(errors="replace"))
    sent = request.headers.get(_HEADER, "")
    return same(sent, expected) and fresh(epoch(at, per_second=1000), now)


SOURCE = Source(
    kind="hubspot",
    verify=verify,
    plausible=bears(_HEADER, _TIME_HEADER),
    parse=parse,
    event=in_each("subscriptionType"),
    delivery_id=body_digest,
)
