"""All loops together: started, watched and stopped as one."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from oncall.clock import Clock
from oncall.engine.alarm import Alarm
from oncall.engine.dispatcher import Dispatcher
from oncall.engine.loop import NO_TIME, Did, Loop, Worker
from oncall.engine.watchdog import Watchdog
from oncall.store import Database
from oncall.store.due import AT_ONCE, Due, Dues

log = structlog.get_logger()


REST = timedelta(milliseconds=50)
"""A storm of reports is looked at together by all but the one that sends pages."""
EVERYTHING: Dues = dict.fromkeys(Due, AT_ONCE)


class SideTask(Protocol):
    """Something else that runs as long as the service does."""

    @property
    def name(self) -> str:
        """What it is called in logs."""
        ...

    async def run(self) -> None:
        """Work until cancelled; to return is to die."""
        ...


class Engine:
    """The service's own activity. One part that dies ends `run` with its error."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        dispatcher: Dispatcher,
        workers: Sequence[Worker],
        side_tasks: Sequence[SideTask] = (),
    ) -> None:
        self._database = database
        self._clock = clock
        self._workers = (*workers, dispatcher)
        self._dispatcher = dispatcher
        self.side_tasks = side_tasks
        self._alarm = Alarm()
        self.loops = [
            Loop(worker, clock, self._alarm, rest=_rest(worker))
            for worker in self._workers
        ]

    async def run(self) -> None:
        """Run until `stop`, or until a part dies: then stop loudly, all of it."""
        home = asyncio.get_running_loop()

        def wake(dues: Dues) -> None:
            home.call_soon_threadsafe(self.poke, dues)

        self._database.on_due = wake
        self._alarm.start()
        loops = [
            asyncio.create_task(loop.run(), name=loop.worker.name)
            for loop in self.loops
        ]
        sides = [
            asyncio.create_task(side.run(), name=side.name) for side in self.side_tasks
        ]
        try:
            await self._watch(loops, sides)
        finally:
            await self._wind_down(loops, sides)

    async def _watch(
        self, loops: list[asyncio.Task[None]], sides: list[asyncio.Task[None]]
    ) -> None:
        ended, _ = await asyncio.wait(
            [*loops, *sides], return_when=asyncio.FIRST_COMPLETED
        )
        for task in ended:
            if task in sides or task.exception() is not None:
                error = task.exception() or RuntimeError(f"{task.get_name()} ended")
                log.error(
                    "a part of the service died; stopping",
                    action="stop",
                    part=task.get_name(),
                    exc_info=error,
                )
                raise error

    async def _wind_down(
        self, loops: list[asyncio.Task[None]], sides: list[asyncio.Task[None]]
    ) -> None:
        self.stop()
        for side in sides:
            side.cancel()
        await asyncio.gather(*loops, *sides, return_exceptions=True)
        await self._dispatcher.stop()
        self._alarm.stop()
        self._database.on_due = lambda _: None

    def poke(self, dues: Dues = EVERYTHING) -> None:
        """Have the loops look when it is due that people wait for."""
        for loop in self.loops:
            at = dues.get(getattr(loop.worker, "sees_to", Due.CHANGED))
            if at is not None:
                loop.poke(at)

    def stop(self) -> None:
        """Take no more work; `run` returns when what is under way has ended."""
        for loop in self.loops:
            loop.stop()

    async def next_due(self) -> datetime | None:
        """Return when there is something to do next; heartbeats do not count."""
        dues = [
            await worker.next_due()
            for worker in self._workers
            if not isinstance(worker, Watchdog)
        ]
        return min((due for due in dues if due is not None), default=None)

    async def settle(self) -> None:
        """Do all that is due now, to the end: for turned clocks, instead of `run`."""
        busy = True
        while busy:
            busy = False
            for worker in self._workers:
                busy = await worker.tick(self._clock.now()) is not Did.NOTHING or busy
            await self._dispatcher.idle()


def _rest(worker: Worker) -> timedelta:
    return NO_TIME if isinstance(worker, Dispatcher) else REST
