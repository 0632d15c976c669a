"""Deliveries that were kept are read here, away from the products that wait.

A delivery is counted as begun, then parsed outside of every transaction, and only what
it says is taken in.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog

from integrations.intake.contract import Unparsed
from integrations.intake.parser import Messages
from oncall import metrics
from oncall.actions import deliveries
from oncall.actions.deliveries import OUR_MISTAKE, unreadable
from oncall.actions.house import House
from oncall.actions.sources import Sources
from oncall.actions.verdict import Verdict
from oncall.engine.loop import Did
from oncall.engine.parsing import CannotParse, Parsers
from oncall.errors import StoreUnavailable
from oncall.store import Database, Tx, intake
from oncall.store.due import Due
from oncall.store.intake import Stored

log = structlog.get_logger()

BATCH = 10
"""In one transaction: whoever writes meanwhile waits for all of it."""
LEASE = timedelta(minutes=2)
"""So long a node that died keeps others from reading what it had begun."""
TRY_AGAIN = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(minutes=5),
)
"""After each failure; after the last people read it, or the last comes again."""
Parsed = Messages | Unparsed
Read = tuple[Stored, Parsed | None]
"""A delivery and what it says; None for one that is to be tried again."""


class Reader:
    """Reads what products delivered, in the order in which it came."""

    name = "reader"
    sees_to = Due.DELIVERY

    def __init__(
        self, database: Database, house: House, sources: Sources, parsers: Parsers
    ) -> None:
        self._database = database
        self._house = house
        self._sources = sources
        self._parsers = parsers
        self._is_new = True

    async def tick(self, now: datetime) -> Did:
        """Read what is there."""
        until = now + LEASE
        left = await self._database.write(lambda tx: self._begin(tx, now, until))
        self._is_new = False
        did = Did.SOME if left else Did.NOTHING
        while left:
            some = await self._parsed(left)
            read = list(zip(left, some, strict=False))
            await self._kept(read, until, now)
            left = left[len(read) :]
        return did

    async def next_due(self) -> datetime | None:
        """Return when there is something to read."""
        return await self._database.read(intake.next_due)

    def _begin(self, tx: Tx, now: datetime, until: datetime) -> list[Stored]:
        """Hold what is to be read. On SQLite nobody else can hold what is left over."""
        if self._is_new and not tx.shared:
            intake.let_go(tx, now)
        return intake.claim_due(tx, now, until, BATCH)

    async def _parsed(self, held: Sequence[Stored]) -> Sequence[Parsed | None]:
        """Return what the first of these say; None of one that is to be tried again."""
        first = held[0]
        if (why := unreadable(self._sources.get(first.source), first)) is not None:
            return [why]
        jobs = []
        for stored in held:
            source = self._sources.get(stored.source)
            if source is None or unreadable(source, stored) is not None:
                break
            jobs.append(source.job(stored))
        try:
            return await self._parsers.parse(jobs)
        except CannotParse as error:
            log.error("deliveries cannot be read", action="read", detail=str(error))  # noqa: TRY400 (its words say it)
            metrics.TROUBLE.labels("unread").inc()
            return [None for _ in jobs]

    async def _kept(self, read: Sequence[Read], until: datetime, now: datetime) -> None:
        """Take them in together; if one of them fails, each under its own savepoint.

        A savepoint costs more than it seems: what is put may not wait beyond it.
        """
        try:
            await self._database.write(
                lambda tx: self._take(tx, read, until, now, self._take_in)
            )
        except StoreUnavailable:
            raise
        except Exception:  # noqa: BLE001 (which of them it was is found, and told, now)
            await self._database.write(
                lambda tx: self._take(tx, read, until, now, self._take_alone)
            )

    def _take(
        self,
        tx: Tx,
        read: Sequence[Read],
        until: datetime,
        now: datetime,
        take: Callable[[Tx, Stored, Parsed, datetime], None],
    ) -> None:
        ours = intake.still_held(tx, [stored.id for stored, _ in read], until)
        for stored, parsed in read:
            if stored.id not in ours:
                continue
            if parsed is None:
                self._put_off(tx, stored, now)
            else:
                take(tx, stored, parsed, now)

    def _take_in(self, tx: Tx, stored: Stored, parsed: Parsed, now: datetime) -> None:
        view = self._house.view(tx, now)
        source = self._sources.get(stored.source)
        reading = deliveries.take_in(tx, view, source, stored, parsed, now)
        tx.once_kept(partial(_count, stored, reading))

    def _take_alone(
        self, tx: Tx, stored: Stored, parsed: Parsed, now: datetime
    ) -> None:
        """Let one delivery that cannot be taken not keep the others back."""
        try:
            with tx.attempt():
                self._take_in(tx, stored, parsed, now)
        except Exception:
            log.exception(
                "a delivery could not be taken in; it is tried again",
                action="read",
                delivery=stored.id,
            )
            metrics.TROUBLE.labels("unread").inc()
            self._put_off(tx, stored, now)

    def _put_off(self, tx: Tx, stored: Stored, now: datetime) -> None:
        if stored.attempts <= len(TRY_AGAIN):
            intake.put_off(tx, stored, now + TRY_AGAIN[stored.attempts - 1])
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
