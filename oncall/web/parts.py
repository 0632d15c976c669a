"""What the web needs from the rest of the service, handed over by the wiring."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
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
