"""One event of a calendar of leave as values: when it is, how long, how it repeats."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from icalendar.prop import vDDDTypes

from oncall.feeds.leave_file import FileZones, Line, RawEvent
from rotations.cadence import instant

MOST_DATES = 5000
"""RDATE and EXDATE of one event."""
DAY = timedelta(days=1)
_SEQUENCE = re.compile(r"[0-9]{1,9}")
LAST = datetime(9999, 1, 1, tzinfo=UTC)
"""Later ends are this: it can still be shown in every zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A date or time as written: `wall` is naive; without a `zone` it floats."""

    wall: datetime
    zone: tzinfo | None = None
    whole_day: bool = False

    def at(self, zone: tzinfo) -> datetime:
        """Return its instant; `zone` is that of what floats."""
        return instant_of(self.wall, self.zone or zone)

    def day(self, zone: tzinfo) -> date:
        """Return the day that is meant, in `zone`.

        Midnight by another zone is how many programs write a date.
        """
        if self.zone is None or self.wall.time() == time():
            return self.wall.date()
        return self.at(zone).astimezone(zone).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """How long an event is: first by the clock on the wall, then in elapsed time."""

    wall: timedelta = timedelta()
    elapsed: timedelta = timedelta()

    def end(self, start: datetime, zone: tzinfo) -> datetime:
        """Return the instant at which an event that starts at a wall time ends."""
        try:
            if self.wall:
                base = instant_of(start + self.wall, zone, last=True)
            else:
                base = instant_of(start, zone)
            return min(base + self.elapsed, LAST)
        except OverflowError:
            return LAST

    @property
    def about(self) -> timedelta:
        """How long it is at most, whatever the clocks do."""
        return abs(self.wall) + abs(self.elapsed) + DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """A further start of a series, by RDATE; its own length if it has one."""

    start: Moment
    length: Length | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveEvent:
    """An event of a calendar. `zone` is that of its start; `away` when it counts.

    `stands_for` is the RECURRENCE-ID of one that changes a single time of a series, or
    with `and_later` all of them from there on.
    """

    number: int
    uid: str
    sequence: int
    start: Moment
    zone: tzinfo
    length: Length
    rules: tuple[str, ...] = ()
    extra: tuple[Extra, ...] = ()
    excluded: tuple[Moment, ...] = ()
    stands_for: Moment | None = None
    and_later: bool = False
    away: bool = True


def instant_of(wall: datetime, zone: tzinfo, *, last: bool = False) -> datetime:
    """Return the instant of a naive wall time; never later than LAST."""
    if wall.year >= LAST.year:
        return LAST
    return instant(wall, zone, last=last)


def leave_event(raw: RawEvent, home: tzinfo) -> LeaveEvent:
    """Decode an event; whole days and times without a zone are those of `home`.

    Raises ValueError, also for what icalendar cannot read.
    """
    lines = raw.lines()
    if not raw.whole:
        msg = "it has no end"
        raise ValueError(msg)
    if "DTSTART" not in lines:
        msg = "it has no start"
        raise ValueError(msg)
    start = _moment(lines["DTSTART"][0], raw.zones)
    zone = home if start.whole_day else start.zone or raw.zones.default or home
    changed = lines.get("RECURRENCE-ID", ())
    return LeaveEvent(
        number=raw.number,
        uid=_text(lines, "UID").replace("\0", ""),
        sequence=_number(_text(lines, "SEQUENCE")),
        start=start,
        zone=zone,
        length=_length(lines, start, zone, raw.zones),
        rules=tuple(line.value for line in lines.get("RRULE", ()) if line.value),
        extra=tuple(_extras(lines.get("RDATE", ()), zone, raw.zones)),
        excluded=tuple(
            extra.start for extra in _extras(lines.get("EXDATE", ()), zone, raw.zones)
        ),
        stands_for=_moment(changed[0], raw.zones) if changed else None,
        and_later=any(map(_is_for_all_later, changed)),
        away=_text(lines, "TRANSP").upper() != "TRANSPARENT"
        and _text(lines, "STATUS").upper() != "CANCELLED",
    )


def moment(text: str) -> Moment:
    """Decode a date, a time in UTC or one that floats. ValueError for anything else."""
    value = _decoded(text)
    if isinstance(value, datetime):
        zone = None if value.tzinfo is None else UTC
        return Moment(wall=value.replace(tzinfo=None), zone=zone)
    if isinstance(value, date):
        return Moment(wall=datetime.combine(value, time()), whole_day=True)
    msg = "a date is none"
    raise ValueError(msg)


def _moment(line: Line, zones: FileZones) -> Moment:
    found = moment(line.value)
    if line.params.get("VALUE", "").upper() == "DATE":
        return Moment(wall=datetime.combine(found.wall, time()), whole_day=True)
    if found.whole_day:
        return found
    if found.zone is None:
        named = line.params.get("TZID")
        return replace(found, zone=zones.named(named) if named else None)
    if zones.default is None:
        return found
    # A series in UTC is one of the calendar's zone, where it says which it has.
    wall = found.at(UTC).astimezone(zones.default).replace(tzinfo=None)
    return Moment(wall=wall, zone=zones.default)


def _length(
    lines: dict[str, list[Line]], start: Moment, zone: tzinfo, zones: FileZones
) -> Length:
    if "DTEND" in lines:
        end = _moment(lines["DTEND"][0], zones)
        if start.whole_day:
            return _days(end.wall - start.wall)
        return _until(start, end, zone)
    if "DURATION" in lines:
        return _duration(lines["DURATION"][0].value, start)
    return Length(wall=DAY) if start.whole_day else Length()


def _days(span: timedelta) -> Length:
    """Return whole days: one that ends when it begins, or within the day, is that day."""
    return Length(wall=max(-(-span // DAY), 1) * DAY)


def _until(start: Moment, end: Moment, zone: tzinfo) -> Length:
    if end.whole_day:
        # The day of the end is over at its beginning, unless nothing would be left.
        wall = end.wall - start.wall
        return Length(wall=wall if wall > timedelta() else wall + DAY)
    if end.zone in (None, start.zone):
        return Length(wall=end.wall - start.wall)
    return Length(elapsed=end.at(zone) - start.at(zone))


def _duration(text: str, start: Moment) -> Length:
    """Days and weeks are counted by the calendar, hours by what passes (RFC 5545)."""
    span = _decoded(text.strip())
    if not isinstance(span, timedelta):
        msg = "a duration is none"
        raise ValueError(msg)  # noqa: TRY004 (it is the text that is wrong)
    if start.whole_day:
        return _days(span)
    dates = text.upper().partition("T")[0]
    by_calendar = _decoded(dates) if dates.strip("+-") != "P" else timedelta()
    return Length(wall=by_calendar, elapsed=span - by_calendar)


def _extras(lines: Iterable[Line], zone: tzinfo, zones: FileZones) -> Iterator[Extra]:
    """Yield what RDATE or EXDATE lines hold: dates, times, and periods."""
    count = 0
    for line in lines:
        for text in filter(None, map(str.strip, line.value.split(","))):
            count += 1
            if count > MOST_DATES:
                msg = f"it has more than {MOST_DATES} dates"
                raise ValueError(msg)
            first, _, last = text.partition("/")
            start = _moment(Line(first, line.params), zones)
            yield Extra(start=start, length=_period(start, last, line, zone, zones))


def _period(
    start: Moment, last: str, line: Line, zone: tzinfo, zones: FileZones
) -> Length | None:
    if not last:
        return None
    if last.upper().startswith(("P", "+P")):
        return _duration(last, start)
    return _until(start, _moment(Line(last, line.params), zones), zone)


def _decoded(text: str) -> Any:  # noqa: ANN401 (a date, a time, a span or a period)
    return vDDDTypes.from_ical(text.strip())  # type: ignore[no-untyped-call]


def _is_for_all_later(line: Line) -> bool:
    return line.params.get("RANGE", "").upper() == "THISANDFUTURE"


def _text(lines: dict[str, list[Line]], name: str) -> str:
    found = lines.get(name)
    return found[0].value.strip() if found else ""


def _number(text: str) -> int:
    return int(text) if _SEQUENCE.fullmatch(text) else 0
