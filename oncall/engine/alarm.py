"""APScheduler as the alarm clock: it wakes a loop, and does nothing else.

The due columns in the database are the truth. A job that is late, lost or doubled
costs at most the time to the next sweep.
"""

from collections.abc import Callable
from datetime import UTC, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from oncall.clock import SystemClock

MANY = 1000
"""Firings of one alarm under way at a time; at 1 a second firing would be dropped."""


class Alarm:
    """One date job for each name; setting it again moves it."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._clock = SystemClock()

    def start(self) -> None:
        """Begin; wants a running loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Forget all alarms."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def ring_in(self, name: str, span: timedelta, wake: Callable[[], None]) -> None:
        """Call `wake` on the loop after `span` of real time."""

        async def ring() -> None:  # a coroutine, so that it runs on the loop itself
            wake()

        self._scheduler.add_job(
            ring,
            "date",
            run_date=self._clock.now() + span,
            id=name,
            replace_existing=True,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=MANY,
        )
