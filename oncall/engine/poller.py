"""Telegram's updates, polled for: each is confirmed only once it was dealt with."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol

import structlog

from integrations.contract import Inbound, InboundReply, MethodRefused
from integrations.errors import ChannelError
from integrations.intake.contract import IntakeRequest
from oncall import metrics
from oncall.actions import deliveries
from oncall.actions.inbox import Inbox
from oncall.actions.sources import ConfiguredSource
from oncall.clock import Clock, SystemClock
from oncall.errors import StoreUnavailable
from oncall.store import Database
from oncall.store.sole import Sole

log = structlog.get_logger()

LONG_POLL_S = 25
PAUSE = timedelta(seconds=2)
"""Of real time: a provider that is down is not helped by a story's clock."""

Update = Mapping[str, Any]
Take = Callable[[Update], Awaitable[None]]
"""Deals with an update. Raises StoreUnavailable: then it is asked for again."""


class Updates(Protocol):
    """A bot that can be asked for updates."""

    async def get_updates(
        self, *, offset: int = 0, timeout_s: int = 0
    ) -> Sequence[Update]:
        """Wait for updates; those before `offset` are forgotten there."""
        ...

    async def delete_webhook(self) -> None:
        """Have updates wait to be asked for."""
        ...


class Poller:
    """Asks a bot for updates for ever, and has them dealt with in order."""

    def __init__(
        self, *, bot: Updates, take: Take, sole: Sole, name: str = "poller"
    ) -> None:
        self.name = name
        self._bot = bot
        self._sole = sole
        self._deal_with = take
        self._offset = 0
        self._asked_for_polling = False

    async def run(self) -> None:
        """Poll until cancelled. Trouble on either side is waited out.

        Telegram lets one poll at a time: on several nodes, the others stand by.
        """
        try:
            while True:
                if await self._sole.held():
                    await self._poll_or_wait()
                else:
                    await SystemClock().sleep(PAUSE)
        finally:
            await self._sole.let_go()

    async def _poll_or_wait(self) -> None:
        try:
            await self.poll(LONG_POLL_S)
        except (ChannelError, StoreUnavailable) as error:
            log.warning(
                "updates cannot be taken in now; trying again",
                action="poll",
                bot=self.name,
                detail=error.detail,
            )
            metrics.TROUBLE.labels("poller").inc()
            await SystemClock().sleep(PAUSE)

    async def poll(self, wait_s: int) -> None:
        """Take in what has come; an update is confirmed after it was dealt with."""
        if not self._asked_for_polling:
            await self._bot.delete_webhook()
            self._asked_for_polling = True
        updates = await self._bot.get_updates(offset=self._offset, timeout_s=wait_s)
        for update in updates:
            await self._take(update)
            # not the largest so far: after a week of silence they are counted anew
            self._offset = int(update["update_id"]) + 1

    async def _take(self, update: Update) -> None:
        """Let one update that we cannot deal with not keep the others from us."""
        try:
            await self._deal_with(update)
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("an update could not be dealt with", action="poll")
            metrics.TROUBLE.labels("update").inc()


def for_responders(inbox: Inbox, read: Callable[[object], Inbound | None]) -> Take:
    """Return how updates are dealt with that are responders' answers."""

    async def take(update: Update) -> None:
        match read(update):
            case InboundReply() as reply:
                await inbox.take(reply)
            case MethodRefused() as refused:
                await inbox.blocked(refused.sender)
            case _:
                log.info("an update asks nothing of us", action="poll")

    return take


def for_customers(
    database: Database, source: ConfiguredSource, clock: Clock, *, url: str
) -> Take:
    """Return how updates are dealt with that are customers' messages: they are kept.

    `url` is where they would be posted. They are read afterwards.
    """

    async def take(update: Update) -> None:
        now = clock.now()
        request = IntakeRequest(
            url=url,
            method="POST",
            query={},
            headers={"content-type": "application/json"},
            body=json.dumps(update, ensure_ascii=False).encode(errors="replace"),
            received_at=now,
        )
        arrival = source.arrival(request)
        verdict = await database.write(lambda tx: deliveries.keep(tx, arrival, now))
        metrics.DELIVERIES.labels(source.name, verdict).inc()

    return take
