"""One node of the service in the simulation, on an event loop of its own.

A loop that is not run is a node that is paused: what it had begun stands still between
two lines of code, and goes on later as if nothing had happened.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar, cast

from typing_extensions import override

from oncall.actions.house import House
from oncall.actions.inbox import Inbox
from oncall.actions.sources import Sources
from oncall.clock import Clock
from oncall.config.values import Config
from oncall.engine.alarms import Alarms
from oncall.engine.announcer import Announcer
from oncall.engine.dispatcher import Dispatcher
from oncall.engine.escalator import Escalator
from oncall.engine.importer import Importer, Source
from oncall.engine.incidents import Incidents
from oncall.engine.janitor import Janitor
from oncall.engine.loop import Did, Worker
from oncall.engine.reader import Reader
from oncall.engine.watchdog import Watchdog
from oncall.errors import StoreUnavailable
from oncall.model import Via
from oncall.store import Database
from simulation.providers import SimulatedChannel
from support.parsing import ParsedHere

T = TypeVar("T")
A_FEW = 4
"""Turns of a loop in which whatever was answered comes to its end."""


class _AtOnce(ThreadPoolExecutor):
    """Does in this thread what the service gives to another."""

    @override
    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        done = Future[T]()
        done.set_result(fn(*args, **kwargs))
        return done


class Node:
    """The engine's parts over a database that other nodes share."""

    def __init__(
        self,
        name: str,
        config: Config,
        database: Database,
        channels: Mapping[Via, SimulatedChannel],
        clock: Clock,
        *,
        sources: Sources,
        calendars: Source,
    ) -> None:
        self.name = name
        self.paused = False
        self.house = House(config, channels)
        self.inbox = Inbox(
            database=database,
            house=self.house,
            clock=clock,
            chats={Via.TELEGRAM: channels[Via.TELEGRAM]},
        )
        alarms = Alarms(alarm_url="", heartbeat_url="")
        self.dispatcher = Dispatcher(database, self.house, channels, clock, alarms)
        self.watchdog = Watchdog(
            database, self.house, node=name, release="simulated", alarms=alarms
        )
        self.workers: tuple[Worker, ...] = (
            Escalator(database, self.house, alarms),
            Reader(database, self.house, sources, ParsedHere()),
            Janitor(database),
            Announcer(database, self.house),
            Importer(database, self.house, calendars),
            self.watchdog,
            self.dispatcher,
        )
        self.incidents = Incidents(database, self.house)
        self._clock = clock
        self._loop = asyncio.new_event_loop()
        self._loop.set_default_executor(_AtOnce())

    def do(self, what: Coroutine[Any, Any, T]) -> T:
        """Run something on this node that waits for nobody, to its end."""
        try:
            what.send(None)
        except StopIteration as end:
            return cast("T", end.value)
        what.close()
        msg = "it waits for somebody"
        raise RuntimeError(msg)

    def tick(self, worker: Worker) -> bool:
        """Let one of its parts do what is due; what that begins has not begun yet.

        Raises StoreUnavailable, for a Loop to wait.
        """
        if isinstance(
            worker, Importer
        ):  # it waits for calendars, so it runs to its end
            ticking = worker.tick(self._clock.now())
            return self._loop.run_until_complete(ticking) is not Did.NOTHING
        ticked: list[Future[Did]] = []
        self._loop.call_soon(lambda: ticked.append(self._driven(worker)))
        self._go_round(1)
        return ticked[0].result() is not Did.NOTHING

    def _driven(self, worker: Worker) -> Future[Did]:
        """Run a tick by hand: the loop would run what it begins before it stops."""
        outcome = Future[Did]()
        ticking = worker.tick(self._clock.now())
        try:
            ticking.send(None)
            ticking.close()  # it only waits for something under way to end
            outcome.set_result(Did.NOTHING)
        except StopIteration as end:
            outcome.set_result(end.value)
        except StoreUnavailable as error:
            outcome.set_exception(error)
        return outcome

    def _go_round(self, times: int) -> None:
        """Run the loop for so many of its turns."""
        self._stop_after(times)
        self._loop.run_forever()

    def _stop_after(self, times: int) -> None:
        if times == 1:
            self._loop.call_soon(self._loop.stop)
        else:
            self._loop.call_soon(self._stop_after, times - 1)

    def breathe(self) -> None:
        """Let what is under way go on as far as it can."""
        self._go_round(A_FEW)

    def die(self) -> None:
        """Drop everything where it stands."""
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self.breathe()
        self._loop.close()
