"""Calendars of absences, and events in them, that are not read: who hears of it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from oncall.actions import outbox
from oncall.actions.house import View
from oncall.actions.words import RICH
from oncall.config.values import Config
from oncall.errors import Problem
from oncall.model import Kind, Via
from oncall.store import Tx, absence_calendars
from oncall.store.absence_calendars import Reading, UnreadEvent
from oncall.wording import leave_unread

HINT = "whether people are away is not known from then on: see to its address"
EVENT_HINT = "mend that event, or note the leave by `oncall absence new`"


def unread(tx: Tx, config: Config, now: datetime) -> list[Problem]:
    """Return a warning for each calendar that failed last, or is a day old.

    And for each event of a calendar that could not be read.
    """
    places = {
        calendar.person: index
        for index, calendar in enumerate(config.absence_calendars)
    }
    found: list[Problem] = []
    for reading in absence_calendars.readings(tx):
        if reading.person not in places:
            continue
        at = ("absence_calendars", places[reading.person])
        if reading.failed or reading.is_stale(now):
            told, hint = _told(reading, config.service.zone), HINT
            found.append(config.warning(at, told, hint))
        found += [
            config.warning(at, _named(reading.person, event), EVENT_HINT)
            for event in reading.unread
        ]
    return found


def tell_unread(
    tx: Tx,
    view: View,
    person: str,
    first: UnreadEvent,
    count: int,
    now: datetime,
) -> None:
    """Tell somebody that so many events of their calendar are no leave to us."""
    reader = view.person(person)

    def text(via: Via) -> str:
        return leave_unread(
            reader.language,
            line=first.line,
            words=first.words,
            count=count,
            rich=via in RICH,
        )

    outbox.tell(
        tx,
        view,
        person,
        now,
        kind=Kind.NOTICE,
        issue=None,
        reason="leave_unread",
        texts=text,
    )


def _named(person: str, event: UnreadEvent) -> str:
    words = f' ("{event.words}")' if event.words else ""
    return f"{person}'s calendar, line {event.line}{words}: {event.why}"


def _told(reading: Reading, zone: ZoneInfo) -> str:
    why = f": {reading.failed}" if reading.failed else ""
    if reading.read_at is None:
        return f"{reading.person}'s calendar was never read{why}"
    at = reading.read_at.astimezone(zone)
    return f"{reading.person}'s calendar was last read {at:%Y-%m-%d %H:%M}{why}"
