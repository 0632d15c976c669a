"""A unit of work waiting for its turn, and those who wait for what comes of it."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

from oncall.store.tx import Tx

T = TypeVar("T")
Work = Callable[[Tx], T]


class Job:
    """A unit, and where its outcome goes.

    Who waits is a task of `home`, or a thread where there is no such loop. Nobody can
    call it off: one that no longer waits is not told.
    """

    def __init__(
        self,
        work: Work[Any],
        *,
        urgent: bool = False,
        home: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self.work = work
        self.urgent = urgent
        self.home = home
        self.outcome: asyncio.Future[Any] | Future[Any] = (
            Future() if home is None else home.create_future()
        )
        self.result: Any = None
        self.error: BaseException | None = None

    def settle(self) -> None:
        """Tell whoever waits, on the loop where they do."""
        if self.outcome.done():
            return  # who waited has given up
        if self.error is not None:
            self.outcome.set_exception(self.error)
        else:
            self.outcome.set_result(self.result)


def settle(jobs: Sequence[Job]) -> None:
    """Tell all who wait for these: one loop's tasks together, by waking it once."""
    homes: dict[asyncio.AbstractEventLoop, list[Job]] = {}
    for job in jobs:
        if job.home is None:
            job.settle()
        else:
            homes.setdefault(job.home, []).append(job)
    for home, theirs in homes.items():
        with suppress(RuntimeError):  # a loop that was closed meanwhile: nobody waits
            home.call_soon_threadsafe(_settle_all, theirs)


def _settle_all(jobs: Sequence[Job]) -> None:
    for job in jobs:
        job.settle()
