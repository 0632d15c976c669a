"""Letters as they travel, written in few words."""

from integrations.intake.contract import CanonicalMessage
from integrations.intake.email import parse

ENVELOPED = b"To: care@example.com\r\nMessage-ID: <x@example.org>\r\n"


def letter(
    body: bytes | str = b"hello",
    *,
    sender: bytes | str = b"Zo <zo@example.org>",
    subject: bytes | str = b"s",
    kind: bytes = b"text/plain; charset=utf-8",
    head: bytes = b"",
) -> bytes:
    """Return a letter; `head` are further headers, each with its line's end."""
    return (
        b"From: " + _raw(sender) + b"\r\n" + ENVELOPED + b"Subject: " + _raw(subject)
        + b"\r\n" + head + b"Content-Type: " + kind + b"\r\n\r\n" + _raw(body)
    )  # fmt: skip


def in_parts(*parts: bytes, kind: bytes = b"mixed", **more: bytes) -> bytes:
    """Return a letter of parts, each made by `part`."""
    body = b"".join(b"--o\r\n" + each + b"\r\n" for each in parts) + b"--o--\r\n"
    return letter(body, kind=b"multipart/" + kind + b"; boundary=o", **more)


def part(kind: bytes, body: bytes | str, head: bytes = b"") -> bytes:
    """Return a part of a kind such as `text/html`."""
    return b"Content-Type: " + kind + b"\r\n" + head + b"\r\n" + _raw(body)


def plain(body: bytes | str) -> bytes:
    return part(b"text/plain; charset=utf-8", body)


def html(body: bytes | str) -> bytes:
    return part(b"text/html; charset=utf-8", body)


def read(raw: bytes) -> CanonicalMessage:
    return parse(raw)


def _raw(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()
