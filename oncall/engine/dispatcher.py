"""Pages whose time has come: handed to their channel, and the outcome written down."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

import structlog

from integrations.contract import Channel, Lookup, Receipt
from integrations.errors import ChannelError, Rejected, Unavailable, Uncertain
from oncall import metrics
from oncall.actions import answer_trouble, settle
from oncall.actions.bundle import bundled
from oncall.actions.house import House
from oncall.actions.ill import tell_paging_is_ill
from oncall.actions.outbox import readdressed
from oncall.clock import Clock
from oncall.engine.alarms import Alarms
from oncall.engine.breaker import Breaker
from oncall.engine.limits import Limit, Pace
from oncall.engine.loop import Did
from oncall.engine.outbound import Outbound, made
from oncall.engine.receipts import Receipts
from oncall.errors import StoreUnavailable
from oncall.model import Kind, Page, Via
from oncall.store import Database, Tx, nodes, paged, pages, steps
from oncall.store.due import Due
from oncall.store.holding import HELD

log = structlog.get_logger()

MOMENT = timedelta(milliseconds=100)
"""After which a provider that is full is looked at again."""
AT_ONCE = 300
"""Messages under way at the same time: leased, at a provider, or being written down.

Those of a provider that is slow are counted for themselves.
"""
ANSWERS_AT_ONCE = 10
"""Of these at most so many are answers to customers: a slow helpdesk delays no page."""
SLOW = timedelta(seconds=2)
"""A provider that lets one wait so long: no page by another way queues behind it."""
WORTH_A_CLAIM = 50
GATHER = timedelta(milliseconds=20)
"""So long it is waited for so many to be free, when nearly all are under way."""
LEASE = timedelta(seconds=60)
"""Longer than any provider's time limit: who holds a page longer is gone."""
BEGIN_WITHIN = LEASE / 2
"""A page is handed over so soon after it was leased or not at all: a node that stood
still must not send what another has taken over meanwhile."""
CORRECTED = timedelta(seconds=5)
"""A clock that went back further was set: how long ago the lease was is not known."""
OTHERS_FIRST = timedelta(seconds=5)
"""Where several nodes are alive, one that a provider fails leaves its pages to the others
for so long: it may be this node alone that does not reach it."""
ALIVE_WITHIN = timedelta(seconds=30)
LOOK_BACK = timedelta(days=1)
GIVE_UP_STOPPING = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Sending:
    """A message under way, and when it was leased."""

    via: Via
    since: datetime


