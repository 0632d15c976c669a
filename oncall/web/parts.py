"""What the web needs from the rest of the service, handed over by the wiring."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from integrations.contract import Webhook
from oncall.actions.calendar import Calendars
from oncall.actions.house import House, View
from oncall.actions.inbox import Inbox
from oncall.actions.sources import Sources
from oncall.clock import Clock
from oncall.store import Database, Tx
from oncall.web.phones import Phones
from oncall.web.visits import Visits

T = TypeVar("T")
LONGEST = timedelta(milliseconds=250)
"""So late may be known what somebody else wrote into the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was true when it was looked up, and is until somebody changes it."""

    view: View
    written: object
    at: datetime

    @property
    def until(self) -> datetime:
        """When it has to be looked up anew, whatever is heard of."""
        return self.at + LONGEST


@dataclass(slots=True)
class Memory:
    """What was seen last; it only saves looking again."""

    seen: Seen | None = None


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The service as its routes see it. `phones` is None without the console channel.

    `forged` counts by source the deliveries whose signature was wrong.

    `turn_clock` is there only where time is a story's: it goes so many seconds on.
    """

    database: Database
    house: House
    inbox: Inbox
    clock: Clock
    calendars: Calendars
    webhooks: tuple[Webhook, ...] = ()
    sources: Sources = field(default_factory=dict)
    forged: Counter[str] = field(default_factory=Counter)
    visits: Visits = field(default_factory=Visits)
    memory: Memory = field(default_factory=Memory)
    phones: Phones | None = None
    turn_clock: Callable[[float], Awaitable[None]] | None = None
    tzdata: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    async def write(self, work: Callable[[Tx, View, datetime], T]) -> T:
        """Run an action in a transaction, with what is true and what time it is."""

        def unit(tx: Tx) -> T:
            now = self.clock.now()
            return work(tx, self.house.view(tx, now), now)

        return await self.database.write(unit)

    async def read(self, work: Callable[[Tx, View, datetime], T]) -> T:
        """Do as `write` does, without writing."""

        def unit(tx: Tx) -> T:
            now = self.clock.now()
            return work(tx, self.house.view(tx, now), now)

        return await self.database.read(unit)

    async def lately(self) -> Seen:
        """Return what is true, looked up a quarter of a second ago at most.

        It is looked up anew at once when anything was written through this node, heard
        of from another, or configured otherwise.
        """
        written, now, seen = self.database.written, self.clock.now(), self.memory.seen
        if (
            seen is None
            or seen.written is not written
            or seen.view.config is not self.house.config
            or not seen.at <= now < seen.until
        ):
            view = await self.read(lambda _tx, view, _now: view)
            seen = self.memory.seen = Seen(view=view, written=written, at=now)
        return seen
