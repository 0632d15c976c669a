"""People's leave is read from their calendars, and stays known when they are away."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from oncall import metrics
from oncall.actions.house import House
from oncall.actions.leave import tell_unread
from oncall.config.values import AbsenceCalendar, Config
from oncall.engine.calendar_source import CalendarSource, place
from oncall.engine.loop import Did
from oncall.errors import Refused
from oncall.feeds.absences import Unread, absences_in, prefix
from oncall.store import Database, Tx, absence_calendars
from oncall.store.absence_calendars import UnreadEvent
from rotations.exception import Absence

log = structlog.get_logger()

EVERY = timedelta(minutes=15)
AHEAD = timedelta(days=180)
MOST_NAMED = 20
"""Events that could not be read; whoever mends these sees the next."""


class Source(Protocol):
    """Where calendars are fetched."""

    async def fetch(self, calendar: AbsenceCalendar) -> bytes:
        """Return a calendar's bytes. Raises Refused, without its address."""
        ...


class Importer:
    """Reads each configured calendar every 15 minutes, on one of the nodes."""

    name = "importer"

    def __init__(
        self, database: Database, house: House, source: Source | None = None
    ) -> None:
        self._database = database
        self._house = house
        self._source = source or CalendarSource()
        self._seen: Config | None = None
        self._next: datetime | None = None

    async def tick(self, now: datetime) -> Did:
        """Read what is due; nothing is left to do after one tick."""
        config = self._house.config
        if self._next is not None:  # a clock that was set back must not put it off
            self._next = min(self._next, now + EVERY)
        if config is self._seen and (self._next is None or now < self._next):
            return Did.NOTHING
        await self._database.write(lambda tx: _forget_others(tx, config, now))
        for calendar in config.absence_calendars:
            await self._read_if_due(calendar, config, now)
        self._seen = config
        self._next = now + EVERY if config.absence_calendars else None
        return Did.NOTHING

    async def next_due(self) -> datetime | None:
        """Return when calendars are read again."""
        return self._next

    async def _read_if_due(
        self, calendar: AbsenceCalendar, config: Config, now: datetime
    ) -> None:
        person, where = calendar.person, place(calendar)
        ours = await self._database.write(
            lambda tx: absence_calendars.claim(tx, person, where, now, EVERY)
        )
        if not ours:
            return
        try:
            body = await self._source.fetch(calendar)
            unread: list[Unread] = []
            found = await asyncio.to_thread(
                _parsed, body, person, config, now, unread.append
            )
        except Refused as error:
            await self._failed(person, error.detail)
            return
        if unread:
            _log_unread(person, unread)
        await self._database.write(
            lambda tx: self._take_in(tx, person, found, unread, now)
        )

    def _take_in(
        self,
        tx: Tx,
        person: str,
        found: Sequence[Absence],
        unread: Sequence[Unread],
        now: datetime,
    ) -> None:
        """Keep what was found, and tell the person what could not be read."""
        uids = {event.uid for event in unread}
        absence_calendars.take_in(tx, person, prefix(person), found, now, unread=uids)
        events = [UnreadEvent(e.line, e.words, e.why) for e in unread[:MOST_NAMED]]
        if absence_calendars.note_unread(tx, person, events) and events:
            view = self._house.view(tx, now)
            tell_unread(tx, view, person, events[0], len(unread), now)

    async def _failed(self, person: str, why: str) -> None:
        metrics.TROUBLE.labels("absence_calendar").inc()
        log.warning(
            "a calendar of absences could not be read; the last good copy is kept",
            action="import",
            person=person,
            detail=why,
        )
        await self._database.write(
            lambda tx: absence_calendars.note_failed(tx, person, why)
        )


def _parsed(
    body: bytes,
    person: str,
    config: Config,
    now: datetime,
    unread: Callable[[Unread], None],
) -> tuple[Absence, ...]:
    return absences_in(
        body,
        person=person,
        zone=config.people[person].zone,
        start=now,
        end=now + AHEAD,
        unread=unread,
    )


def _log_unread(person: str, unread: Sequence[Unread]) -> None:
    """Log where they stand, and not what they are called: that is the person's own."""
    metrics.TROUBLE.labels("absence_calendar").inc()
    log.warning(
        "events of a calendar of absences could not be read; the others count",
        action="import",
        person=person,
        lines=[event.line for event in unread[:MOST_NAMED]],
        count=len(unread),
        detail=unread[0].why,
    )


def _forget_others(tx: Tx, config: Config, now: datetime) -> None:
    """Let go of calendars that the configuration does not name any more."""
    named = {calendar.person for calendar in config.absence_calendars}
    others = [name for name in absence_calendars.people(tx) if name not in named]
    for person in others:
        absence_calendars.take_in(tx, person, prefix(person), (), now)
    if others:
        absence_calendars.forget(tx, others)
