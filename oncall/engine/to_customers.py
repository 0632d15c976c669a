"""The way back to customers: one channel, each source behind a breaker of its own."""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from integrations.contract import Channel, Lookup, OutboundMessage, Receipt
from integrations.errors import ChannelError, Unavailable
from oncall import metrics
from oncall.engine.breaker import Breaker
from oncall.model import Via

T = TypeVar("T")
log = structlog.get_logger()
ONE_TRIES = timedelta(seconds=5)
"""While one answer tries whether a source is well, the others wait so long."""


class ToCustomers:
    """Hands answers to the source in whose name their address begins.

    A helpdesk that fails again and again is left alone for a while, and no other waits
    for it. Nobody is alarmed: paging people is well, and who answered hears of it.
    """

    name = Via.SOURCE.value

    def __init__(
        self, sources: Mapping[str, Channel], *, now: Callable[[], datetime]
    ) -> None:
        self._sources = sources
        self._now = now
        self._breakers = {name: Breaker() for name in sources}
        self._under_way = Counter[str]()

    async def send(self, message: OutboundMessage) -> Receipt:
        """Hand over once. Raises Rejected, Unavailable or Uncertain."""
        name, source, to = self._found(message.to)
        return await self._tried(name, lambda: source.send(replace(message, to=to)))

    async def lookup(
        self, *, to: str, since: datetime, text: str, but: Collection[str] = ()
    ) -> Receipt | None:
        """Ask the source, if it can be asked; None when it cannot, or knows nothing."""
        name, source, address = self._found(to)
        if not isinstance(source, Lookup):
            return None
        return await self._tried(
            name, lambda: source.lookup(to=address, since=since, text=text, but=but)
        )

    async def close(self) -> None:
        """Let go of connections."""
        for source in self._sources.values():
            await source.close()

    def _found(self, address: str) -> tuple[str, Channel, str]:
        name, _, to = address.partition("/")
        source = self._sources.get(name)
        if source is None:
            detail = f"{name} has no account here; restart the service if it was added"
            raise Unavailable(detail, code="no-account")
        return name, source, to

    async def _tried(self, name: str, call: Callable[[], Awaitable[T]]) -> T:
        breaker, now = self._breakers[name], self._now()
        if breaker.room(now, 1, self._under_way[name]) == 0:
            pause = max((breaker.closed_until or now) - now, ONE_TRIES)
            detail = f"{name} is failing"
            raise Unavailable(detail, code="ill", retry_after=pause)
        self._under_way[name] += 1
        try:
            found = await call()
        except ChannelError as error:
            self._judge(name, error)
            raise
        else:
            self._judge(name, None)
            return found
        finally:
            self._under_way[name] -= 1

    def _judge(self, name: str, error: ChannelError | None) -> None:
        """Learn how a source is. A refusal is an answer, and so is a wish to wait.

        What is about one customer alone says nothing.
        """
        if isinstance(error, Unavailable) and not error.ill:
            return
        breaker = self._breakers[name]
        if not isinstance(error, Unavailable) or error.retry_after is not None:
            if breaker.succeeded():
                log.info("a source is well again", action="breaker", source=name)
        elif breaker.failed(self._now()):
            log.error("a source takes no answers", action="breaker", source=name)
            metrics.TROUBLE.labels("source_ill").inc()