class Dispatcher:
    """Hands pages over. `channels` are by contact method."""

    name = "dispatcher"
    sees_to = Due.PAGE

    def __init__(
        self,
        database: Database,
        house: House,
        channels: Mapping[Via, Channel],
        clock: Clock,
        alarms: Alarms,
        limits: Mapping[Via, Limit] = MappingProxyType({}),
    ) -> None:
        self._database = database
        self._house = house
        self._channels = channels
        self._clock = clock
        self._alarms = alarms
        self._receipts = Receipts(database, clock)
        self._breakers = {via: Breaker() for via in channels}
        self._paces = {via: Pace(limits.get(via, Limit())) for via in channels}
        self._wait_until = clock.now()
        self._under_way: dict[asyncio.Task[None], Sending] = {}

    async def tick(self, now: datetime) -> Did:
        """Lease what is due and begin to send it."""
        free = self._free(now)
        if free < WORTH_A_CLAIM:
            # what takes a transaction of its own is better done for several together
            await asyncio.wait(self._under_way, timeout=GATHER.total_seconds())
            free = self._free(now)
        if free <= 0:
            return Did.SOME
        rooms = self._rooms(now, free)
        claimed, outbounds = await self._database.write(
            lambda tx: self._claim(tx, now, rooms), urgent=True
        )
        for outbound in outbounds:
            task = asyncio.create_task(self._send(outbound, now))
            self._under_way[task] = Sending(outbound.page.via, now)
            task.add_done_callback(self._under_way.pop)
        return Did.of(claimed, sum(rooms))

    async def next_due(self) -> datetime | None:
        """Return when the next page is to be sent."""
        vias = tuple(self._channels)
        due = await self._database.read(lambda tx: paged.next_due(tx, vias))
        # a clock that was set back must not make the moment longer
        until = min(self._wait_until, self._clock.now() + MOMENT)
        return None if due is None else max(due, until)

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def stop(self) -> None:
        """Let what is under way come to its end, for a bounded time."""
        if self._under_way:
            seconds = GIVE_UP_STOPPING.total_seconds()
            await asyncio.wait(self._under_way, timeout=seconds)

    def _free(self, now: datetime) -> int:
        """Return how many more may be under way, but for those of slow providers."""
        under_way = self._under_way.values()
        slow = {each.via for each in under_way if now - each.since > SLOW}
        return AT_ONCE - sum(each.via not in slow for each in under_way)

    def _rooms(self, now: datetime, free: int) -> dict[int, list[Via]]:
        """Return how many messages may be leased now, for which methods together."""
        rooms: dict[int, list[Via]] = {}
        many = Counter(each.via for each in self._under_way.values())
        for via, breaker in self._breakers.items():
            most = ANSWERS_AT_ONCE if via is Via.SOURCE else AT_ONCE
            own = max(0, min(free, most - many[via]))
            healthy = breaker.room(now, own, many[via])
            room = self._paces[via].room(now, healthy)
            if room == 0:
                self._wait_until = now + MOMENT
            else:
                rooms.setdefault(room, []).append(via)
        return rooms

    def _claim(
        self, tx: Tx, now: datetime, rooms: Mapping[int, Sequence[Via]]
    ) -> tuple[int, list[Outbound]]:
        """Return how many pages were leased, and what is to be sent of them."""
        self._pass_over_the_ill(tx, now)
        claimed: list[Page] = []
        for room, vias in rooms.items():
            claimed += pages.claim_due(tx, now, limit=room, lease=LEASE, vias=vias)
        return len(claimed), self._prepared(tx, claimed, now)

    def _pass_over_the_ill(self, tx: Tx, now: datetime) -> None:
        """Have people reached by their next methods while a provider is left alone."""
        ill = {
            via: breaker.closed_until
            for via, breaker in self._breakers.items()
            if breaker.closed_until is not None and breaker.closed_until > now
        }
        if not ill:
            return
        others = nodes.several(tx, now - ALIVE_WITHIN)
        due_by = now - OTHERS_FIRST if others else now
        for via, until in ill.items():
            for page in pages.put_off(tx, via, until, due_by):
                steps.hasten_next_step(tx, page, now)

    def _prepared(self, tx: Tx, claimed: list[Page], now: datetime) -> list[Outbound]:
        if not claimed:
            return []
        view = self._house.view(tx, now)
        free = [page for page in claimed if not self._held(tx, page, now)]
        current = [readdressed(tx, view, page) for page in free]
        sent = [
            page for page in bundled(tx, current, now) if self._in_time(tx, page, now)
        ]
        return made(tx, view, sent, now)

    def _held(self, tx: Tx, page: Page, now: datetime) -> bool:
        """Tell whether a snooze holds a page; then it waits for the end of it.

        It was under way when the snooze began, or something brought it forward.
        """
        until = page.held_until
        if until is None or until <= now:
            return False
        pages.give_back(tx, page, until, now, detail=HELD)
        return True

    def _in_time(self, tx: Tx, page: Page, now: datetime) -> bool:
        """Tell whether the address may have it now; otherwise it waits its turn."""
        pause = self._paces[page.via].wait(page.address, now)
        if pause:
            pages.give_back(tx, page, now + pause, now, detail="one after the other")
        return not pause

    async def _hand_over(self, outbound: Outbound, leased: datetime) -> Receipt | None:
        """Send, unless an earlier attempt of which we heard nothing was taken.

        None when it is too late to begin: then the page is somebody else's by now.
        """
        page, message = outbound.page, outbound.message
        channel = self._channels[page.via]
        if page.in_doubt and page.sent_at and isinstance(channel, Lookup):
            # sent later than now: the clock was set back, nobody knows by how much
            now = self._clock.now()
            since = page.sent_at if page.sent_at <= now else now - LOOK_BACK
            others = await self._database.read(
                lambda tx: paged.known_to_provider(tx, page)
            )
            taken = await channel.lookup(
                to=message.to, since=since, text=message.text, but=others
            )
            if taken is not None:
                return taken
        if not leased - CORRECTED <= self._clock.now() < leased + BEGIN_WITHIN:
            return None
        return await channel.send(message)

    async def _send(self, outbound: Outbound, leased: datetime) -> None:
        page = outbound.page
        started = self._clock.now()
        try:
            receipt = await self._hand_over(outbound, leased)
        except ChannelError as error:
            await self._failed(page, error)
            await self._judge(page.via, error)
            outcome = type(error).__name__.lower()
        except Exception:
            log.exception("a channel broke", action="send", via=page.via, page=page.id)
            metrics.TROUBLE.labels("channel").inc()
            uncertain = Uncertain("the channel broke")
            await self._failed(page, uncertain)
            await self._judge(page.via, uncertain)
            outcome = "broken"
        else:
            outcome = "late" if receipt is None else "accepted"
            if receipt is not None:
                await self._taken(page, receipt)
                await self._judge(page.via, None)
        metrics.SENDS.labels(page.via, page.kind, outcome).inc()
        if page.due_at is not None:
            delay = (started - page.due_at).total_seconds()
            metrics.SEND_DELAY.labels(page.kind).observe(max(0.0, delay))

    async def _judge(self, via: Via, error: ChannelError | None) -> None:
        """Learn how the provider is from what it just did.

        A refusal is an answer, and so is a wish to be asked later. What may be about
        one message alone says nothing: sent again and again, it must not keep all
        others waiting. Of customers' products each is judged for itself, where answers
        are handed to it.
        """
        if via is Via.SOURCE or (isinstance(error, Unavailable) and not error.ill):
            return
        breaker, now = self._breakers[via], self._clock.now()
        if not isinstance(error, Unavailable) or error.retry_after is not None:
            if breaker.succeeded():
                log.info("a provider is well again", action="breaker", via=via)
        elif breaker.failed(now):
            log.error("a provider is ill", action="breaker", via=via)
            metrics.TROUBLE.labels("provider_ill").inc()
            await self._write_alarm(via, now)
            await self._alarms.ring(f"{via} is failing", now)

    async def _write_alarm(self, via: Via, now: datetime) -> None:
        def work(tx: Tx) -> None:
            tell_paging_is_ill(tx, self._house.view(tx, now), via, now)

        with suppress(StoreUnavailable):  # the alarm's other way does not need it
            await self._database.write(work)

    async def _taken(self, page: Page, receipt: Receipt) -> None:
        await self._receipts.keep(page, receipt)
        log.info(
            "a message was handed over",
            action="send",
            kind=page.kind,
            via=page.via,
            person=page.person,
            issue=page.issue,
            page=page.id,
            attempt=page.attempts,
        )

    async def _failed(self, page: Page, error: ChannelError) -> None:
        def work(tx: Tx) -> None:
            now = self._clock.now()
            if page.kind is Kind.MESSAGE:
                view = self._house.view(tx, now)
                answer_trouble.not_taken(tx, view, page, error, now)
                return
            if isinstance(error, Rejected):
                view = self._house.view(tx, now)
                settle.rejected(tx, view, page, error.detail, now, broken=error.broken)
                return
            wish = error.retry_after if isinstance(error, Unavailable) else None
            doubt = isinstance(error, Uncertain)
            settle.postponed(
                tx, page, error.detail, now, retry_after=wish, in_doubt=doubt
            )

        await self._write_outcome(page, work)
        log.warning(
            "a message was not handed over",
            action="send",
            kind=page.kind,
            via=page.via,
            person=page.person,
            issue=page.issue,
            page=page.id,
            attempt=page.attempts,
            detail=error.detail,
            code=error.code,
        )

    async def _write_outcome(self, page: Page, work: Callable[[Tx], None]) -> None:
        """Write what came of a page. If that fails its lease runs out and says so."""
        try:
            await self._database.write(work)
        except StoreUnavailable as error:
            log.error(  # noqa: TRY400 (the trace says nothing more)
                "an outcome could not be written; the page's lease will run out",
                action="settle",
                page=page.id,
                detail=error.detail,
            )
            metrics.TROUBLE.labels("outcome_unwritten").inc()
