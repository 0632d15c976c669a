"""Absences out of somebody's calendar: the other way round, from iCalendar to us."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from rotations.exception import Absence
from rotations.shift import Interval

IMPORTED = "ical:"
"""What the ids of absences out of calendars begin with."""
MOST = 1000
"""Absences; a calendar with more is not one of leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """An event that could not be read: where it begins, its first words, and why.

    The words are its owner's: they are for its owner and for `check`, not for logs.
    """

    line: int
    uid: str
    words: str
    why: str


def _ignore(_: Unread) -> None:
    """Let go of what could not be read."""


def absences_in(
    body: bytes,
    *,
    person: str,
    zone: tzinfo,
    start: datetime,
    end: datetime,
    unread: Callable[[Unread], None] = _ignore,
) -> tuple[Absence, ...]:
    """Return the absences in a calendar that touch `[start, end)`, by id.

    Whole days and times without a zone are those of `zone`. Events that are cancelled
    or shown as free are none. One that cannot be read is given to `unread`, and the
    others count. Raises Refused for no calendar, without a word of the calendar's.
    """
    # Its libraries are slow to import and seldom used. And what imports while an
    # event's work is counted would be taken for the event's.
    from oncall.feeds.leave import read_leave  # noqa: PLC0415

    return read_leave(body, person, zone, Interval(start=start, end=end), unread)


def prefix(person: str) -> str:
    """Return what the ids of a person's imported absences begin with."""
    return f"{IMPORTED}{person}:"
