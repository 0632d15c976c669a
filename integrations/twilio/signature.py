"""Whether a request really comes from Twilio.

Twilio signs the public address, with its query as it was sent, followed by every
form field's name and value, sorted. https://www.twilio.com/docs/usage/security
"""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Iterable
from urllib.parse import urlsplit

HEADER = "X-Twilio-Signature"
SETTINGS_HEADER = "X-Twilio-Webhooks-Signature-Settings"
ALGORITHMS = {"HMAC_SHA1": hashlib.sha1, "HMAC_SHA256": hashlib.sha256}

Form = Iterable[tuple[str, str]]


def signed_address(service_url: str, path: str, raw_query: str = "") -> str:
    """Return the address that Twilio was given: never built from a proxy's headers.

    `path` begins with a slash; `raw_query` is as received, still encoded.
    """
    query = f"?{raw_query}" if raw_query else ""
    return f"{service_url.rstrip('/')}{path}{query}"


def sign(*, secret: str, url: str, form: Form, algorithm: str = "HMAC_SHA1") -> str:
    """Return the signature Twilio would send. Raises KeyError: unknown algorithm."""
    # a field given twice with one value is signed once
    fields = "".join(name + value for name, value in sorted(set(form)))
    digest = hmac.digest(
        secret.encode(), (url + fields).encode(), ALGORITHMS[algorithm]
    )
    return b64encode(digest).decode()


def verify(
    *, secret: str, url: str, form: Form, signature: str, settings: str = ""
) -> bool:
    """Tell whether `signature` (the header's value) fits, in constant time.

    `form` holds every field received, also those we do not know. `settings` is the
    second header, sent with a shared key; `secret` is then that key's.
    """
    algorithm = _algorithm(settings)
    if not secret or algorithm not in ALGORITHMS:
        return False
    fields = tuple(form)
    return any(
        hmac.compare_digest(
            sign(
                secret=secret, url=spelling, form=fields, algorithm=algorithm
            ).encode(),
            signature.encode(),
        )
        for spelling in _with_and_without_port(url)
    )


def _algorithm(settings: str) -> str:
    """Read `key=…,algorithm=…`; without it the account's token signs by SHA-1."""
    for part in settings.split(","):
        name, _, value = part.partition("=")
        if name.strip() == "algorithm" and value.strip():
            return value.strip().upper()
    return "HMAC_SHA1"


def _with_and_without_port(url: str) -> tuple[str, str]:
    """Twilio is not of one mind whether the port belongs to what is signed."""
    parts = urlsplit(url)
    host = parts.netloc.removesuffix(f":{parts.port}")
    port = parts.port or (80 if parts.scheme == "http" else 443)
    return (
        parts._replace(netloc=host).geturl(),
        parts._replace(netloc=f"{host}:{port}").geturl(),
    )
