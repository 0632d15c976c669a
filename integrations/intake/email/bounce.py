"""What a mail server says about letters that it could not hand over.

RFC 3464 where servers follow it; else the letter that they give back, whole or only
its headers, as a part or below their own words.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from integrations.intake.contract import Bounce
from integrations.intake.email.addresses import is_address, mailbox
from integrations.intake.email.automatic import is_machine, says_away, says_returned
from integrations.intake.email.body import leaves
from integrations.intake.email.head import read_head
from integrations.intake.email.machine_words import DELAYED, GOES_ON
from integrations.intake.email.parts import Part

_MOST_IDS = 20
_MOST_RECIPIENTS = 100
_LOOKED_AT = 256 * 1024  # bytes of a part, and characters of the server's words
_STATUS = {"message/delivery-status", "message/global-delivery-status"}
_GIVEN_BACK = {"message/rfc822", "message/global", "text/rfc822-headers"}
_GIVEN_BACK |= {"message/global-headers", "message/rfc822-headers", "message/news"}
_ID = re.compile(r"<[^<>\s]{1,500}>")
_OWN_ID = re.compile(
    r"^[ \t>|]{0,20}message-id:[ \t]*(?:\r?\n[ \t>|]{1,20})?(<[^<>\s]{1,500}>)",
    re.IGNORECASE | re.MULTILINE,
)
_OWN_TO = re.compile(
    r"^[ \t>|]{0,20}to:[ \t]*([^\r\n]{1,500})", re.IGNORECASE | re.MULTILINE
)
_FIELD = re.compile(
    r"^(action|status|final-recipient|original-recipient):[ \t]*(.{0,500}?)[ \t\r]*$",
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESS_LINE = re.compile(
    r"^[ \t>*\"-]{0,20}<?([^\s<>\"'(),;:\[\]@]{1,64}@[^\s<>\"'(),;:\[\]@]{1,255})",
    re.MULTILINE,
)
_PERHAPS = re.compile(
    r"(?:mail|e-?mail|system|mailer|delivery|exchange|smtp|microsoft outlook"
    r"|no[-_.]?reply|do[-_.]?not[-_.]?reply)\b",
    re.IGNORECASE,
)
"""Names of mail servers that people have, too."""
_TO_WHOM = {"final-recipient", "original-recipient"}
_REACHED = {"delivered", "relayed", "expanded"}
_FIRST_WORDS = 2_000  # characters in which a server says what happened


def read_bounce(
    letter: Part | None,
    headers: Mapping[str, str],
    *,
    envelope: str | None,
    sender: str,
    subject: str,
    text: str,
) -> Bounce | None:
    """Return what a letter says about letters of ours; None where it is no bounce.

    `text` are the server's words. `letter` is None where a gateway took it apart.
    """
    parts = list(leaves(letter)) if letter else []
    text = text[:_LOOKED_AT]
    fields = _status_fields(parts)
    failed = _addresses(headers.get("x-failed-recipients", "").split(","))
    by_server = _is_by_server(headers, envelope, sender, subject)
    by_other = _is_perhaps_by_server(parts, sender, subject, text)
    if not fields and not failed and not by_server and not by_other:
        return None
    actions = {value.partition(" ")[0] for name, value in fields if name == "action"}
    if actions and actions <= _REACHED:
        return None
    return Bounce(
        message_ids=_ids(parts, headers, text),
        recipients=_recipients(parts, fields, text) or failed,
        permanent=_is_permanent(fields, actions, subject, text),
    )


def _recipients(
    parts: Iterable[Part], fields: list[tuple[str, str]], text: str
) -> tuple[str, ...]:
    """Return who was not reached: by the report, else by the server's own words.

    Else it is to whom the letter was that is given back.
    """
    named = [value.rpartition(";")[2] for name, value in fields if name in _TO_WHOM]
    given_back = [mailbox(head.get("to", b"")).address for head in _given_back(parts)]
    below = [mailbox(found).address for found in _OWN_TO.findall(text)[:1]]
    return (
        _addresses(named)
        or _addresses(_ADDRESS_LINE.findall(text[:_FIRST_WORDS]))
        or _addresses(given_back or below)
    )


def _is_by_server(
    headers: Mapping[str, str], envelope: str | None, sender: str, subject: str
) -> bool:
    kind = headers.get("content-type", "").lower()
    if says_away(subject, answers=True) or "disposition-notification" in kind:
        return False
    if "feedback-report" in kind:
        return False
    no_path = envelope is not None and not envelope.strip().strip("<>").strip()
    return is_machine(sender, subject) or (no_path and says_returned(subject))


def _is_perhaps_by_server(
    parts: Iterable[Part], sender: str, subject: str, text: str
) -> bool:
    """Tell whether somebody gives a letter back who may be a server, by his name."""
    found = mailbox(sender)
    named = any(_PERHAPS.match(name) for name in (found.name, found.address))
    gives_back = any(part.type in _GIVEN_BACK for part in parts)
    return (
        named
        and says_returned(subject)
        and (gives_back or _OWN_ID.search(text) is not None)
    )


def _status_fields(parts: Iterable[Part]) -> list[tuple[str, str]]:
    """Return the fields of delivery reports, names and values in lower case."""
    return [
        (name.lower(), value.lower())
        for part in parts
        if part.type in _STATUS
        for name, value in _FIELD.findall(_text(part))
    ]


def _text(part: Part) -> str:
    return part.content[:_LOOKED_AT].decode("ascii", errors="replace")


def _is_permanent(
    fields: list[tuple[str, str]], actions: set[str], subject: str, text: str
) -> bool:
    """Tell whether the server gave up. What it says it did counts more than codes."""
    if actions & {"failed", "delayed"}:
        return "failed" in actions
    codes = {value[:1] for name, value in fields if name == "status"}
    if codes & {"4", "5"}:
        return "5" in codes
    told = f"{subject}\n{text[:_FIRST_WORDS]}".lower()
    goes_on = any(phrase in told for phrase in GOES_ON)
    return not goes_on and not any(word in subject.lower() for word in DELAYED)


def _ids(
    parts: Iterable[Part], headers: Mapping[str, str], text: str
) -> tuple[str, ...]:
    """Return the ids of the letters that are given back, else of what is answered."""
    named = (head.get("message-id", b"") for head in _given_back(parts))
    written = " ".join(each.decode("ascii", errors="replace") for each in named)
    found = dict.fromkeys(_ID.findall(written))
    found |= dict.fromkeys(_OWN_ID.findall(text))
    if not found:
        answered = headers.get("in-reply-to", "") or headers.get("references", "")
        found = dict.fromkeys(_ID.findall(answered)[-1:])
    return tuple(found)[:_MOST_IDS]


def _given_back(parts: Iterable[Part]) -> Iterator[Mapping[str, bytes]]:
    """Yield the headers of the letters that are given back."""
    for part in parts:
        if part.type in _GIVEN_BACK:
            raw = part.content[:_LOOKED_AT]
            yield read_head(raw, 0, len(raw))[0]


def _addresses(written: Iterable[str]) -> tuple[str, ...]:
    bare = (each.strip().strip("<>").strip() for each in written)
    return tuple(dict.fromkeys(filter(is_address, bare)))[:_MOST_RECIPIENTS]
