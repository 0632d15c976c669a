"""Whether a request is a product's own: digests in constant time, and time windows."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from integrations.intake.contract import IntakeRequest

TOKEN_HEADER = "x-oncall-token"  # noqa: S105  a header's name
WINDOW = timedelta(minutes=5)
Check = Callable[[IntakeRequest, str, datetime], bool]
"""Tells something of a request, given the source's secret and the time."""


def same(sent: str, expected: str) -> bool:
    """Compare in constant time; nothing equals an empty expectation."""
    return bool(expected) and hmac.compare_digest(
        sent.encode(errors="surrogatepass"), expected.encode(errors="surrogatepass")
    )


def hex_mac(secret: str, signed: bytes, algorithm: str = "sha256") -> str:
    """Return the HMAC in hexadecimal; empty without a secret, which nothing equals."""
    return _mac(secret, signed, algorithm).hex()


def base64_mac(secret: str, signed: bytes, algorithm: str = "sha256") -> str:
    """Return the HMAC in base64; empty without a secret, which nothing equals."""
    return b64encode(_mac(secret, signed, algorithm)).decode()


def _mac(secret: str, signed: bytes, algorithm: str) -> bytes:
    return hmac.digest(secret.encode(), signed, algorithm) if secret else b""


def prefixed(sent: str, secret: str, signed: bytes, algorithm: str = "sha256") -> bool:
    """Tell whether `sent` is `sha256=<hex>`, or `sha1=<hex>` for that algorithm."""
    name, _, digest = sent.partition("=")
    return name == algorithm and same(digest, hex_mac(secret, signed, algorithm))


def fresh(at: datetime | None, now: datetime, window: timedelta = WINDOW) -> bool:
    """Tell whether `at` lies within `window` of now, before or after."""
    return at is not None and abs(now - at) <= window


def token(request: IntakeRequest, secret: str, now: datetime) -> bool:
    """Tell whether the secret itself was sent, as a header or in the query."""
    del now
    sent = request.headers.get(TOKEN_HEADER) or request.query.get("token", "")
    return same(sent, secret)


def bears(*headers: str) -> Check:
    """Return what tells whether a request has all of these headers, in lower case."""

    def check(request: IntakeRequest, secret: str, now: datetime) -> bool:
        del secret, now
        return all(request.headers.get(header) for header in headers)

    return check


def bears_or_token(header: str) -> Check:
    """Return what tells whether a request has this header, or else the secret itself."""

    def check(request: IntakeRequest, secret: str, now: datetime) -> bool:
        return header in request.headers or token(request, secret, now)

    return check


def body_digest(request: IntakeRequest) -> str:
    """Name a delivery by its body, where the product gives it no name."""
    return hashlib.sha256(request.body).hexdigest()


def epoch(value: str, *, per_second: int = 1) -> datetime | None:
    """Read a number of seconds, or of their parts, since 1970; None if it is none."""
    try:
        return datetime.fromtimestamp(int(value) / per_second, UTC)
    except (ValueError, OverflowError, OSError):
        return None
