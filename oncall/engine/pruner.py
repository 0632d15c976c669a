"""Deletion of issues that ended longer ago than `service.keep`, in small portions."""

from datetime import datetime, timedelta

import structlog

from oncall.actions.house import House
from oncall.engine.loop import Did
from oncall.store import Database
from oncall.store.retention import Pruned, prune

log = structlog.get_logger()

PORTION = 20
"""Issues in one transaction: some 500 rows, a few milliseconds of the only writer."""
PAUSE = timedelta(seconds=1)
"""Between portions, so that whatever else waits to be written comes first."""
EVERY = timedelta(hours=6)


class Pruner:
    """Deletes what is old, a portion a second, until nothing old is left."""

    name = "pruner"

    def __init__(self, database: Database, house: House) -> None:
        self._database = database
        self._house = house
        self._next: datetime | None = None
        self._done = Pruned()

    async def tick(self, now: datetime) -> Did:
        """Delete one portion when its time has come."""
        keep = self._house.config.service.keep
        # A clock that was set back must not keep it from looking for longer than EVERY.
        waits = self._next is not None and now < self._next <= now + EVERY
        if keep is None or waits:
            return Did.NOTHING
        pruned = await self._database.write(
            lambda tx: prune(tx, now - keep, portion=PORTION)
        )
        self._done += pruned
        self._next = now + (PAUSE if pruned.more else EVERY)
        if not pruned.more:
            self._tell()
        return Did.NOTHING

    async def next_due(self) -> datetime | None:
        """Return when the next portion is due; None while everything is kept."""
        return None if self._house.config.service.keep is None else self._next

    def _tell(self) -> None:
        if self._done.issues or self._done.notices:
            log.info(
                "what was kept long enough is deleted",
                action="prune",
                issues=self._done.issues,
                customers=self._done.customers,
                notices=self._done.notices,
            )
        self._done = Pruned()
