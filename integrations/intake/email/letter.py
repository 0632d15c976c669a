"""A letter, whichever gateway brought it, as a canonical message."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from integrations.intake.contract import (
    Attachment,
    Bounce,
    CanonicalMessage,
    Customer,
    Direction,
)
from integrations.intake.email.addresses import Mailbox, is_address, mailbox
from integrations.intake.email.automatic import is_automatic
from integrations.intake.text import clean

LARGEST = 32 * 1024 * 1024
"""Bytes of a letter with its files, as gateways hand it on: they take 25 to 30 MB."""
_ID = re.compile(r"<[^<>\s]{1,500}>")
_NOBODY = re.compile(r"(?:no|do-?not)[-_.]?reply@", re.IGNORECASE)
_LONGEST_DATE = 200  # characters
_MOST_REFERENCES = 50  # a thread's latest; some programs carry hundreds


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a letter says. `headers` have names in lower case, and decoded values.

    `sender` and `reply_to` are those headers as they came, or decoded where a gateway
    hands on nothing else: a name may hold what looks like an address when decoded.
    `charset` is what 8-bit characters in them are in. `text` are the new words,
    `quoted` the old ones.
    `envelope` is the return path, empty for a bounce; None when it is not known.
    `occurred_at` is the gateway's time; without it the letter's own date counts.
    `recipient` is the address of ours that it came to, where the gateway says so.
    `parts` are the kinds of its parts.
    """

    headers: Mapping[str, str]
    sender: bytes | str
    subject: str
    text: str
    reply_to: bytes | str = ""
    charset: str = ""
    quoted: str | None = None
    envelope: str | None = None
    occurred_at: datetime | None = None
    attachments: tuple[Attachment, ...] = ()
    recipient: str = ""
    parts: frozenset[str] = frozenset()
    bounce: Bounce | None = None


def canonical(letter: Letter) -> CanonicalMessage:
    """Return a letter as a message. A conversation is the letter it answers.

    An answer with a number in its subject continues an issue; other letters open.
    """
    message_id = _first_id(letter.headers.get("message-id", ""))
    answered = _first_id(letter.headers.get("in-reply-to", ""))
    automatic = letter.bounce is not None or is_automatic(
        letter.headers,
        envelope=letter.envelope,
        sender=letter.headers.get("from") or _written(letter.sender),
        subject=letter.subject,
        parts=letter.parts,
    )
    key = message_id or _digest(letter)
    sender = mailbox(letter.sender, letter.charset)
    reply_to = mailbox(letter.reply_to, letter.charset)
    message = CanonicalMessage(
        source="email",
        direction=Direction.INBOUND,
        opens=not automatic,
        conversation_id=answered or key,
        message_id=message_id,
        dedup_key=key,
        customer=_writer(sender, reply_to),
        subject=clean(letter.subject).strip() or None,
        text=clean(letter.text).strip() or None,
        quoted=letter.quoted,
        occurred_at=letter.occurred_at or _date(letter.headers.get("date", "")),
        auto_reply=automatic,
        references=answered_ids(letter.headers),
        attachments=letter.attachments,
        addresses=_addresses(sender, reply_to),
        bounce=letter.bounce,
        reply_to=_reply_to(sender, reply_to, letter.recipient),
    )
    return _continuing(message) if message.references else message


def _continuing(message: CanonicalMessage) -> CanonicalMessage:
    return message if message.number_hint is None else replace(message, opens=False)


def _writer(sender: Mailbox, reply_to: Mailbox) -> Customer:
    """Return who wrote; a web form writes as nobody, for whom Reply-To names."""
    name, address = sender.name, sender.address
    if _NOBODY.match(address):
        name, address = reply_to.name or name, reply_to.address or address
    return Customer(name=name or None, email=address or None)


def _addresses(sender: Mailbox, reply_to: Mailbox) -> tuple[str, ...]:
    named = (sender.address, reply_to.address)
    return tuple(dict.fromkeys(filter(is_address, named)))


def _reply_to(sender: Mailbox, reply_to: Mailbox, recipient: str) -> str:
    """Return where an answer goes, and after a space where answers to it should come.

    Empty when the letter names no address that a letter can be sent to.
    """
    for address in (reply_to.address, sender.address):
        if is_address(address):
            ours = mailbox(recipient).address
            return f"{address} {ours}" if is_address(ours) else address
    return ""


def _first_id(header: str) -> str | None:
    found = _ID.search(header)
    return found[0] if found else None


def answered_ids(headers: Mapping[str, str]) -> tuple[str, ...]:
    """Return the Message-Ids of the letters that a letter answers, oldest first."""
    written = headers.get("references", "") + headers.get("in-reply-to", "")
    return tuple(dict.fromkeys(_ID.findall(written)))[-_MOST_REFERENCES:]


def _date(written: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(written[:_LONGEST_DATE])
        return date.astimezone(UTC).replace(microsecond=0) if date.tzinfo else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _written(header: bytes | str) -> str:
    return header if isinstance(header, str) else header.decode(errors="replace")


def _digest(letter: Letter) -> str:
    """Name a letter that has no Message-Id by what it says and when."""
    date = letter.headers.get("date", "")
    said = (_written(letter.sender), letter.subject, letter.text, date)
    raw = "\n".join(said).encode(errors="replace")
    return f"email:{hashlib.sha256(raw).hexdigest()[:32]}"
