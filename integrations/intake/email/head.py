"""A letter's headers: one pass over its first lines, bounded in number and size.

The standard library looks a header up by walking through all of them, and reads
addresses and parameters in time that grows with the square of their length. Here
what lies beyond the bounds is cut, and the letter is read all the same.
"""

import re
from binascii import Error, a2b_base64, a2b_qp
from collections.abc import Mapping
from itertools import islice
from urllib.parse import unquote_to_bytes

from integrations.intake.charset import decode
from integrations.intake.text import clean

MOST_HEADERS = 1_000
LONGEST_HEADER = 64 * 1024
LONGEST_HEAD = 1024 * 1024
MOST_PARAMETERS = 100
_MOST_ENCODED = 2_000  # encoded words in one header

_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:")
_LINE_BREAKS = re.compile(rb"[\r\n]+")
_ENCODED = re.compile(rb"=\?([^\s?]{1,60})\?([bBqQ])\?")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
# possessive: no two readings of one character, so it is linear on any input
_PARAMETER = re.compile(
    r';\s*+([^\s;="*]++)(\*(?:\d{1,3}+\*?)?)?\s*+=\s*+(?:"((?:[^"\\]++|\\.)*+)"?|([^;]*+))',
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def read_head(raw: bytes, start: int, end: int) -> tuple[dict[str, bytes], int]:
    """Return the first header of each name, in lower case, and where the body begins.

    A line that is no header begins the body, as programs that forget the empty line
    mean it; the first may be the line by which mailboxes tell letters apart.
    """
    headers: dict[str, bytes] = {}
    at = _after_mailbox_line(raw, start, end)
    for _ in range(MOST_HEADERS):
        blank = _blank(raw, at, end)
        if blank:
            return headers, blank
        field = _FIELD.match(raw, at, end)
        if field is None or at - start > LONGEST_HEAD:
            break
        stop = _field_end(raw, field.end(), min(end, at + LONGEST_HEAD))
        name = field[1].decode("ascii").lower()
        if name not in headers:
            value = raw[field.end() : min(stop, field.end() + LONGEST_HEADER)]
            headers[name] = _LINE_BREAKS.sub(b"", value).strip()
        at = stop
    else:
        return headers, _body_start(raw, at, end)
    return headers, at if at - start <= LONGEST_HEAD else _body_start(raw, at, end)


def _after_mailbox_line(raw: bytes, start: int, end: int) -> int:
    if not raw.startswith((b"From ", b">From "), start, end):
        return start
    line_end = raw.find(b"\n", start, end)
    return line_end + 1 if line_end >= 0 else end


def _blank(raw: bytes, at: int, end: int) -> int:
    """Return where the line after an empty one begins; 0 where none stands at `at`."""
    if raw.startswith(b"\r\n", at, end):
        return at + 2
    return at + 1 if raw.startswith(b"\n", at, end) else 0


def _field_end(raw: bytes, at: int, end: int) -> int:
    """Return where the next header begins: lines with an indent belong to this one."""
    while True:
        at = raw.find(b"\n", at, end) + 1
        if not at:
            return end
        if raw[at : at + 1] not in {b" ", b"\t"}:
            return at


def _body_start(raw: bytes, at: int, end: int) -> int:
    places = [
        place + len(empty)
        for empty in (b"\n\r\n", b"\n\n")
        if (place := raw.find(empty, max(at - 1, 0), end)) >= 0
    ]
    return min(places, default=end)


def words(raw: bytes, charset: str = "") -> str:
    """Return a header's value in words, on one line.

    `charset` is what 8-bit characters are in that are not encoded as they should be.
    """
    said: list[str] = []
    run: list[bytes] = []
    run_label = ""
    at = 0
    for label, content, start, stop in islice(_encoded_words(raw), _MOST_ENCODED):
        between = raw[at:start]
        # programs break a letter in two between encoded words, so join them first
        if run and (between.strip() or label != run_label):
            said.append(decode(b"".join(run), run_label))
            run = []
        if between.strip() or not at:
            said.append(decode(between, charset))
        run_label, at = label, stop
        run.append(content)
    said += [decode(b"".join(run), run_label), decode(raw[at:], charset)]
    return " ".join(_CONTROLS.sub(" ", clean("".join(said))).split())


def _encoded_words(raw: bytes) -> "list[tuple[str, bytes, int, int]]":
    found: list[tuple[str, bytes, int, int]] = []
    at = 0
    while len(found) < _MOST_ENCODED and (begun := _ENCODED.search(raw, at)):
        end = raw.find(b"?=", begun.end())
        if end < 0:
            break
        label = begun[1].partition(b"*")[0].decode("ascii", "replace").lower()
        content = raw[begun.end() : end]
        read = unbase64(content) if begun[2] in b"bB" else a2b_qp(content, header=True)
        at = end + len(b"?=")
        found.append((label, read, begun.start(), at))
    return found


def unbase64(raw: bytes) -> bytes:
    """Decode base64, passing over what is none."""
    read = []
    for run in raw.split(b"="):
        bare = _NO_BASE64.sub(b"", run)
        whole = bare[: len(bare) - 1] if len(bare) % 4 == 1 else bare
        try:
            read.append(a2b_base64(whole + b"=" * (-len(whole) % 4)))
        except Error:
            continue
    return b"".join(read)


def parameters(value: str) -> tuple[str, Mapping[str, str]]:
    """Return a header's first word and its parameters, in lower case; RFC 2231.

    `inline; filename*0*=utf-8''%D9; filename*1=.pdf` is one `filename`.
    """
    named: dict[str, list[tuple[int, bool, str]]] = {}
    for found in islice(_PARAMETER.finditer(value), MOST_PARAMETERS):
        name, mark, quoted, bare = found.groups()
        written = _ESCAPED.sub(r"\1", quoted) if quoted is not None else bare.strip()
        place = (mark or "").strip("*")
        piece = (int(place or 0), (mark or "").endswith("*"), written)
        named.setdefault(name.lower(), []).append(piece)
    first = value.partition(";")[0].strip().lower()
    return first, {name: _joined(pieces) for name, pieces in named.items()}


def _joined(pieces: list[tuple[int, bool, str]]) -> str:
    """Return a parameter that may have come in pieces, each encoded or not."""
    pieces = sorted(pieces, key=lambda piece: piece[0])
    if not any(encoded for _, encoded, _ in pieces):
        whole = "".join(written for _, _, written in pieces) if pieces[-1][0] else ""
        return words((whole or pieces[0][2]).encode(errors="replace"))
    charset, _, begun = pieces[0][2].partition("'")
    rest = begun.partition("'")[2] if "'" in begun else pieces[0][2]
    written = [rest, *(piece for _, _, piece in pieces[1:])]
    raw = b"".join(
        unquote_to_bytes(piece) if encoded else piece.encode(errors="replace")
        for (_, encoded, _), piece in zip(pieces, written, strict=True)
    )
    return " ".join(_CONTROLS.sub(" ", clean(decode(raw, charset))).split())
