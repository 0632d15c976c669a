"""Letters in a mailbox: fetched, kept, and only then put away there."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

import structlog

from escalation_policies.backoff import next_attempt
from integrations.errors import ChannelError, Rejected
from integrations.intake.email.delivery import Brought
from oncall import metrics
from oncall.clock import Clock, SystemClock
from oncall.engine.letters import Letters
from oncall.errors import StoreUnavailable
from oncall.store import Database, mailboxes
from oncall.store.sole import Sole

T = TypeVar("T")
log = structlog.get_logger()

LOOK_EVERY = timedelta(minutes=1)
"""A server's word that there is news is a hint; that we look so often is certain."""
UNREAD_BEFORE_US = timedelta(days=3)
"""What came so long before we first looked is taken too: it may still be waiting."""
STAND_BY = timedelta(seconds=2)
FAREWELL_S = 2
REST = SystemClock().sleep
"""Real time: a server that is away is not helped by a story's clock."""


class Box(Protocol):
    """A mailbox whose methods but `cut` block, and raise ChannelError.

    Rejected is about one letter; after any other error it is to be opened anew.
    """

    @property
    def is_open(self) -> bool:
        """Whether there is a connection, as far as is known."""
        ...

    def open(self) -> None:
        """Connect."""
        ...

    def unread(self, since: date) -> tuple[int, ...]:
        """Return the numbers of unread letters that came at `since` or later."""
        ...

    def address(self, uid: int) -> str:
        """Return what tells a letter from every other."""
        ...

    def fetch(self, uid: int) -> Brought | None:
        """Return a letter; None when it is gone."""
        ...

    def put_away(self, uid: int) -> None:
        """Let a letter be unread no more."""
        ...

    def wait(self, span: timedelta) -> None:
        """Return when there is news, and after `span` in any case."""
        ...

    def cut(self) -> None:
        """Have whatever blocks end now, for good."""
        ...

    def close(self) -> None:
        """Let go of the connection."""
        ...


class Postman:
    """Empties one mailbox for ever, in a thread of its own, on one of the nodes.

    `place` tells this mailbox from the one that had the source's name before.
    """

    def __init__(
        self,
        *,
        box: Box,
        place: str,
        letters: Letters,
        database: Database,
        sole: Sole,
        clock: Clock,
        rest: Callable[[timedelta], Awaitable[None]] = REST,
    ) -> None:
        self.name = f"mailbox {letters.source}"
        self._box = box
        self._place = place
        self._letters = letters
        self._database = database
        self._sole = sole
        self._clock = clock
        self.rest = rest
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="mailbox")
        self._failures = 0
        self._noted_at: datetime | None = None
        self._kept: set[str] = set()

    async def run(self) -> None:
        """Read until cancelled. Trouble on either side is waited out."""
        try:
            while True:
                await self.visit()
        finally:
            await self._leave()

    async def _leave(self) -> None:
        """End what blocks and let go, without waiting for a server that is slow."""
        self._box.cut()
        closing = asyncio.wrap_future(self._thread.submit(self._box.close))
        await asyncio.wait([closing], timeout=FAREWELL_S)
        self._thread.shutdown(wait=False)
        await self._sole.let_go()

    async def visit(self) -> None:
        """Take what is unread, and wait for more; other nodes stand by meanwhile."""
        if not await self._sole.held():
            await self._aside(self._box.close)
            await self.rest(STAND_BY)
            return
        try:
            await self.look()
            await self._aside(lambda: self._box.wait(LOOK_EVERY))
        except (ChannelError, StoreUnavailable) as error:
            await self._start_over(error.detail)

    async def look(self) -> None:
        """Take every unread letter. Raises ChannelError and StoreUnavailable."""
        now = self._clock.now()
        if not self._box.is_open:
            self._since = await self._first_day(now)
            await self._aside(self._box.open)
        for uid in await self._aside(lambda: self._box.unread(self._since)):
            await self._take_or_leave(uid)
        await self._note_looked(now)
        self._failures = 0

    async def _first_day(self, now: datetime) -> date:
        """Return from when on letters are ours: an old archive is not."""
        source, place = self._letters.source, self._place
        first = await self._database.write(
            lambda tx: mailboxes.first_seen(tx, source, place, now)
        )
        return (first - UNREAD_BEFORE_US).date()

    async def _take_or_leave(self, uid: int) -> None:
        """Let one letter that cannot be had not keep the others from us."""
        try:
            await self._take(uid)
        except Rejected as error:
            self._note_left(log.warning, detail=error.detail)
        except (ChannelError, StoreUnavailable):
            raise
        except Exception:  # noqa: BLE001 (one letter must not end the service)
            self._note_left(log.exception)

    def _note_left(self, tell: Callable[..., object], **more: str) -> None:
        tell(
            "a letter stays unread in its mailbox",
            action="mailbox",
            source=self._letters.source,
            **more,
        )
        metrics.TROUBLE.labels("letter").inc()

    async def _take(self, uid: int) -> None:
        """Keep a letter, then put it away: if we die in between it comes once more."""
        address = self._box.address(uid)
        if address not in self._kept:
            brought = await self._aside(lambda: self._box.fetch(uid))
            if brought is None:
                return
            await self._letters.keep(brought)
            self._kept.add(address)
        await self._aside(lambda: self._box.put_away(uid))
        self._kept.discard(address)

    async def _note_looked(self, now: datetime) -> None:
        if self._noted_at is not None and now - self._noted_at < LOOK_EVERY:
            return
        source = self._letters.source
        await self._database.write(lambda tx: mailboxes.note_looked(tx, source, now))
        self._noted_at = now

    async def _start_over(self, why: str) -> None:
        """Wait, ever longer, and connect anew.

        Servers end connections now and then: only if that happens again it is trouble.
        """
        self._failures += 1
        if self._failures > 1:
            await self._tell(why)
        await self._aside(self._box.close)
        await self.rest(next_attempt(self._failures, key=self.name))

    async def _tell(self, why: str) -> None:
        source = self._letters.source
        log.warning(
            "a mailbox cannot be read now; trying again",
            action="mailbox",
            source=source,
            detail=why,
        )
        metrics.TROUBLE.labels("mailbox").inc()
        self._noted_at = None
        with suppress(StoreUnavailable):
            await self._database.write(
                lambda tx: mailboxes.note_failed(tx, source, why)
            )

    async def _aside(self, work: Callable[[], T]) -> T:
        """Let the mailbox's own thread do what blocks."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
