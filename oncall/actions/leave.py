"""Calendars of absences that are not read: what people should know of it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from oncall.config.values import Config
from oncall.errors import Problem
from oncall.store import Tx, absence_calendars
from oncall.store.absence_calendars import Reading


def unread(tx: Tx, config: Config, now: datetime) -> list[Problem]:
    """Return a warning for each calendar that failed last, or is a day old."""
    places = {
        calendar.person: index
        for index, calendar in enumerate(config.absence_calendars)
    }
    return [
        config.warning(
            ("absence_calendars", places[reading.person]),
            _told(reading, config.service.zone),
            "whether people are away is not known from then on: see to its address",
        )
        for reading in absence_calendars.readings(tx)
        if reading.person in places and (reading.failed or reading.is_stale(now))
    ]


def _told(reading: Reading, zone: ZoneInfo) -> str:
    why = f": {reading.failed}" if reading.failed else ""
    if reading.read_at is None:
        return f"{reading.person}'s calendar was never read{why}"
    at = reading.read_at.astimezone(zone)
    return f"{reading.person}'s calendar was last read {at:%Y-%m-%d %H:%M}{why}"
