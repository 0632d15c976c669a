"""A letter as it travels: MIME, in any charset, well-formed or not."""

from collections.abc import Iterator

from integrations.intake.contract import CanonicalMessage, Unparsed
from integrations.intake.email.automatic import CALENDAR_REPLY
from integrations.intake.email.body import attachments, leaves, said
from integrations.intake.email.bounce import read_bounce
from integrations.intake.email.head import words
from integrations.intake.email.letter import Letter, answered_ids, canonical
from integrations.intake.email.parts import Part, take_apart

_TO_US = ("delivered-to", "x-original-to", "envelope-to")
_LOOKED_AT = 16 * 1024  # bytes of a calendar: its method is among its first lines


def parse(raw: bytes) -> CanonicalMessage:
    """Read one letter. Raises Unparsed for what is no letter, and nothing else."""
    return canonical(read_letter(raw))


def read_letter(raw: bytes, *, envelope: str | None = None) -> Letter:
    """Read a letter; `envelope` is the return path where a server knows it."""
    letter = take_apart(raw)
    if not letter.headers:
        reason = "The letter has no headers."
        raise Unparsed(reason)
    charset = _charset(letter)
    headers = {name: words(value, charset) for name, value in letter.headers.items()}
    sender, subject = headers.get("from", ""), headers.get("subject", "")
    return_path = headers.get("return-path") if envelope is None else envelope
    found = said(letter, subject=subject, answered=answered_ids(headers))
    return Letter(
        headers=headers,
        sender=letter.headers.get("from", b""),
        reply_to=letter.headers.get("reply-to", b""),
        charset=charset,
        subject=subject,
        text=found.text or "",
        quoted=found.quoted,
        envelope=return_path,
        attachments=attachments(letter),
        recipient=next(filter(None, map(headers.get, _TO_US)), ""),
        parts=frozenset(_kinds(letter)),
        bounce=read_bounce(
            letter,
            headers,
            envelope=return_path,
            sender=sender,
            subject=subject,
            text="\n".join(filter(None, (found.text, found.quoted))),
        ),
    )


def _charset(letter: Part) -> str:
    """Return the charset of the first words, which headers are in that say none."""
    return next((part.charset for part in leaves(letter) if part.charset), "")


def _kinds(letter: Part) -> Iterator[str]:
    yield letter.type
    for part in leaves(letter):
        yield part.type
        if part.type in {"text/calendar", "application/ics"} and _is_reply(part):
            yield CALENDAR_REPLY


def _is_reply(part: Part) -> bool:
    """Tell whether it is somebody's answer to an invitation (RFC 5546)."""
    method = part.options.get("method", "").lower()
    begun = part.content[:_LOOKED_AT].decode("ascii", errors="replace").upper()
    return method in {"reply", "counter"} or "\nMETHOD:REPLY" in begun
