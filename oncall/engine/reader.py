"""Deliveries that were kept are read here, away from the products that wait."""

from datetime import datetime, timedelta
from functools import partial

import structlog

from oncall import metrics
from oncall.actions import deliveries
from oncall.actions.deliveries import OUR_MISTAKE
from oncall.actions.house import House
from oncall.actions.sources import Sources
from oncall.actions.verdict import Verdict
from oncall.engine.loop import Did
from oncall.store import Database, Tx, intake
from oncall.store.due import Due
from oncall.store.intake import Stored

log = structlog.get_logger()

BATCH = 10
"""In one transaction: whoever writes meanwhile waits for all of it."""
TRY_AGAIN = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(minutes=5),
)
"""After each failure; after the last people read it, or the last comes again."""


class Reader:
    """Reads what products delivered, in the order in which it came."""

    name = "reader"
    sees_to = Due.DELIVERY

    def __init__(self, database: Database, house: House, sources: Sources) -> None:
        self._database = database
        self._house = house
        self._sources = sources

    async def tick(self, now: datetime) -> Did:
        """Read what is there."""
        return await self._database.write(lambda tx: self._read_due(tx, now))

    async def next_due(self) -> datetime | None:
        """Return when there is something to read."""
        return await self._database.read(intake.next_due)

    def _read_due(self, tx: Tx, now: datetime) -> Did:
        due = intake.claim_due(tx, now, BATCH)
        for stored in due:
            self._read(tx, stored, now)
        return Did.of(len(due), BATCH)

    def _read(self, tx: Tx, stored: Stored, now: datetime) -> None:
        """Let one delivery that cannot be taken not keep the others back."""
        try:
            with tx.attempt():
                view = self._house.view(tx, now)
                reading = deliveries.read(tx, view, self._sources, stored, now)
        except Exception:
            log.exception(
                "a delivery could not be taken in; it is tried again",
                action="read",
                delivery=stored.id,
            )
            metrics.TROUBLE.labels("unread").inc()
            self._put_off(tx, stored, now)
        else:
            tx.once_kept(partial(_count, stored, reading))

    def _put_off(self, tx: Tx, stored: Stored, now: datetime) -> None:
        if stored.attempts < len(TRY_AGAIN):
            intake.put_off(tx, stored, now + TRY_AGAIN[stored.attempts])
            return
        try:
            with tx.attempt():
                view = self._house.view(tx, now)
                deliveries.show_people(tx, view, stored, OUR_MISTAKE, now)
        except Exception:
            log.exception(
                "a delivery could not even be shown to people; it is tried again",
                action="read",
                delivery=stored.id,
            )
            intake.put_off(tx, stored, now + TRY_AGAIN[-1])


def _count(stored: Stored, reading: deliveries.Reading) -> None:
    if reading.verdict is Verdict.UNPARSED:
        metrics.INTAKE.labels(stored.source, reading.verdict).inc()
        return
    for taken in reading.taken:
        metrics.INTAKE.labels(stored.source, taken.fate).inc()
