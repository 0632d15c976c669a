"""A loop: tick until there is nothing due, sleep until there is."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from oncall import metrics
from oncall.clock import Clock, SystemClock
from oncall.engine.alarm import Alarm
from oncall.errors import StoreUnavailable

log = structlog.get_logger()

SWEEP = timedelta(seconds=10)
"""However the clock is set and whatever wake-up was lost, a loop looks this often."""
STORE_AWAY = timedelta(seconds=1)
AT_ONCE = timedelta(0)


class Worker(Protocol):
    """Something that has work at certain times."""

    @property
    def name(self) -> str:
        """What it is called in logs."""
        ...

    async def tick(self, now: datetime) -> bool:
        """Do what is due; True when there was something."""
        ...

    async def next_due(self) -> datetime | None:
        """Return when there will be work, as far as is known."""
        ...


class Loop:
    """Runs one worker. It alone sets the worker's alarm; others only poke it.

    Wake-ups that come while it rests are answered together, by one look.
    """

    def __init__(
        self, worker: Worker, clock: Clock, alarm: Alarm, *, rest: timedelta = AT_ONCE
    ) -> None:
        self.worker = worker
        self._rest = rest
        self._clock = clock
        self._alarm = alarm
        self._wake = asyncio.Event()
        self._stopping = False

    def poke(self) -> None:
        """Have it look now. Call it on the loop's own thread."""
        self._wake.set()

    def stop(self) -> None:
        """Let it end after the tick that is under way."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Work until stopped. A database that is away is waited for."""
        while not self._stopping:
            self._wake.clear()
            try:
                await self.settle()
                await self._set_alarm()
            except StoreUnavailable as error:
                log.warning(
                    "the database is away; trying again",
                    action=self.worker.name,
                    detail=error.detail,
                )
                metrics.TROUBLE.labels("store_away").inc()
                self._alarm.ring_in(self.worker.name, STORE_AWAY, self.poke)
            if self._rest:
                await SystemClock().sleep(self._rest)
            # Waited for on the monotonic clock: setting the wall clock cannot stop it.
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), SWEEP.total_seconds())

    async def settle(self) -> None:
        """Tick until nothing more is due."""
        while not self._stopping and await self.worker.tick(self._clock.now()):
            pass

    async def _set_alarm(self) -> None:
        due = await self.worker.next_due()
        if due is not None:
            span = max(timedelta(0), due - self._clock.now())
            self._alarm.ring_in(self.worker.name, span, self.poke)
