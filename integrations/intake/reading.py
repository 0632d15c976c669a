"""Looking into JSON that may be anything. Nothing here fails on any value."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from integrations.intake.contract import Attachment, IntakeRequest, Unparsed
from integrations.intake.signature import body_digest
from integrations.intake.text import clean

Key = str | int
_MILLISECONDS_FROM = 100_000_000_000  # as seconds that is the year 5138
MOST_FILES = 100
_FILE_NAMES = ("filename", "file_name", "fileName", "name", "title")
_FILE_TYPES = (
    *("content_type", "contentType", "mime_type", "mimeType", "mimetype"),
    *("media_type", "file_type", "type"),
)
_FILE_SIZES = ("size", "file_size", "fileSize", "filesize")
_NO = {"", "0", "false", "no", "none", "null"}


def load(request: IntakeRequest) -> object:
    """Return the body as JSON; raises Unparsed.

    Line breaks inside strings are forgiven: products that fill in templates forget
    to escape them.
    """
    try:
        return json.loads(request.body, strict=False)
    except (ValueError, RecursionError):
        reason = "The body is not JSON; look at the template it is made from."
        raise Unparsed(reason) from None


def named_in_body(request: IntakeRequest, *path: Key) -> str:
    """Return the delivery's name that stands in its body, else the body's digest."""
    try:
        named = text(load(request), *path)
    except Unparsed:
        named = None
    return named or body_digest(request)


def load_object(request: IntakeRequest) -> Mapping[str, object]:
    """Return the body as a JSON object; raises Unparsed."""
    body = load(request)
    if not isinstance(body, dict):
        reason = "The body is JSON, but not an object with named fields."
        raise Unparsed(reason)
    return body


def amount(written: str | None) -> Decimal | None:
    """Read a number that is finite and not negative, in any script's digits."""
    try:
        read = Decimal((written or "").strip().replace(",", ""))
    except InvalidOperation:
        return None
    return read if read.is_finite() and read >= 0 else None


def dig(node: object, *path: Key) -> object:
    """Return what lies at `path`, None where there is no such place."""
    for key in path:
        if isinstance(node, dict) and isinstance(key, str):
            node = node.get(key)
        elif isinstance(node, list) and isinstance(key, int):
            node = node[key] if -len(node) <= key < len(node) else None
        else:
            return None
    return node


def text(node: object, *path: Key) -> str | None:
    """Return a string or a number as words; None for the empty and all else."""
    value = dig(node, *path)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return clean(str(value)) or None


def first(node: object, *keys: str) -> str | None:
    """Return the words under the first of these keys that has any."""
    return next(filter(None, (text(node, key) for key in keys)), None)


def must(value: str | None, what: str) -> str:
    """Return the value; raises Unparsed when it is missing. `what` is for people."""
    if value is None:
        reason = f"It says no {what}."
        raise Unparsed(reason)
    return value


def flag(node: object, *path: Key) -> bool | None:
    """Return a yes or no, also one written as a word; None when nothing is said."""
    value = dig(node, *path)
    if isinstance(value, bool):
        return value
    words = text(value)
    return None if words is None else words.casefold() not in _NO


def each(node: object, *path: Key) -> Iterator[Mapping[str, object]]:
    """Yield the objects of a list, passing over what is none."""
    value = dig(node, *path)
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


def keys(node: object) -> AbstractSet[str]:
    """Return the names of an object's fields; none for all else."""
    return node.keys() if isinstance(node, dict) else set()


def files(node: object, *path: Key) -> tuple[Attachment, ...]:
    """Return what a list says of files, in the names that products have for it."""
    value = dig(node, *path)
    listed = value[:MOST_FILES] if isinstance(value, list) else ()
    return tuple(
        Attachment(
            name=first(one, *_FILE_NAMES) or "",
            type=first(one, *_FILE_TYPES) or "",
            size=_bytes(first(one, *_FILE_SIZES)),
        )
        for one in listed
    )


def unnamed_files(count: int) -> tuple[Attachment, ...]:
    """Return as many files, where a product says only how many there are."""
    return (Attachment(),) * min(count, MOST_FILES)


def _bytes(written: str | None) -> int | None:
    is_size = written is not None and re.fullmatch(r"[0-9]{1,15}", written)
    return int(written) if written is not None and is_size else None


def every(node: object, *path: Key) -> tuple[Mapping[str, object], ...]:
    """Return a list's objects, none when there is no list; raises Unparsed.

    For lists of messages, where passing one over would lose it.
    """
    value = dig(node, *path)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        reason = f'What stands under "{path[-1]}" is no list of objects.'
        raise Unparsed(reason)
    return tuple(value)


def link(node: object, *path: Key) -> str | None:
    """Return an address of the web; None for all else, such as `javascript:`."""
    written = text(node, *path)
    is_web = written is not None and written.lower().startswith(("https://", "http://"))
    return written if is_web else None


def size(written: str | None) -> int:
    """Return a small count that a product writes as words; 0 for what is none."""
    is_small = written is not None and re.fullmatch(r"[0-9]{1,5}", written)
    return int(written) if written is not None and is_small else 0


def words(node: object, *path: Key) -> tuple[str, ...]:
    """Return a list's strings, or the parts of a string between commas."""
    value = dig(node, *path)
    if isinstance(value, str):
        value = value.split(",")
    found = map(text, value) if isinstance(value, list) else ()
    return tuple(word.strip() for word in found if word and word.strip())


def name(*parts: str | None) -> str | None:
    """Join the parts of a name; products write `-` for a part that is missing."""
    return " ".join(part for part in parts if part and part != "-") or None


def instant(node: object, *path: Key) -> datetime | None:
    """Return a time in UTC, to the second.

    Understands ISO 8601 with a zone, and seconds or milliseconds since 1970, as
    number or as words. What has no zone is no instant.
    """
    written = text(node, *path)
    if written is None:
        return None
    try:
        return _since_1970(float(written))
    except ValueError:
        return _iso(written)


def _since_1970(number: float) -> datetime | None:
    if not math.isfinite(number):
        return None
    seconds = number / 1000 if abs(number) >= _MILLISECONDS_FROM else number
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _iso(written: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(written)
        return read.astimezone(UTC).replace(microsecond=0) if read.tzinfo else None
    except (ValueError, OverflowError):
        return None
