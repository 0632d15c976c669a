"""Forms as mail gateways post them: url-encoded, or in parts when files come along."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from integrations.intake.contract import Attachment, IntakeRequest
from integrations.intake.reading import unnamed_files
from integrations.intake.text import clean

MOST_PARTS = 1000
"""Fields and files that are looked for: no letter has more, and none takes long."""
LONGEST_HEAD = 4 * 1024
"""Bytes of what stands before a field's content: its name, a file's name and type."""
LONGEST_FIELD = 256 * 1024
"""Bytes of a field that are read as words, which takes long if there are many. The rest
stays in the kept request; files, and letters that are not taken apart, are no words."""
_BOUNDARY = re.compile(r'boundary="?([^";,]{1,200})', re.IGNORECASE)
_NAME = re.compile(rb'[; ]name="([^"\r\n]{0,200})"', re.IGNORECASE)
_FILE = re.compile(rb"filename(?:=\"(?P<name>[^\"\r\n]{0,300})\"|\*?=)", re.IGNORECASE)
_TYPE = re.compile(
    rb"^content-type:[ \t]*([^;\s]{1,100})", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form's fields as bytes, the first of each name, and the files it has."""

    fields: Mapping[str, bytes]
    files: tuple[Attachment, ...] = ()

    def attachments(self, told: int) -> tuple[Attachment, ...]:
        """Return its files, as many as it tells of where it brings none along."""
        return self.files or unnamed_files(told)

    def text(self, name: str, charset: str = "utf-8") -> str:
        """Return a field in words; empty when it is missing. Never fails."""
        raw = self.fields.get(name, b"")[:LONGEST_FIELD]
        try:
            return clean(raw.decode(charset, errors="replace"))
        except (LookupError, ValueError, UnicodeError):  # a charset nobody knows
            return clean(raw.decode(errors="replace"))


def read_form(request: IntakeRequest, only: Collection[str] = ()) -> Form:
    """Read the body by its content type. Never fails; what is no form has no fields.

    `only` names the fields that are wanted, where it is not all of them: the others,
    which may be as long as the body, are then not copied.
    """
    content_type = request.headers.get("content-type", "")
    if content_type.lower().lstrip().startswith("multipart/form-data"):
        boundary = _BOUNDARY.search(content_type)
        between = boundary[1].strip().encode(errors="replace") if boundary else b""
        return _in_parts(request.body, between, only)
    fields: dict[str, bytes] = {}
    for name, value in _pairs(request.body):
        fields.setdefault(name, value)
    return Form(fields=fields)


def _pairs(body: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield names and values, still as bytes: charsets are told elsewhere."""
    for pair in body.split(b"&", MOST_PARTS)[:MOST_PARTS]:
        name, _, value = pair.replace(b"+", b" ").partition(b"=")
        yield unquote_to_bytes(name).decode(errors="replace"), unquote_to_bytes(value)


def _in_parts(body: bytes, boundary: bytes, only: Collection[str]) -> Form:
    fields: dict[str, bytes] = {}
    files: list[Attachment] = []
    for head, content in _parts(body, boundary):
        found = _NAME.search(head)
        name = found[1].decode(errors="replace") if found else ""
        file = _FILE.search(head)
        if file:
            files.append(_attachment(file["name"], head, len(content)))
        elif found and name not in fields and (not only or name in only):
            fields[name] = bytes(content)
    return Form(fields=fields, files=tuple(files))


def _attachment(name: bytes | None, head: bytes, size: int) -> Attachment:
    kind = _TYPE.search(head)
    return Attachment(
        name=clean((name or b"").decode(errors="replace")),
        type=kind[1].decode(errors="replace").lower() if kind else "",
        size=size,
    )


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """Yield each part's head and content. A body of 30 MiB is looked through in place.

    A head ends within `LONGEST_HEAD` bytes: patterns are slow on what has no end.
    """
    whole, mark = memoryview(body), b"\r\n--" + boundary
    first = -2 if body.startswith(mark[2:]) else body.find(mark)
    if first == -1:
        return
    start = first + len(mark)
    for _ in range(MOST_PARTS):
        if body.startswith(b"--", start):
            return
        end = body.find(mark, start)
        last = end == -1
        end = len(body) if last else end
        longest = min(end, start + LONGEST_HEAD)
        cut = body.find(b"\r\n\r\n", start, longest)
        if cut == -1:
            yield body[start:longest], whole[end:end]
        else:
            yield body[start:cut], whole[cut + 4 : end]
        if last:
            return
        start = end + len(mark)
