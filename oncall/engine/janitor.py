"""Pages whose holder is gone, and what nobody needs any more."""

from datetime import datetime, timedelta

import structlog

from oncall import metrics
from oncall.engine.loop import Did
from oncall.store import Database, Tx, announcements, deliveries, intake, paged, pages

log = structlog.get_logger()

KEPT = timedelta(days=30)
"""How long a delivery or an idempotency key may come again."""
DELIVERIES_KEPT = timedelta(days=90)
"""How long what customers' products delivered can be read again."""
SWEEPS_EVERY = timedelta(hours=6)


class Janitor:
    """Gives back leased pages that nobody finishes, and sweeps out old keys."""

    name = "janitor"

    def __init__(self, database: Database) -> None:
        self._database = database
        self._swept_at: datetime | None = None

    async def tick(self, now: datetime) -> Did:
        """Give back what has expired; nothing is left to do after one tick."""
        expired = await self._database.write(lambda tx: pages.expire_leases(tx, now))
        if expired:
            metrics.TROUBLE.labels("lease_expired").inc(expired)
            log.warning(
                "messages were given back whose sender did not come back",
                action="expire",
                count=expired,
            )
        await self._sweep(now)
        return Did.NOTHING

    async def next_due(self) -> datetime | None:
        """Return when the next lease runs out."""
        return await self._database.read(paged.next_lease_end)

    async def _sweep(self, now: datetime) -> None:
        if self._swept_at is not None and abs(now - self._swept_at) < SWEEPS_EVERY:
            return
        self._swept_at = now

        def work(tx: Tx) -> int:
            announcements.forget_before(tx, now - KEPT)
            intake.forget_before(tx, now - DELIVERIES_KEPT)
            return deliveries.forget_before(tx, now - KEPT)

        await self._database.write(work)
