"""Products are asked for what their webhooks only point at, away from all transactions.

What they answer is kept beside the delivery, which is then read as any other. A product
that stays silent is not waited for long: the issue is opened with what is known.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from integrations.errors import Rejected, Unavailable
from integrations.intake.asking import Askable
from integrations.intake.contract import CanonicalMessage, Unparsed
from integrations.intake.reply import Account, Call
from oncall import metrics
from oncall.actions.deliveries import questions
from oncall.actions.sources import ConfiguredSource, Sources
from oncall.engine.loop import Did
from oncall.engine.parsing import CannotParse, Parsers
from oncall.store import Database, Tx, intake
from oncall.store.due import Due
from oncall.store.intake import Stored

log = structlog.get_logger()

BATCH = 10
LEASE = timedelta(minutes=1)
"""So long a node that died keeps others from asking."""
PAUSES = (timedelta(seconds=2), timedelta(seconds=10), timedelta(seconds=30))
PATIENCE = timedelta(minutes=2)
"""After so long people read what there is: a customer waits meanwhile."""


class Products(Protocol):
    """Where products are asked."""

    async def ask(self, account: Account, call: Call) -> object:
        """Return the JSON of the answer. Raises Rejected for good, else Unavailable."""
        ...


class Asker:
    """Asks products, several at once, and keeps what they answer."""

    name = "asker"
    sees_to = Due.QUESTION

    def __init__(
        self,
        database: Database,
        sources: Sources,
        products: Products,
        parsers: Parsers,
    ) -> None:
        self._database = database
        self._sources = sources
        self._products = products
        self._parsers = parsers

    async def tick(self, now: datetime) -> Did:
        """Ask what there is to ask."""

        def claim(tx: Tx) -> list[Stored]:
            return intake.claim_questions(tx, now, now + LEASE, BATCH)

        held = await self._database.write(claim) if await self._is_due(now) else []
        await asyncio.gather(*(self._ask(stored, now) for stored in held))
        return Did.of(len(held), BATCH)

    async def next_due(self) -> datetime | None:
        """Return when there is a product to ask."""
        return await self._database.read(intake.next_question)

    async def _is_due(self, now: datetime) -> bool:
        due = await self.next_due()
        return due is not None and due <= now

    async def _ask(self, stored: Stored, now: datetime) -> None:
        source = self._sources.get(stored.source)
        askable = source.askable if source else None
        failed, parts = "it is no longer in the configuration", dict[str, object]()
        if source is not None and askable is not None:
            try:
                parsed = await self._parsed(source, stored)
                parts = await self._parts(askable, questions(parsed))
                failed = ""
            except Unparsed as error:
                failed = error.reason
            except CannotParse as error:
                failed = str(error)
            except Rejected as error:
                failed = error.detail
            except Unavailable as error:
                failed, again = error.detail, _again(stored, error, now)
                if again is not None:
                    await self._database.write(
                        lambda tx: intake.ask_later(tx, stored, again)
                    )
                    return
        self._note(stored, failed)
        await self._database.write(
            lambda tx: intake.answered(tx, stored.id, parts, failed, now)
        )

    async def _parsed(
        self, source: ConfiguredSource, stored: Stored
    ) -> tuple[CanonicalMessage, ...]:
        """Return the messages whose rest is to be asked for. Raises Unparsed."""
        (parsed,) = await self._parsers.parse([source.job(stored)])
        if isinstance(parsed, Unparsed):
            raise parsed
        return parsed

    async def _parts(
        self, askable: Askable, messages: list[CanonicalMessage]
    ) -> dict[str, object]:
        return {
            message.dedup_key: await self._products.ask(
                askable.account, askable.call(message)
            )
            for message in messages
        }

    def _note(self, stored: Stored, failed: str) -> None:
        if failed:
            metrics.TROUBLE.labels("unasked").inc()
            log.warning(
                "a product was asked in vain; the issue is opened without its answer",
                action="ask",
                source=stored.source,
                delivery=stored.id,
                detail=failed,
            )


def _again(stored: Stored, error: Unavailable, now: datetime) -> datetime | None:
    """Return when to ask again; None when that would be too late.

    What was received long after now has waited nobody knows how long: the clock was set.
    """
    pause = PAUSES[min(stored.attempts, len(PAUSES) - 1)]
    at = now + max(pause, error.retry_after or pause)
    return at if abs(at - stored.received_at) <= PATIENCE else None
