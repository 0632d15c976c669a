"""A letter as it travels: MIME, in any charset, well-formed or not."""

from email import message_from_bytes
from email.errors import MessageError
from email.headerregistry import BaseHeader, HeaderRegistry
from email.message import EmailMessage, Message
from email.policy import default

from integrations.intake.contract import Attachment, CanonicalMessage, Unparsed
from integrations.intake.email.letter import Letter, canonical
from integrations.intake.text import clean, html_to_text, without_quotes

LONGEST_HEADER = 16 * 1024
"""Characters that are read of a header: each takes longer than the one before it."""
_TO_US = ("delivered-to", "x-original-to", "envelope-to")
# the standard library's reader fails in all these ways on rubbish
_BROKEN = (
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    RecursionError,
    MessageError,
    AssertionError,
)


_read_header = HeaderRegistry()


def _read_short(name: str, value: str) -> BaseHeader:
    return _read_header(name, value[:LONGEST_HEADER])


_READING = default.clone(header_factory=_read_short)


def parse(raw: bytes) -> CanonicalMessage:
    """Read one letter. Raises Unparsed for what is no letter, and nothing else."""
    return canonical(read_letter(raw))


def read_letter(raw: bytes, *, envelope: str | None = None) -> Letter:
    """Read a letter; `envelope` is the return path where a server knows it."""
    try:
        return _letter(message_from_bytes(raw, policy=_READING), envelope)
    except _BROKEN:
        reason = "The letter is so malformed that it cannot be taken apart."
        raise Unparsed(reason) from None


def _letter(message: object, envelope: str | None) -> Letter:
    if not isinstance(message, EmailMessage) or not message.keys():
        reason = "The letter has no headers."
        raise Unparsed(reason)
    headers: dict[str, str] = {}
    for name in message:
        headers.setdefault(name.lower(), _header(message, name))
    return_path = headers.get("return-path") if envelope is None else envelope
    return Letter(
        headers=headers,
        sender=headers.get("from", ""),
        subject=headers.get("subject", ""),
        text=_words(message),
        envelope=return_path,
        attachments=_attachments(message),
        recipient=next(filter(None, map(headers.get, _TO_US)), ""),
    )


def _header(message: EmailMessage, name: str) -> str:
    """Return a header decoded; as it was sent when it cannot be decoded."""
    try:
        return clean(str(message[name]))
    except _BROKEN:
        sent = dict(message.raw_items()).get(name, "")
        return clean(" ".join(str(sent).split()))


def _words(message: EmailMessage) -> str:
    plain = _content(message.get_body(("plain",)))
    if plain.strip():
        return without_quotes(plain)
    return html_to_text(_content(message.get_body(("html",))))


def _content(part: "Message[str, str] | None") -> str:
    """Decode a part by its charset; by UTF-8 when that is unknown or a lie."""
    if part is None:
        return ""
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    named = part.get_content_charset() or "ascii"
    for charset in (named, "utf-8") if raw.isascii() else ("utf-8", named):
        try:
            return clean(raw.decode(charset))
        except (LookupError, ValueError):
            continue
    return clean(raw.decode("cp1252", errors="replace"))


def _attachments(message: EmailMessage) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            name=clean(part.get_filename() or ""),
            type=part.get_content_type(),
            size=len(part.get_payload(decode=True) or b""),
        )
        for part in message.walk()
        if part.get_content_disposition() == "attachment"
    )
