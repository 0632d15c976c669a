"""A letter taken apart into its parts, as MIME says, well-formed or not.

Bounded in the number of parts and in their depth. What lies beyond the bounds is left
out, and what is no part where one was announced is read as plain text.
"""

import re
from binascii import a2b_qp, a2b_uu
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from integrations.intake.charset import decode
from integrations.intake.email.head import parameters, read_head, unbase64, words

MOST_PARTS = 200
DEEPEST = 20
LONGEST_WORDS = 2 * 1024 * 1024
"""Bytes that are read as words of one part."""
_GUESSED_IN = 64 * 1024
_MOST_MISFITS = 10_000  # lines that begin as a boundary does, and are none
_REST_OF_LINE = re.compile(rb"(--)?[ \t]{0,100}(?:\r?\n|\Z)")
# possessive: a line of spaces is read once, not once for each space
_GUESSED = re.compile(
    rb"^--([!-~][ -~\t]{0,400}+)\r?\nContent-", re.IGNORECASE | re.MULTILINE
)
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")
_UU_LINE = 61  # characters of a full line, without its end


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part: its headers as they came, its kind, and what it is made of.

    `type` is such as `text/plain`. `body` is as it travels; `content` is decoded.
    """

    headers: Mapping[str, bytes]
    type: str
    options: Mapping[str, str]
    disposition: str
    name: str
    body: bytes
    parts: "tuple[Part, ...]" = ()

    @property
    def charset(self) -> str:
        """The charset it says it is in; empty when it says none."""
        return self.options.get("charset", "").partition(" ")[0]

    @cached_property
    def content(self) -> bytes:
        """The body without its transfer encoding, in any state of repair."""
        match self._encoding:
            case "base64":
                return unbase64(self.body)
            case "quoted-printable":
                return a2b_qp(self.body)
            case "x-uuencode" | "uuencode" | "x-uue" | "uue":
                return _unuu(self.body)
            case _:
                return self.body

    @property
    def size(self) -> int:
        """Its size in bytes; that of a large file is told without decoding it."""
        if self._encoding != "base64":
            return len(self.content)
        return len(self.body.translate(None, b"\r\n \t=")) * 3 // 4

    @property
    def text(self) -> str:
        """The content in words."""
        return decode(self.content[:LONGEST_WORDS], self.charset)

    def header(self, name: str) -> str:
        """Return a header in words; empty when it is missing."""
        return words(self.headers.get(name, b""), self.charset)

    @property
    def _encoding(self) -> str:
        raw = self.headers.get("content-transfer-encoding", b"")
        named = raw[:100].decode("ascii", errors="replace").lower()
        return re.split(r"[;\s]", named.strip(), maxsplit=1)[0].strip("\"'")


@dataclass(slots=True)
class _Budget:
    """How many parts may still be read."""

    left: int = field(default=MOST_PARTS)


def take_apart(raw: bytes) -> Part:
    """Return the letter as a tree of parts. Never fails."""
    if b"\n" not in raw:  # from programs of long ago, and from broken ones
        raw = raw.replace(b"\r", b"\n")
    return _part(raw, 0, len(raw), _Budget(), depth=0, usual="text/plain")


def _part(
    raw: bytes, start: int, end: int, budget: _Budget, *, depth: int, usual: str
) -> Part:
    budget.left -= 1
    headers, body = read_head(raw, start, end)
    kind, options = parameters(_ascii(headers.get("content-type", b"")))
    kind = kind if _TYPE.fullmatch(kind) else usual
    disposition, more = parameters(_ascii(headers.get("content-disposition", b"")))
    children: tuple[Part, ...] = ()
    if kind.startswith("multipart/"):
        children = _children(raw, body, end, budget, depth, kind, options)
        kind = kind if children else "text/plain"
    part = Part(
        headers=headers,
        type=kind,
        options=options,
        disposition=disposition,
        name=more.get("filename") or options.get("name", ""),
        body=b"" if children else raw[body:end],
        parts=children,
    )
    return _with_letter(part, budget, depth) if kind in _LETTERS else part


_LETTERS = {"message/rfc822", "message/global", "message/news"}


def _with_letter(part: Part, budget: _Budget, depth: int) -> Part:
    """Return a part that holds a letter with that letter as its one part."""
    if depth >= DEEPEST or budget.left <= 0:
        return part
    raw = part.content
    held = _part(raw, 0, len(raw), budget, depth=depth + 1, usual="text/plain")
    return Part(
        headers=part.headers,
        type=part.type,
        options=part.options,
        disposition=part.disposition,
        name=part.name,
        body=part.body,
        parts=(held,),
    )


def _children(
    raw: bytes,
    start: int,
    end: int,
    budget: _Budget,
    depth: int,
    kind: str,
    options: Mapping[str, str],
) -> tuple[Part, ...]:
    if depth >= DEEPEST:
        return ()
    boundary = options.get("boundary", "").encode(errors="replace")
    places = _between(raw, start, end, boundary, budget.left) if boundary else []
    if not places:  # a lie, or lost on the way
        guess = _GUESSED.search(raw, start, min(end, start + _GUESSED_IN))
        named = guess[1].rstrip() if guess else b""
        places = _between(raw, start, end, named, budget.left) if named else []
    usual = "message/rfc822" if kind == "multipart/digest" else "text/plain"
    found = []
    for begun, stop in places:
        if budget.left <= 0:
            break
        found.append(_part(raw, begun, stop, budget, depth=depth + 1, usual=usual))
    return tuple(found)


def _between(
    raw: bytes, start: int, end: int, boundary: bytes, most: int
) -> list[tuple[int, int]]:
    """Return where each part begins and ends. What follows a closing line is none."""
    mark = b"--" + boundary
    places: list[tuple[int, int]] = []
    begun: int | None = None
    at = start
    misfits = 0
    while len(places) < most and misfits < _MOST_MISFITS:
        at = raw.find(mark, at, end)
        rest = _REST_OF_LINE.match(raw, at + len(mark), end) if at >= 0 else None
        if at >= 0 and (rest is None or not _at_line_start(raw, at, start)):
            at = _next_line(raw, at, end)
            misfits += 1
            continue
        if begun is not None:
            places.append((begun, _without_break(raw, begun, at if at >= 0 else end)))
        if at < 0 or rest is None:
            break
        begun = None if rest[1] else rest.end()
        at = rest.end()
    else:
        if begun is not None and len(places) < most:
            places.append((begun, end))
    return places


def _at_line_start(raw: bytes, at: int, start: int) -> bool:
    return at == start or raw[at - 1 : at] == b"\n"


def _next_line(raw: bytes, at: int, end: int) -> int:
    found = raw.find(b"\n", at, end)
    return found + 1 if found >= 0 else end


def _without_break(raw: bytes, begun: int, stop: int) -> int:
    """Return where a part ends: the line break before a boundary is the boundary's."""
    if stop > begun and raw[stop - 1 : stop] == b"\n":
        stop -= 1
        if stop > begun and raw[stop - 1 : stop] == b"\r":
            stop -= 1
    return stop


def _ascii(raw: bytes) -> str:
    """Return a header as words without decoding encoded ones."""
    return decode(raw)


def _unuu(raw: bytes) -> bytes:
    read = []
    for line in raw.splitlines():
        if line.startswith((b"begin ", b"end")) or not line:
            continue
        try:
            read.append(a2b_uu(line[:_UU_LINE]))
        except ValueError:  # a line that is none
            continue
    return b"".join(read)
