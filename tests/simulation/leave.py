"""People's calendars of leave in the simulation: fetched, changed, and sometimes away."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from oncall.config.values import AbsenceCalendar
from oncall.errors import Refused

EMPTY = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//simulation//EN\r\nEND:VCALENDAR\r\n"
)


class Leave:
    """Everybody's calendars. Each has at most one event, around the present."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._bodies: dict[str, bytes] = {}
        self._away = False
        self._events = 0

    async def fetch(self, calendar: AbsenceCalendar) -> bytes:
        """Return a calendar's bytes. Raises Refused."""
        if self._away:
            msg = "its place answers 503"
            raise Refused(msg)
        return self._bodies.get(calendar.person, EMPTY)

    def change(self, person: str, now: datetime) -> str:
        """Let a person plan leave or come back, or the calendars be away, or again not."""
        choice = self._random.random()
        if choice < 0.2:
            self._away = not self._away
            return f"calendars away: {self._away}"
        if choice < 0.4:
            self._bodies.pop(person, None)
            return f"{person} plans no leave"
        start = now + timedelta(hours=self._random.randint(-2, 12))
        end = start + timedelta(hours=self._random.randint(1, 24))
        self._bodies[person] = self._planned(start, end)
        return f"{person} is away from {start:%a %H:%M} to {end:%a %H:%M}"

    def _planned(self, start: datetime, end: datetime) -> bytes:
        self._events += 1
        event = (
            f"BEGIN:VEVENT\r\nUID:leave-{self._events}\r\n"
            f"DTSTAMP:{start:%Y%m%dT%H%M%SZ}\r\n"
            f"DTSTART:{start:%Y%m%dT%H%M%SZ}\r\nDTEND:{end:%Y%m%dT%H%M%SZ}\r\n"
            "SUMMARY:away\r\nEND:VEVENT\r\n"
        )
        return EMPTY.replace(b"END:VCALENDAR", event.encode() + b"END:VCALENDAR")
