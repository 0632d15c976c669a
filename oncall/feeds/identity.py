"""What tells one event and one version of a feed from another."""

import hashlib
from datetime import UTC, datetime


def uid(rotation: str, layer: int, slot_start: datetime, person: str) -> str:
    """Name an event by who holds which slot, as planned: never by its end or title."""
    start = slot_start.astimezone(UTC).isoformat()
    identity = "\n".join((rotation, str(layer), start, person))
    return f"{hashlib.sha256(identity.encode()).hexdigest()[:40]}@customer-oncall"


def another(known: str) -> str:
    """Name a second event, where the name it would have is taken."""
    return f"{hashlib.sha256(known.encode()).hexdigest()[:40]}@customer-oncall"


def etag(body: bytes) -> str:
    """Return a strong entity tag, quoted as HTTP wants it (RFC 9110, 8.8.3)."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'
