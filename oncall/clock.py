"""The only place that reads the clock. Everything else takes `now` or a Clock."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Where `now` comes from; a test's clock is turned by hand."""

    def now(self) -> datetime:
        """Return the present instant, UTC."""
        ...

    async def sleep(self, span: timedelta) -> None:
        """Let so much of this clock's time go by."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present instant, UTC."""
        return datetime.now(UTC)

    async def sleep(self, span: timedelta) -> None:
        """Wait on the loop's monotonic clock."""
        await asyncio.sleep(span.total_seconds())


class Steps:
    """Tells when somebody has set a clock that otherwise goes by itself.

    Time that goes by is what `monotonic` says, in seconds; a clock that went further or
    less far was set.
    """

    TOLERATED = timedelta(seconds=1)

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._last: tuple[datetime, float] | None = None

    def since_last(self, now: datetime) -> timedelta:
        """Return how far the clock was set since the last look; zero when it was not."""
        last, self._last = self._last, (now, self._monotonic())
        if last is None:
            return timedelta(0)
        then, at = last
        leap = now - then - timedelta(seconds=self._last[1] - at)
        return leap if abs(leap) > self.TOLERATED else timedelta(0)


class TurnedClock:
    """A clock that stands still until it is turned: for tests, demo and simulation."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)
        self._turned = asyncio.Event()

    def now(self) -> datetime:
        """Return the instant the clock was last turned to."""
        return self._now

    def turn_to(self, now: datetime) -> None:
        """Go to `now`, also backwards; wakes whoever sleeps on this clock."""
        self._now = now.astimezone(UTC)
        self._turned.set()
        self._turned = asyncio.Event()

    def turn(self, span: timedelta) -> None:
        """Go `span` further."""
        self.turn_to(self._now + span)

    async def sleep(self, span: timedelta) -> None:
        """Return once the clock has been turned so far."""
        until = self._now + span
        while self._now < until:
            await self._turned.wait()


class StoryClock:
    """Begins at a chosen instant, runs like the machine's, and can be turned on."""

    def __init__(self, begin: datetime) -> None:
        self._real = SystemClock()
        self._ahead = begin - self._real.now()

    def now(self) -> datetime:
        """Return the story's present instant, UTC."""
        return self._real.now() + self._ahead

    def turn_to(self, now: datetime) -> None:
        """Go on to `now`; never back, since a story is told forward."""
        self._ahead = max(self._ahead, now - self._real.now())

    async def sleep(self, span: timedelta) -> None:
        """Wait as long as the machine's clock would."""
        await self._real.sleep(span)
