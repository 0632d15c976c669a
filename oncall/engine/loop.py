"""A loop: tick until there is nothing due, sleep until there is."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Protocol

import structlog

from oncall import metrics
from oncall.clock import Clock, SystemClock
from oncall.engine.alarm import Alarm
from oncall.errors import StoreUnavailable
from oncall.store.due import AT_ONCE

log = structlog.get_logger()

SWEEP = timedelta(seconds=10)
"""However the clock is set and whatever wake-up was lost, a loop looks this often."""
STORE_AWAY = timedelta(seconds=1)
NO_TIME = timedelta(0)


class Did(IntEnum):
    """What a tick did: nothing, all there was, or some, so that there may be more."""

    NOTHING = 0
    ALL = 1
    SOME = 2

    @classmethod
    def of(cls, many: int, room: int) -> "Did":
        """Return it for so many done where there was room for so many."""
        if many == 0:
            return cls.NOTHING
        return cls.ALL if many < room else cls.SOME


class Worker(Protocol):
    """Something that has work at certain times.

    One that has a `sees_to` hears at once of what falls due; others sweep.
    """

    @property
    def name(self) -> str:
        """What it is called in logs."""
        ...

    async def tick(self, now: datetime) -> Did:
        """Do what is due."""
        ...

    async def next_due(self) -> datetime | None:
        """Return when there will be work, as far as is known."""
        ...


class Loop:
    """Runs one worker, and has its alarm. Others only poke it.

    Wake-ups that come while it rests are answered together, by one look.
    """

    def __init__(
        self, worker: Worker, clock: Clock, alarm: Alarm, *, rest: timedelta = NO_TIME
    ) -> None:
        self.worker = worker
        self._rest = rest
        self._clock = clock
        self._alarm = alarm
        self._wake = asyncio.Event()
        self._stopping = False
        self._armed: datetime | None = None

    def poke(self, at: datetime = AT_ONCE) -> None:
        """Have it look then. Call it on the loop's own thread."""
        if at <= self._clock.now():
            self._wake.set()
        else:
            self._set_alarm(at)

    def _ring(self) -> None:
        self._wake.set()

    def stop(self) -> None:
        """Let it end after the tick that is under way."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Work until stopped. A database that is away is waited for."""
        while not self._stopping:
            self._wake.clear()
            self._armed = None
            try:
                await self.settle()
                due = await self.worker.next_due()
                if due is not None:
                    self._set_alarm(due)
            except StoreUnavailable as error:
                log.warning(
                    "the database is away; trying again",
                    action=self.worker.name,
                    detail=error.detail,
                )
                metrics.TROUBLE.labels("store_away").inc()
                self._alarm.ring_in(self.worker.name, STORE_AWAY, self._ring)
            if self._rest:
                await SystemClock().sleep(self._rest)
            # Waited for on the monotonic clock: setting the wall clock cannot stop it.
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), SWEEP.total_seconds())

    async def settle(self) -> None:
        """Tick until nothing more is due."""
        while not self._stopping:
            if await self.worker.tick(self._clock.now()) is not Did.SOME:
                break

    def _set_alarm(self, due: datetime) -> None:
        """Ring then, unless it rings before: an alarm that waits is never put off."""
        if self._armed is None or due < self._armed:
            self._armed = due
            span = max(NO_TIME, due - self._clock.now())
            self._alarm.ring_in(self.worker.name, span, self._ring)
