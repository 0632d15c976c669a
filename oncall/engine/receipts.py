"""What providers took, written down: what comes in meanwhile is written together."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field

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


@dataclass(slots=True)
class Round:
    """Receipts that are written together. `kept` once they are on disk.

    `begun` once somebody writes them: then no further one may come along.
    """

    taken: dict[str, Taken] = field(default_factory=dict)
    begun: bool = False
    kept: bool = False


class Receipts:
    """Keeps the receipts of pages. In a storm one transaction holds many of them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._next = Round()
        self._writing = asyncio.Lock()

    async def keep(self, page: Page, receipt: Receipt) -> bool:
        """Return whether the receipt is on disk; False to all who waited for it.

        If it cannot be written the page's lease runs out, and the provider is asked.
        """
        mine = self._next
        mine.taken[page.id] = page, receipt
        async with self._writing:
            if not mine.begun:  # else it was written together with another's
                mine.begun, self._next = True, Round()
                mine.kept = await self._write(mine.taken.values())
        return mine.kept

    async def _write(self, taken: Collection[Taken]) -> bool:
        def work(tx: Tx) -> None:
            _settle(tx, taken, self._clock)

        pages = [page.id for page, _ in taken]
        try:
            await self._database.write(work, urgent=True)
        except StoreUnavailable as error:
            log.error(  # noqa: TRY400 (the trace says nothing more)
                "receipts could not be written; the pages' leases will run out",
                action="settle",
                pages=pages,
                detail=error.detail,
            )
        except Exception:
            # Whoever waits must hear of it, and not only the one who wrote.
            log.exception("receipts could not be kept", action="settle", pages=pages)
        else:
            return True
        metrics.TROUBLE.labels("outcome_unwritten").inc(len(taken))
        return False


def _settle(tx: Tx, taken: Collection[Taken], clock: Clock) -> None:
    now = clock.now()
    accepted = [(page, its.provider_id) for page, its in taken if not its.delivered]
    if accepted:
        settle.accepted_all(tx, accepted, now)
    for page, its in taken:
        if its.delivered:
            settle.delivered(tx, page, its.provider_id, now, epoch=page.epoch)
