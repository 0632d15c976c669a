"""A feed's bytes (RFC 5545, RFC 7986): the same calendar gives the same bytes.

Shifts are written as UTC instants, one event each: no recurrence rules and no zone
definitions, since clients disagree about both. Escaping and folding are icalendar's;
its component tree, four times slower than its content lines, is left aside.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from icalendar import vText
from icalendar.parser import Contentline

from oncall.feeds.calendar import FeedCalendar, FeedSlot
from oncall.feeds.words import description, summary, visible

_LONGEST_UNFOLDED = 74
"""Octets; icalendar folds what is longer."""


def to_ical(calendar: FeedCalendar) -> bytes:
    """Return the lines, escaped, folded and each ended by CRLF."""
    lines = [_folded(line) for line in _lines(calendar)]
    return b"\r\n".join([*lines, b""])


def _lines(calendar: FeedCalendar) -> Iterator[str]:
    yield from _header(calendar)
    for slot in sorted(calendar.slots, key=lambda slot: (slot.start, slot.uid)):
        yield from _event(calendar, slot)
    yield "END:VCALENDAR"


def _header(calendar: FeedCalendar) -> Iterator[str]:
    name = _text(visible(calendar.name))
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:-//customer-oncall//feeds//{calendar.language.upper()}"
    yield "CALSCALE:GREGORIAN"
    yield "METHOD:PUBLISH"
    yield f"NAME:{name}"
    yield f"X-WR-CALNAME:{name}"
    yield f"URL:{_uri(calendar.url)}"
    if calendar.color:
        yield f"COLOR:{_text(calendar.color)}"
    yield "REFRESH-INTERVAL;VALUE=DURATION:PT1H"
    yield "X-PUBLISHED-TTL:PT1H"


def _event(calendar: FeedCalendar, slot: FeedSlot) -> Iterator[str]:
    busy = calendar.busy and not slot.cancelled
    revised = _instant(slot.revised_at)
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(slot.uid)}"
    yield f"DTSTAMP:{revised}"
    yield f"LAST-MODIFIED:{revised}"
    yield f"SEQUENCE:{slot.sequence}"
    yield f"DTSTART:{_instant(slot.start)}"
    yield f"DTEND:{_instant(slot.end)}"
    yield f"SUMMARY:{_text(summary(calendar.language, slot))}"
    if about := description(calendar.language, slot):
        yield f"DESCRIPTION:{_text(about)}"
    yield f"STATUS:{'CANCELLED' if slot.cancelled else 'CONFIRMED'}"
    yield f"TRANSP:{'OPAQUE' if busy else 'TRANSPARENT'}"
    yield f"X-MICROSOFT-CDO-BUSYSTATUS:{'BUSY' if busy else 'FREE'}"
    yield "END:VEVENT"


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _uri(url: str) -> str:
    """Addresses are not escaped in a calendar, so nothing may end their line."""
    return "".join(url.split())


def _text(text: str) -> str:
    return vText(text).to_ical().decode()


def _folded(line: str) -> bytes:
    octets = line.encode()
    if len(octets) <= _LONGEST_UNFOLDED:
        return octets
    return bytes(Contentline(line).to_ical())  # type: ignore[no-untyped-call]
