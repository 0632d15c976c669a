"""Who a letter is from, as people and their programs write it.

The address is what stands in `<…>`, whatever else stands around it: unquoted commas,
semicolons, brackets and comments are no reason to take a name for an address.
"""

import re
from dataclasses import dataclass

from integrations.intake.charset import decode
from integrations.intake.email.head import words

LONGEST = 2_000  # characters of such a header; a name and an address need fewer
MOST_ADDRESSES = 1_000

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ANGLED = re.compile(
    r"<(?:mailto:)?(?:@[^<>\s]{1,200}:)?([^<>\s]+@[^<>\s]+?)>?(?=[>\s,;<]|$)"
)
_COMMENT = re.compile(r"\(([^()]*)\)")
_BETWEEN = re.compile(r"[\s<>,;:\"?()\[\]]+")
_BETWEEN_MANY = re.compile(r"[\s<>,;:\"?]+")
_BARE = re.compile(r"[^\s@<>,;]{1,64}@[^\s@<>,;]{1,255}")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A name and an address, each empty where none is given."""

    name: str = ""
    address: str = ""


def mailbox(header: bytes | str, charset: str = "") -> Mailbox:
    """Return the first mailbox of a header, as it came or decoded."""
    raw = header if isinstance(header, bytes) else header.encode(errors="replace")
    written = decode(raw[:LONGEST], charset)
    found = _read(written, charset)
    if found.address:
        return found
    # some encode the header as a whole, its address too
    return _read(words(raw[:LONGEST], charset), charset)


def addresses(header: str) -> set[str]:
    """Return all addresses of a header, in lower case."""
    found: set[str] = set()
    for token in _BETWEEN_MANY.split(header.lower()):
        if "@" in token and len(found) < MOST_ADDRESSES:
            found.add(token)
    return found


def is_address(written: str) -> bool:
    """Tell whether a letter could be sent there."""
    return _BARE.fullmatch(written) is not None


def _read(written: str, charset: str) -> Mailbox:
    unquoted = _QUOTED.sub(lambda found: " " * len(found[0]), written)
    angled = _ANGLED.search(unquoted) or _ANGLED.search(written)
    if angled:
        name = _name(written[: angled.start()], charset)
        return Mailbox(name=name, address=angled[1])
    outside = _COMMENT.sub(" ", unquoted)
    bare = next((word for word in _BETWEEN.split(outside) if _BARE.fullmatch(word)), "")
    comment = _COMMENT.search(unquoted)
    if not bare:  # a name alone, as mail servers have that write without an address
        return Mailbox(name=_name(written.partition("<")[0], charset))
    return Mailbox(name=_name(comment[1], charset) if comment else "", address=bare)


def _name(written: str, charset: str) -> str:
    """Return a name without what quotes it, in any way of quoting."""
    said = words(written.encode(errors="replace"), charset).strip(" ,;")
    for quote in ('"', "'"):
        if len(said) > 1 and said.startswith(quote) and said.endswith(quote):
            said = said[1:-1].strip()
    return _ESCAPED.sub(r"\1", said)
