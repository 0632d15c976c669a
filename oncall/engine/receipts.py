"""What providers took, written down: what comes in meanwhile is written together."""

import asyncio

import structlog

from integrations.contract import Receipt
from oncall import metrics
from oncall.actions import settle
from oncall.clock import Clock
from oncall.errors import StoreUnavailable
from oncall.model import Page
from oncall.store import Database, Tx

log = structlog.get_logger()

Taken = tuple[Page, Receipt]


class Receipts:
    """Keeps the receipts of pages. In a storm one transaction holds many of them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._waiting: dict[str, Taken] = {}
        self._writing = asyncio.Lock()

    async def keep(self, page: Page, receipt: Receipt) -> None:
        """Return once the receipt is on disk, or known to be lost until a look-up.

        If it cannot be written the page's lease runs out, and the provider is asked.
        """
        self._waiting[page.id] = page, receipt
        async with self._writing:
            if page.id in self._waiting:  # else it was written together with another's
                taken, self._waiting = self._waiting, {}
                await self._write(list(taken.values()))

    async def _write(self, taken: list[Taken]) -> None:
        def work(tx: Tx) -> None:
            _settle(tx, taken, self._clock)

        try:
            await self._database.write(work, urgent=True)
        except StoreUnavailable as error:
            log.error(  # noqa: TRY400 (the trace says nothing more)
                "receipts could not be written; the pages' leases will run out",
                action="settle",
                pages=[page.id for page, _ in taken],
                detail=error.detail,
            )
            metrics.TROUBLE.labels("outcome_unwritten").inc(len(taken))


def _settle(tx: Tx, taken: list[Taken], clock: Clock) -> None:
    now = clock.now()
    accepted = [(page, its.provider_id) for page, its in taken if not its.delivered]
    if accepted:
        settle.accepted_all(tx, accepted, now)
    for page, its in taken:
        if its.delivered:
            settle.delivered(tx, page, its.provider_id, now, epoch=page.epoch)
