"""A source of one's own: any JSON, read by a declared mapping, signed our way.

`X-Oncall-Signature: sha256=<hex HMAC-SHA256 of the raw body>`. Where the mapping
has no `message_id`, later messages of a conversation share one weak key.
"""

from collections.abc import Mapping
from datetime import datetime

from integrations.intake.contract import IntakeRequest, Source
from integrations.intake.generic.mapping import read_mapping
from integrations.intake.generic.message import parser
from integrations.intake.signature import bears, body_digest, prefixed


def verify(request: IntakeRequest, secret: str, now: datetime) -> bool:
    """Tell whether the raw body is signed."""
    del now  # nothing about time is signed
    sent = request.headers.get("x-oncall-signature", "")
    return prefixed(sent, secret, request.body)


def generic(*, name: str, mapping: Mapping[str, object]) -> Source:
    """Return the source that is called `name` in the configuration.

    `mapping` is canonical field ← path, or {path, map, default, region}.
    """
    return Source(
        kind="generic",
        verify=verify,
        plausible=bears("x-oncall-signature"),
        parse=parser(name, read_mapping(mapping)),
        delivery_id=body_digest,
    )
