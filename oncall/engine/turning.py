"""Turning the clock of a service: every moment at which something is due is visited."""

from datetime import datetime, timedelta
from typing import Protocol

from oncall.engine.engine import Engine


class Turnable(Protocol):
    """A clock that can be set."""

    def now(self) -> datetime:
        """Return the present instant, UTC."""
        ...

    def turn_to(self, now: datetime) -> None:
        """Go to an instant."""
        ...


async def turn(engine: Engine, clock: Turnable, span: timedelta) -> None:
    """Let `span` go by, doing at each moment what is due at it."""
    until = clock.now() + span
    await engine.settle()
    while (due := await engine.next_due()) is not None and due <= until:
        clock.turn_to(max(due, clock.now()))
        await engine.settle()
    clock.turn_to(until)
    await engine.settle()
