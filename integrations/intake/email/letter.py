"""A letter, whichever gateway brought it, as a canonical message."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parseaddr, parsedate_to_datetime

from integrations.intake.contract import (
    Attachment,
    CanonicalMessage,
    Customer,
    Direction,
)
from integrations.intake.email.automatic import is_automatic
from integrations.intake.text import clean

LARGEST = 32 * 1024 * 1024
"""Bytes of a letter with its files, as gateways hand it on: they take 25 to 30 MB."""
_ID = re.compile(r"<[^<>\s]{1,500}>")
_NOBODY = re.compile(r"(?:no|do-?not)[-_.]?reply@", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@<>,;]{1,64}@[^\s@<>,;]{1,255}")
_MOST_REFERENCES = 50  # a thread's latest; some programs carry hundreds


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a letter says. `headers` have names in lower case, and decoded values.

    `envelope` is the return path, empty for a bounce; None when it is not known.
    `occurred_at` is the gateway's time; without it the letter's own date counts.
    `recipient` is the address of ours that it came to, where the gateway says so.
    """

    headers: Mapping[str, str]
    sender: str
    subject: str
    text: str
    envelope: str | None = None
    occurred_at: datetime | None = None
    attachments: tuple[Attachment, ...] = ()
    recipient: str = ""


def canonical(letter: Letter) -> CanonicalMessage:
    """Return a letter as a message. A conversation is the letter it answers.

    An answer with a number in its subject continues an issue; other letters open.
    """
    message_id = _first_id(letter.headers.get("message-id", ""))
    answered = _first_id(letter.headers.get("in-reply-to", ""))
    automatic = is_automatic(letter.headers, envelope=letter.envelope)
    key = message_id or _digest(letter)
    message = CanonicalMessage(
        source="email",
        direction=Direction.INBOUND,
        opens=not automatic,
        conversation_id=answered or key,
        message_id=message_id,
        dedup_key=key,
        customer=_writer(letter),
        subject=clean(letter.subject).strip() or None,
        text=clean(letter.text).strip() or None,
        occurred_at=letter.occurred_at or _date(letter.headers.get("date", "")),
        auto_reply=automatic,
        references=_references(letter.headers),
        attachments=letter.attachments,
        reply_to=_reply_to(letter),
    )
    return _continuing(message) if message.references else message


def _continuing(message: CanonicalMessage) -> CanonicalMessage:
    return message if message.number_hint is None else replace(message, opens=False)


def _writer(letter: Letter) -> Customer:
    """Return who wrote; a web form writes as nobody, for whom Reply-To names."""
    name, address = parseaddr(clean(letter.sender))
    if _NOBODY.match(address):
        reply_name, reply_address = parseaddr(letter.headers.get("reply-to", ""))
        name, address = reply_name or name, reply_address or address
    return Customer(name=name or None, email=address or None)


def _reply_to(letter: Letter) -> str:
    """Return where an answer goes, and after a space where answers to it should come.

    Empty when the letter names no address that a letter can be sent to.
    """
    for header in (letter.headers.get("reply-to", ""), clean(letter.sender)):
        address = parseaddr(header)[1]
        if _ADDRESS.fullmatch(address):
            ours = parseaddr(letter.recipient)[1]
            return f"{address} {ours}" if _ADDRESS.fullmatch(ours) else address
    return ""


def _first_id(header: str) -> str | None:
    found = _ID.search(header)
    return found[0] if found else None


def _references(headers: Mapping[str, str]) -> tuple[str, ...]:
    written = headers.get("references", "") + headers.get("in-reply-to", "")
    return tuple(dict.fromkeys(_ID.findall(written)))[-_MOST_REFERENCES:]


def _date(written: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(written)
        return date.astimezone(UTC).replace(microsecond=0) if date.tzinfo else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _digest(letter: Letter) -> str:
    """Name a letter that has no Message-Id by what it says and when."""
    said = (letter.sender, letter.subject, letter.text, letter.headers.get("date", ""))
    raw = "\n".join(said).encode(errors="replace")
    return f"email:{hashlib.sha256(raw).hexdigest()[:32]}"
