"""One node of the service in the simulation, on an event loop of its own.

A loop that is not run is a node that is paused: what it had begun stands still between
two lines of code, and goes on later as if nothing had happened.
"""

import asyncio
from collections.abc import Coroutine, Mapping
from concurrent.futures import Future
from typing import Any, TypeVar

from oncall.actions.house import House
from oncall.actions.inbox import Inbox
from oncall.clock import Clock
from oncall.config.values import Config
from oncall.engine.alarms import Alarms
from oncall.engine.dispatcher import Dispatcher
from oncall.engine.escalator import Escalator
from oncall.engine.janitor import Janitor
from oncall.engine.loop import Worker
from oncall.errors import StoreUnavailable
from oncall.model import Via
from oncall.store import Database
from simulation.providers import SimulatedChannel

T = TypeVar("T")
A_FEW = 4
"""Turns of a loop in which whatever was answered comes to its end."""


class Node:
    """The engine's parts over a database that other nodes share."""

    def __init__(
        self,
        name: str,
        config: Config,
        database: Database,
        channels: Mapping[Via, SimulatedChannel],
        clock: Clock,
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
        self.workers: tuple[Worker, ...] = (
            Escalator(database, self.house),
            Janitor(database),
            self.dispatcher,
        )
        self._clock = clock
        self._loop = asyncio.new_event_loop()

    def do(self, what: Coroutine[Any, Any, T]) -> T:
        """Run something on this node to its end."""
        return self._loop.run_until_complete(what)

    def tick(self, worker: Worker) -> bool:
        """Let one of its parts do what is due; what that begins has not begun yet.

        Raises StoreUnavailable, for a Loop to wait.
        """
        ticked: list[Future[bool]] = []
        self._loop.call_soon(lambda: ticked.append(self._driven(worker)))
        self._turn_once()
        return ticked[0].result()

    def _driven(self, worker: Worker) -> Future[bool]:
        """Run a tick by hand: the loop would run what it begins before it stops."""
        outcome = Future[bool]()
        try:
            worker.tick(self._clock.now()).send(None)
        except StopIteration as end:
            outcome.set_result(end.value)
        except StoreUnavailable as error:
            outcome.set_exception(error)
        return outcome

    def _turn_once(self) -> None:
        self._loop.call_soon(self._loop.stop)
        self._loop.run_forever()

    def breathe(self) -> None:
        """Let what is under way go on as far as it can."""
        for _ in range(A_FEW):
            self._turn_once()

    def die(self) -> None:
        """Drop everything where it stands."""
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self.breathe()
        self._loop.close()
