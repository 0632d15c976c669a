"""Letters are kept as they came, however they are brought; they are read afterwards."""

import asyncio
from datetime import datetime

from integrations.intake.email.delivery import Brought
from oncall import metrics
from oncall.actions import deliveries
from oncall.actions.sources import ConfiguredSource
from oncall.clock import Clock
from oncall.store import Database
from oncall.store.intake import Arrival


class Letters:
    """Keeps the letters of one source."""

    def __init__(
        self, database: Database, source: ConfiguredSource, clock: Clock
    ) -> None:
        self._database = database
        self._source = source
        self._clock = clock

    @property
    def source(self) -> str:
        """The source's name in the configuration."""
        return self._source.name

    async def keep(self, brought: Brought) -> None:
        """Return once a letter is on disk. Raises StoreUnavailable."""
        now = self._clock.now()
        arrival = await asyncio.to_thread(self._arrival, brought, now)
        verdict = await self._database.write(
            lambda tx: deliveries.keep(tx, arrival, now)
        )
        metrics.DELIVERIES.labels(self.source, verdict).inc()

    def _arrival(self, brought: Brought, now: datetime) -> Arrival:
        """Look for the letter's name in it, which in a large one takes a while."""
        return self._source.arrival(brought.request(now))
