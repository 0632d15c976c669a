"""Pages whose time has come: handed to their channel, and the outcome written down."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

import structlog

from integrations.contract import Channel, Receipt
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
from oncall.engine.hand_over import LEASE, RENEW_AFTER, Came, HandOver
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
OTHERS_FIRST = timedelta(seconds=5)
"""Where several nodes are alive, one that a provider fails leaves its pages to the others
for so long: it may be this node alone that does not reach it."""
ALIVE_WITHIN = timedelta(seconds=30)
GIVE_UP_STOPPING = timedelta(seconds=15)


@dataclass(slots=True)
class Sending:
    """A message under way, when it was leased, and when that was last renewed."""

    page: Page
    since: datetime
    renewed_at: datetime

    @property
    def via(self) -> Via:
        """By which method it goes."""
        return self.page.via


class Dispatcher:
    """Hands pages over. `channels` are by contact method.

    `alone` says that no other node works on this database: what is found in a sender's
    hands at the start was interrupted, and is taken up at once.
    """

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
        *,
        alone: bool = False,
    ) -> None:
        self._database = database
        self._house = house
        self._channels = channels
        self._clock = clock
        self._alarms = alarms
        self._receipts = Receipts(database, clock)
        self._hand_over = HandOver(database, channels, clock)
        self._takes_up = alone
        self._breakers = {via: Breaker() for via in channels}
        self._paces = {via: Pace(limits.get(via, Limit())) for via in channels}
        self._wait_until = clock.now()
        self._under_way: dict[asyncio.Task[None], Sending] = {}

    async def tick(self, now: datetime) -> Did:
        """Lease what is due and begin to send it."""
        await self._renew(now)
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
        self._takes_up = False
        for outbound in outbounds:
            self._begin(outbound, now)
        return Did.of(claimed, sum(rooms))

    def _begin(self, outbound: Outbound, now: datetime) -> None:
        page = outbound.page
        # Only now, and not where it is claimed: a transaction may be run again.
        self._paces[page.via].begin(page.address, now)
        task = asyncio.create_task(self._send(outbound, now))
        self._under_way[task] = Sending(page, now, now)
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        page = self._under_way.pop(task).page
        self._paces[page.via].end(page.address, self._clock.now())

    async def _renew(self, now: datetime) -> None:
        """Keep the leases of what takes long: only who is gone loses one."""
        old = [
            each
            for each in self._under_way.values()
            if abs(now - each.renewed_at) >= RENEW_AFTER
        ]
        if old:
            held = {each.page.id: each.page.epoch for each in old}
            await self._database.write(
                lambda tx: pages.renew(tx, held, now + LEASE), urgent=True
            )
            for each in old:
                each.renewed_at = now

    async def next_due(self) -> datetime | None:
        """Return when the next page is to be sent."""
        vias = tuple(self._channels)
        due = await self._database.read(lambda tx: paged.next_due(tx, vias))
        # a clock that was set back must not make the moment longer
        until = min(self._wait_until, self._clock.now() + MOMENT)
        renewals = [each.renewed_at for each in self._under_way.values()]
        moments = [at + RENEW_AFTER for at in renewals]
        if due is not None:
            moments.append(max(due, until))
        return min(moments, default=None)

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
        if self._takes_up and (many := pages.take_up(tx, now)):
            log.warning(
                "messages were interrupted; they are looked for and sent again",
                action="take_up",
                count=many,
            )
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
        begin = Counter[tuple[Via, str]]()
        sent = [
            page
            for page in bundled(tx, current, now)
            if self._in_time(tx, page, now, begin)
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

    def _in_time(
        self, tx: Tx, page: Page, now: datetime, begin: Counter[tuple[Via, str]]
    ) -> bool:
        """Tell whether the address may have it now; otherwise it waits its turn.

        `begin` counts what begins with this very claim.
        """
        way = page.via, page.address
        pause = self._paces[page.via].wait(page.address, now, before=begin[way])
        if pause:
            pages.give_back(tx, page, now + pause, now, detail="one after the other")
        else:
            begin[way] += 1
        return not pause

    async def _send(self, outbound: Outbound, leased: datetime) -> None:
        page = outbound.page
        started = self._clock.now()
        try:
            outcome = await self._settle(await self._hand_over.send(outbound, leased))
        except StoreUnavailable as error:
            # Of the provider this says nothing; the lease runs out and says the rest.
            _note_unwritten(page, error)
            outcome = "store_away"
        metrics.SENDS.labels(page.via, page.kind, outcome).inc()
        if page.due_at is not None:
            delay = (started - page.due_at).total_seconds()
            metrics.SEND_DELAY.labels(page.kind).observe(max(0.0, delay))

    async def _settle(self, came: Came) -> str:
        """Write down what came of a page, and learn from it; return it in a word."""
        page, error = came.page, came.error
        if error is not None:
            await self._failed(page, error)
            if not came.ours:
                await self._judge(page.via, error)
            return "broken" if came.broken else type(error).__name__.lower()
        if came.receipt is None:
            return "late"
        await self._taken(page, came.receipt)
        await self._judge(page.via, None)
        return "accepted"

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
        kept = await self._receipts.keep(page, receipt)
        tell = log.info if kept else log.warning
        tell(
            "a message was handed over"
            if kept
            else "a message was handed over, and that is not on disk",
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
            _note_unwritten(page, error)


def _note_unwritten(page: Page, error: StoreUnavailable) -> None:
    log.error(
        "an outcome could not be written; the page's lease will run out",
        action="settle",
        page=page.id,
        detail=error.detail,
    )
    metrics.TROUBLE.labels("outcome_unwritten").inc()
