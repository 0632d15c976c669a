"""The events of a calendar file, each by itself: one that is broken costs only itself.

icalendar reads a file as a whole or not at all, and keeps no line numbers. So lines are
put together and sorted here; what stands in them is decoded by icalendar.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import NamedTuple

from oncall.errors import Refused
from oncall.feeds.budget import Budget
from oncall.feeds.leave_zone import CALLS, defined_zone, known_zone

LONGEST_LINE = 50_000
"""Characters, unfolded. A longer one in what is needed costs its event."""
DEEPEST = 20
"""Parts within parts; a calendar has four."""
_NEVER_WITHIN = {"VCALENDAR": 1, "VEVENT": 2, "VTODO": 2, "VTIMEZONE": 2}
"""How deep these stand, whatever seems to be open."""
WORDS, LETTERS = 3, 30
"""So much of a summary says which event is meant."""
_BREAK = re.compile(rb"\r\n|\n|\r")
_NEEDED = re.compile(
    r"(UID|DTSTART|DTEND|DURATION|RRULE|RDATE|EXDATE|RECURRENCE-ID|SEQUENCE|STATUS"
    r"|TRANSP|SUMMARY)(?=[;:])",
    re.IGNORECASE,
)
_LINE = re.compile(r"""[^;:]+((?:;(?:[^:;"]|"[^"]*")*)*):(.*)""", re.DOTALL)
_PARAM = re.compile(r""";\s*([\w-]+)\s*=\s*("[^"]*"|[^;]*)""")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Line(NamedTuple):
    """A content line: its value as written, and its parameters by name."""

    value: str
    params: dict[str, str]


@dataclass(slots=True)
class _Part:
    """What stands between BEGIN and END; not `whole` when END is missing."""

    kind: str
    number: int
    lines: list[str] = field(default_factory=list)
    parts: list["_Part"] = field(default_factory=list)
    whole: bool = True


class FileZones:
    """The time zones of one calendar: places, Windows' names, or its own."""

    def __init__(self, calendar: _Part, budget: Budget) -> None:
        self._budget = budget
        self._blocks: dict[str, list[str]] = {}
        for part in calendar.parts:
            if part.kind == "VTIMEZONE":
                self._blocks.setdefault(_value(part.lines, "TZID"), _block(part))
        self._default = _value(calendar.lines, "X-WR-TIMEZONE")
        self._made: dict[str, tzinfo | None] = {}

    @property
    def default(self) -> tzinfo | None:
        """The zone of times that name none, if the calendar has one."""
        return self.named(self._default)

    def named(self, name: str) -> tzinfo | None:
        """Return the zone; None for one that nobody knows."""
        name = name.strip().strip('"')
        if name not in self._made:
            self._made[name] = known_zone(name) or defined_zone(
                self._blocks.get(name, ()), self._budget
            )
        return self._made[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEvent:
    """An event as written; BEGIN:VEVENT is on line `number`, from 1."""

    number: int
    zones: FileZones
    whole: bool
    texts: tuple[str, ...]

    def lines(self) -> dict[str, list[Line]]:
        """Return the needed properties by name. ValueError for what is no line."""
        found: dict[str, list[Line]] = {}
        for text in self.texts:
            if known := _NEEDED.match(text):
                found.setdefault(known[1].upper(), []).append(_line(text))
        return found

    def uid(self) -> str:
        """Return its UID, as far as it can be read."""
        return _value(list(self.texts), "UID").replace("\0", "")

    def words(self) -> str:
        """Return the first words of its summary, as far as they can be read."""
        words = _value(list(self.texts), "SUMMARY").replace("\\", " ").split()
        return " ".join(words[:WORDS])[:LETTERS]


def raw_events(body: bytes) -> Iterator[RawEvent]:
    """Yield the events of every calendar in a file. Raises Refused when it has none."""
    file = _tree(_unfolded(body))
    calendars = [part for part in file.parts if part.kind == "VCALENDAR"]
    if not calendars or not all(calendar.whole for calendar in calendars):
        msg = "it is not a calendar, or not a whole one"
        raise Refused(msg)
    budget = Budget(CALLS)
    for calendar in calendars:
        zones = FileZones(calendar, budget)
        for part in calendar.parts:
            if part.kind == "VEVENT":
                yield RawEvent(
                    number=part.number,
                    zones=zones,
                    whole=part.whole,
                    texts=tuple(part.lines),
                )


def _unfolded(body: bytes) -> Iterator[tuple[int, str]]:
    """Yield (number, text) of content lines, each with those that go on with it."""
    if body.startswith(_UTF_16):
        body = body.decode("utf-16", "replace").encode()
    started, pieces = 0, list[bytes]()
    for number, raw in enumerate(_BREAK.split(body.removeprefix(b"\xef\xbb\xbf")), 1):
        if raw[:1] in (b" ", b"\t"):
            pieces.append(raw[1:])
            continue
        if pieces:
            yield started, _decoded(b"".join(pieces))
        started, pieces = number, [raw]
    yield started, _decoded(b"".join(pieces))


def _decoded(line: bytes) -> str:
    """Decode a whole line: a fold may stand in the middle of a character."""
    return line.decode("utf-8", "replace").replace("\0", "")


def _tree(lines: Iterator[tuple[int, str]]) -> _Part:
    """Sort lines into parts. Raises Refused for parts within too many parts."""
    opened = [_Part("", 0)]
    for number, text in lines:
        name, _, rest = text.partition(":")
        kind = rest.strip().upper()
        match name.strip().upper():
            case "BEGIN":
                if kind in _NEVER_WITHIN:  # what is open was never ended
                    _cut(opened, _NEVER_WITHIN[kind])
                part = _Part(kind, number)
                opened[-1].parts.append(part)
                opened.append(part)
            case "END":
                _leave(opened, kind)
            case _:
                opened[-1].lines.append(text)
        if len(opened) > DEEPEST:
            msg = "its parts stand within too many parts"
            raise Refused(msg)
    file = opened[0]
    _cut(opened, 0)
    return file


def _leave(opened: list[_Part], kind: str) -> None:
    """Close the innermost part of a kind; what is open within it has no end."""
    kinds = [part.kind for part in opened]
    if kind in kinds[1:]:
        place = len(kinds) - 1 - kinds[::-1].index(kind)
        _cut(opened, place + 1)
        del opened[place]


def _cut(opened: list[_Part], depth: int) -> None:
    """Close what is open from a depth on, though it has no end."""
    for part in opened[depth:]:
        part.whole = False
    del opened[depth:]


def _line(text: str) -> Line:
    if len(text) > LONGEST_LINE:
        msg = "a line is too long"
        raise ValueError(msg)
    found = _LINE.fullmatch(text)
    if found is None:
        msg = "a line has no value"
        raise ValueError(msg)
    params = (param for param in _PARAM.findall(found[1]))
    return Line(found[2].strip(), {name.upper(): value for name, value in params})


def _value(lines: list[str], name: str) -> str:
    """Return the value of the first line of a name, "" when there is none."""
    for text in lines:
        head, _, value = text.partition(":")
        if head.partition(";")[0].strip().upper() == name:
            return value.strip()
    return ""


def _block(part: _Part) -> list[str]:
    inner = [line for each in part.parts for line in _block(each)]
    return [f"BEGIN:{part.kind}", *part.lines, *inner, f"END:{part.kind}"]
