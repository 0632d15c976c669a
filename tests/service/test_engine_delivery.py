"""The engine's own corners: holders that die, acknowledgements in flight, bad pages."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TypeVar

import pytest
from typing_extensions import override

from integrations.contract import OutboundMessage, Receipt
from integrations.errors import Unavailable, Uncertain
from integrations.telegram.connection import SENDING
from oncall.engine.alarms import Alarms
from oncall.engine.breaker import FAILURES
from oncall.engine.dispatcher import (
    AT_ONCE,
    MOMENT,
    SLOW,
    Dispatcher,
)
from oncall.engine.hand_over import BEGIN_WITHIN, LEASE, RENEW_AFTER
from oncall.engine.janitor import Janitor
from oncall.engine.limits import Limit
from oncall.engine.receipts import Receipts
from oncall.errors import StoreUnavailable
from oncall.model import Kind, PageState, Via
from oncall.store import Database, Tx, issues, nodes, paged, pages
from oncall.store.job import Work
from support.api import Api

T = TypeVar("T")


class HeldChannel:
    """A channel that answers when it is told to, and as it is told to."""

    name = "telegram"

    def __init__(self) -> None:
        self.taken: list[OutboundMessage] = []
        self.error: Exception | None = None
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()

    async def send(self, message: OutboundMessage) -> Receipt:
        self.taken.append(message)
        self.begun.set()
        await self.go_on.wait()
        if self.error:
            raise self.error
        return Receipt(provider_id=f"m{len(self.taken)}")

    async def close(self) -> None:
        pass


NO_LIMIT = Limit()


def dispatcher(
    api: Api,
    channel: HeldChannel,
    limit: Limit = NO_LIMIT,
    *,
    others: Mapping[Via, HeldChannel] = MappingProxyType({}),
    alone: bool = False,
) -> Dispatcher:
    service = api.service
    channels = {Via.TELEGRAM: channel, **others}
    alarms = Alarms(alarm_url="", heartbeat_url="")
    limits = {Via.TELEGRAM: limit}
    return Dispatcher(
        service.database,
        service.house,
        channels,
        api.clock,
        alarms,
        limits,
        alone=alone,
    )


def page_of(person: str, via: Via) -> Callable[[Tx], pages.Page]:
    """Return work that finds the page of the first issue by this method."""

    def work(tx: Tx) -> pages.Page:
        return next(
            page
            for page in paged.of_issue(tx, 1)
            if (page.person, page.via) == (person, via)
        )

    return work


SARAS = page_of("sara", Via.TELEGRAM)


async def test_what_is_being_sent_at_the_acknowledgement_is_not_sent_once_more(
    database_url: str,
):
    async with Api(database_url) as api:
        channel = HeldChannel()
        channel.error = Unavailable("the provider is ill")
        worker = dispatcher(api, channel)
        await api.opened(subject="slow", severity="high")
        await worker.tick(api.clock.now())
        await channel.begun.wait()
        await api.post("/issues/1/acknowledge", {"person": "nina"})
        channel.go_on.set()
        await worker.idle()
        page = await api.service.database.read(SARAS)
        assert page.state is PageState.CANCELLED
        history = await api.service.database.read(lambda tx: paged.history(tx, page.id))
        moves = [row["transition"] for row in history]
        assert moves == ["plan", "claim", "postpone", "cancel"]
        api.clock.turn(timedelta(minutes=10))
        assert not await worker.tick(api.clock.now())


async def test_what_a_dead_holder_left_at_the_acknowledgement_is_not_sent_again(
    database_url: str,
):
    async with Api(database_url) as api:
        worker = dispatcher(api, HeldChannel())
        await api.opened(subject="slow", severity="high")
        await worker.tick(api.clock.now())
        await api.post("/issues/1/acknowledge", {"person": "nina"})
        api.clock.turn(timedelta(seconds=60))
        await Janitor(api.service.database).tick(api.clock.now())
        page = await api.service.database.read(SARAS)
        assert page.state is PageState.CANCELLED


async def test_a_page_of_a_dead_holder_is_sent_by_another_and_its_late_word_is_void(
    database_url: str,
):
    async with Api(database_url) as api:
        paused, quick = HeldChannel(), HeldChannel()
        quick.go_on.set()
        dead, living = dispatcher(api, paused), dispatcher(api, quick)
        await api.opened(subject="slow", severity="high")
        await dead.tick(api.clock.now())
        await paused.begun.wait()
        assert not await living.tick(api.clock.now())
        api.clock.turn(timedelta(seconds=60))
        await Janitor(api.service.database).tick(api.clock.now())
        assert await living.tick(api.clock.now())
        await living.idle()
        assert [m.reference for m in quick.taken] == [m.reference for m in paused.taken]
        assert quick.taken[0].text == paused.taken[0].text
        page = await api.service.database.read(SARAS)
        assert (page.state, page.provider_id, page.epoch) == ("accepted", "m1", 2)
        paused.error = Unavailable("too late")
        paused.go_on.set()
        await dead.idle()
        assert await api.service.database.read(SARAS) == page


@pytest.mark.parametrize(
    ("span", "sent"),
    [
        (BEGIN_WITHIN - timedelta(seconds=1), 1),
        (BEGIN_WITHIN, 0),
        (timedelta(seconds=-5), 1),
        (timedelta(hours=-1), 0),
    ],
)
async def test_a_sender_that_stood_still_sends_only_what_is_surely_still_its_own(
    database_url: str, span: timedelta, sent: int
):
    async with Api(database_url) as api:
        channel = HeldChannel()
        channel.go_on.set()
        worker = dispatcher(api, channel)
        await api.opened(subject="slow", severity="high")
        await worker.tick(api.clock.now())
        api.clock.turn_to(api.clock.now() + span)
        await worker.idle()
        assert len(channel.taken) == sent


async def test_a_channel_that_breaks_or_a_page_that_cannot_be_made_stops_no_other(
    database_url: str,
):
    async with Api(database_url) as api:
        channel = HeldChannel()
        channel.go_on.set()
        worker = dispatcher(api, channel)
        channel.error = RuntimeError("a mistake in a channel")
        await api.opened(subject="slow", severity="high")
        await worker.tick(api.clock.now())
        await worker.idle()
        page = await api.service.database.read(SARAS)
        assert (page.state, page.in_doubt) == ("planned", True)

        channel.error = None
        await api.opened(subject="other", severity="high")
        unmade = pages.Plan(
            id="no button's data can hold this",
            kind=Kind.PAGE,
            person="sara",
            via=Via.TELEGRAM,
            address="123456789",
            sequence="s",
            step=0,
            due_at=api.clock.now(),
            priority=0,
            issue=1,
        )
        now = api.clock.now()
        await api.service.database.write(lambda tx: pages.plan(tx, [unmade], now))
        channel.taken.clear()
        api.clock.turn(timedelta(seconds=30))
        await worker.tick(api.clock.now())
        await worker.idle()
        assert len(channel.taken) == 2
        left = await api.service.database.read(lambda tx: paged.find(tx, unmade.id))
        assert left is not None
        assert (left.state, left.attempts) == ("planned", 1)


async def test_after_a_clock_was_set_back_a_full_provider_is_looked_at_in_a_moment(
    database_url: str,
):
    async with Api(database_url) as api:
        channel = HeldChannel()
        channel.go_on.set()
        worker = dispatcher(api, channel, Limit(per_second=1))
        await api.opened(subject="slow", severity="high")
        for _ in range(2):  # the second finds no room
            await worker.tick(api.clock.now())
        await worker.idle()
        api.clock.turn_to(api.clock.now() - timedelta(hours=1))
        await api.opened(subject="other", severity="high")
        assert await worker.next_due() == api.clock.now() + MOMENT


class AskedChannel(HeldChannel):
    """One that can be asked, and says that it has the message."""

    def __init__(self) -> None:
        super().__init__()
        self.since: list[datetime] = []

    async def lookup(
        self, *, to: str, since: datetime, text: str, but: Collection[str] = ()
    ) -> Receipt | None:
        self.since.append(since)
        return Receipt(provider_id=f"{to} {text} {but}")


async def test_what_was_sent_before_the_clock_went_back_is_looked_for_before_now(
    database_url: str,
):
    async with Api(database_url) as api:
        channel = AskedChannel()
        channel.error = Uncertain("no answer in time")
        channel.go_on.set()
        worker = dispatcher(api, channel)
        await api.opened(subject="slow", severity="high")
        await worker.tick(api.clock.now())
        await worker.idle()
        now = api.clock.now() - timedelta(hours=1)
        api.clock.turn_to(now)
        due = pages.PAGE.update().values(due_at=now)
        await api.service.database.write(lambda tx: tx.run(due))
        await worker.tick(now)
        await worker.idle()
        assert len(channel.taken) == 1
        (since,) = channel.since
        assert since < now - timedelta(hours=1), "their clock may have been right"


@pytest.mark.parametrize("alive", [1, 2])
async def test_one_node_that_a_provider_fails_leaves_its_pages_to_the_others_first(
    database_url: str, alive: int
):
    async with Api(database_url) as api:
        channel = HeldChannel()
        channel.error = Unavailable("it cannot be reached")
        channel.go_on.set()
        worker = dispatcher(api, channel)
        for number in range(FAILURES):
            await api.opened(subject=f"a{number}", severity="critical")
        await worker.tick(api.clock.now())
        await worker.idle()
        number = (await api.opened(subject="late", severity="critical"))["number"]
        now = api.clock.now()

        async def detail() -> str | None:
            await worker.tick(api.clock.now())
            shown = (await api.issue(number))["pages"]
            return next(p["detail"] for p in shown if p["via"] == Via.TELEGRAM)

        def nodes_tick(tx: Tx) -> None:
            for node in range(alive):
                nodes.ticked(tx, f"node {node}", now, "1")

        await api.service.database.write(nodes_tick)
        at_once = await detail()
        api.clock.turn(timedelta(seconds=4.9))
        left_to_others = await detail()
        api.clock.turn(timedelta(seconds=0.1))
        put_off = "its provider is failing"
        early = put_off if alive == 1 else None
        assert (at_once, left_to_others, await detail()) == (early, early, put_off)


async def test_a_provider_that_lets_all_wait_keeps_no_other_from_its_pages(
    database_url: str,
):
    async with Api(database_url) as api:
        chats, phones = HeldChannel(), HeldChannel()
        worker = dispatcher(api, chats, others={Via.SMS: phones})
        now = api.clock.now()
        many = [
            pages.Plan(
                id=f"notice {number}",
                kind=Kind.NOTICE,
                person="sara",
                via=Via.TELEGRAM if number else Via.SMS,
                address=f"{number}",
                sequence=f"{number}",
                step=0,
                due_at=now,
                priority=0 if number else 1,
                text="somebody wrote",
            )
            for number in range(AT_ONCE + 2)
        ]
        await api.service.database.write(lambda tx: pages.plan(tx, many, now))
        await worker.tick(now)
        await chats.begun.wait()
        api.clock.turn(SLOW)
        await worker.tick(api.clock.now())
        assert (len(chats.taken), len(phones.taken)) == (AT_ONCE, 0)
        api.clock.turn(timedelta(milliseconds=1))
        await worker.tick(api.clock.now())
        await asyncio.wait_for(phones.begun.wait(), 5)
        assert (len(chats.taken), len(phones.taken)) == (AT_ONCE, 1)
        chats.go_on.set()
        phones.go_on.set()
        await worker.idle()


def test_no_message_to_a_chat_waits_for_a_connection():
    assert SENDING > AT_ONCE, "there are presses to be answered and words to be edited"


@pytest.mark.parametrize("kind", [Kind.PAGE, Kind.BAD_NEWS, Kind.NOTICE])
async def test_what_is_for_somebody_who_has_left_is_given_up(
    database_url: str, kind: Kind
):
    async with Api(database_url) as api:
        channel = HeldChannel()
        channel.go_on.set()
        worker = dispatcher(api, channel)
        await api.opened(subject="slow", severity="high")
        gone = pages.PAGE.update().values(person="zoe", kind=kind, text="told before")
        await api.service.database.write(lambda tx: tx.run(gone))
        await worker.tick(api.clock.now())
        await worker.idle()
        assert channel.taken == []
        page = await api.service.database.read(page_of("zoe", Via.TELEGRAM))
        assert page.state is PageState.FAILED
        assert "no longer in the configuration" in page.detail


async def test_an_issue_that_cannot_be_decided_keeps_no_other_from_its_pages(
    database_url: str,
):
    async with Api(database_url) as api:
        first = await api.opened(subject="a", severity="high")
        second = await api.opened(subject="b", severity="high")
        broken = issues.ISSUE.update().where(issues.ISSUE.c.number == first["number"])
        now = api.clock.now() + timedelta(minutes=5)
        await api.service.database.write(
            lambda tx: tx.run(
                broken.values(owner=None, severity_because=[], due_at=now)
            )
        )
        spoiled = {"level": "not a number", "paged": [], "told": []}
        await api.service.database.write(
            lambda tx: tx.run(broken.values(progress=spoiled))
        )
        api.clock.turn(timedelta(minutes=5))
        await api.service.engine.settle()
        paged = {p["person"] for p in (await api.issue(second["number"]))["pages"]}
        assert "reza" in paged, "the second level of the sound issue"


async def test_an_open_issue_without_a_timer_is_found_and_looked_at(
    database_url: str,
):
    async with Api(database_url) as api:
        await api.opened(subject="slow", severity="high")
        await api.service.engine.settle()
        lost = issues.ISSUE.update().values(due_at=None)
        await api.service.database.write(lambda tx: tx.run(lost))
        api.clock.turn(timedelta(minutes=5))
        await api.service.engine.settle()
        paged = {page["person"] for page in (await api.issue(1))["pages"]}
        assert "reza" in paged


async def test_what_was_interrupted_on_a_node_that_is_alone_is_taken_up_at_its_start(
    database_url: str,
):
    async with Api(database_url) as api:
        killed, restarted = HeldChannel(), HeldChannel()
        restarted.go_on.set()
        await api.opened(subject="slow", severity="high")
        await dispatcher(api, killed).tick(api.clock.now())
        await killed.begun.wait()
        worker = dispatcher(api, restarted, alone=True)
        await worker.tick(api.clock.now())
        await worker.idle()
        assert len(restarted.taken) == 1
        page = await api.service.database.read(SARAS)
        assert (page.state, page.attempts) == (PageState.ACCEPTED, 2)
        killed.go_on.set()


async def test_what_it_has_in_hand_itself_a_node_that_is_alone_leaves_there(
    database_url: str,
):
    async with Api(database_url) as api:
        channel = HeldChannel()
        worker = dispatcher(api, channel, alone=True)
        await worker.tick(api.clock.now())
        await api.opened(subject="slow", severity="high")
        for _ in range(3):
            await worker.tick(api.clock.now())
        channel.go_on.set()
        await worker.idle()
        assert len(channel.taken) == 1


async def test_who_is_alive_keeps_a_page_however_long_its_provider_takes(
    database_url: str,
):
    async with Api(database_url) as api:
        channel = HeldChannel()
        worker = dispatcher(api, channel)
        await api.opened(subject="slow", severity="high")
        await worker.tick(api.clock.now())
        await channel.begun.wait()
        for _ in range(6):
            due = await worker.next_due()
            assert due is not None
            assert due <= api.clock.now() + RENEW_AFTER
            api.clock.turn_to(due)
            await Janitor(api.service.database).tick(api.clock.now())
            await worker.tick(api.clock.now())
        assert (await api.service.database.read(SARAS)).state is PageState.SENDING
        api.clock.turn(LEASE)
        await Janitor(api.service.database).tick(api.clock.now())
        assert (await api.service.database.read(SARAS)).state is PageState.PLANNED
        channel.go_on.set()
        await worker.idle()


def test_a_killed_node_has_its_pages_taken_up_within_half_a_minute():
    assert timedelta(seconds=30) > LEASE


class Asked(HeldChannel):
    """A channel that can be asked what it took."""

    async def lookup(
        self, *, to: str, since: datetime, text: str, but: Collection[str] = ()
    ) -> Receipt | None:
        del to, since, text, but
        return None


class Away(Database):
    """A database that cannot be read."""

    @override
    async def read(self, work: Work[T]) -> T:
        del work
        msg = "it is away"
        raise StoreUnavailable(msg)


async def test_a_database_that_is_away_at_a_look_up_is_not_the_providers_failure(
    database_url: str,
):
    async with Api(database_url) as api:
        channel = Asked()
        channel.go_on.set()
        away = Away(database_url)
        channels = {Via.TELEGRAM: channel}
        alarms = Alarms(alarm_url="", heartbeat_url="")
        worker = Dispatcher(away, api.service.house, channels, api.clock, alarms)
        for place in range(FAILURES + 1):
            await api.opened(subject="slow", severity="high", external_id=str(place))

        def in_doubt(tx: Tx) -> None:
            tx.run(pages.PAGE.update().values(in_doubt=True, sent_at=api.clock.now()))

        await api.service.database.write(in_doubt)
        await worker.tick(api.clock.now())
        await worker.idle()
        assert channel.taken == []
        breaker = worker._breakers[Via.TELEGRAM]  # noqa: SLF001 (what it was judged by)
        assert (breaker.failures, breaker.ill_since) == (0, None)
        assert (await api.service.database.read(SARAS)).state is PageState.SENDING
        away.close()


async def a_moment() -> None:
    """Let others go on."""
    passed = asyncio.Event()
    asyncio.get_running_loop().call_soon(passed.set)
    await passed.wait()


class Full(Database):
    """A database on which nothing can be written, once told so."""

    @override
    async def write(self, work: Work[T], *, urgent: bool = False) -> T:
        await a_moment()
        del work, urgent
        msg = "the disk is full"
        raise StoreUnavailable(msg)


class Mistaken(Database):
    """A database whose writes have a mistake."""

    @override
    async def write(self, work: Work[T], *, urgent: bool = False) -> T:
        await a_moment()
        del work, urgent
        msg = "a mistake"
        raise ValueError(msg)


@pytest.mark.parametrize("delivered", [False, True])
async def test_a_receipt_that_comes_after_another_holder_took_over_is_void(
    database_url: str, *, delivered: bool
):
    async with Api(database_url) as api:
        channel = HeldChannel()
        worker = dispatcher(api, channel)
        await api.opened(subject="slow", severity="high")
        await worker.tick(api.clock.now())
        held = await api.service.database.read(SARAS)
        api.clock.turn(LEASE)
        await Janitor(api.service.database).tick(api.clock.now())
        other = dispatcher(api, channel)
        await other.tick(api.clock.now())
        late = Receipt(provider_id="late", delivered=delivered)
        await Receipts(api.service.database, api.clock).keep(held, late)
        page = await api.service.database.read(SARAS)
        assert (page.state, page.epoch) == (PageState.SENDING, held.epoch + 1)
        channel.go_on.set()
        for each in (worker, other):
            await each.idle()


@pytest.mark.parametrize("kind", [Full, Mistaken])
async def test_all_whose_receipts_were_written_together_hear_that_it_failed(
    database_url: str, kind: type[Database]
):
    async with Api(database_url) as api:
        await api.opened(subject="slow", severity="high")
        page = await api.service.database.read(SARAS)
        failing = kind(database_url)
        receipts = Receipts(failing, api.clock)
        kept = [
            receipts.keep(replace(page, id=f"p{each}"), Receipt(provider_id="m"))
            for each in range(4)
        ]
        assert await asyncio.gather(*kept) == [False] * 4
        failing.close()


async def test_all_whose_receipts_were_written_together_hear_that_it_is_kept(
    database_url: str,
):
    async with Api(database_url) as api:
        await api.opened(subject="slow", severity="high")
        page = await api.service.database.read(SARAS)
        receipts = Receipts(api.service.database, api.clock)
        kept = [
            receipts.keep(replace(page, id=f"p{each}"), Receipt(provider_id="m"))
            for each in range(4)
        ]
        assert await asyncio.gather(*kept) == [True] * 4


async def test_a_claim_that_is_run_again_takes_no_place_of_the_provider_twice(
    database_url: str,
):
    async with Api(database_url) as api:
        channel = HeldChannel()
        channel.go_on.set()
        worker = dispatcher(api, channel, Limit(per_second=2, per_address=1))
        await api.opened(subject="slow", severity="high")
        now, again = api.clock.now(), []

        def run_twice(tx: Tx) -> None:
            for _ in range(2):
                with suppress(ZeroDivisionError), tx.attempt():
                    claimed = worker._claim(tx, now, {2: [Via.TELEGRAM]})  # noqa: SLF001
                    again.append(claimed[0])
                    _ = 1 / 0

        await api.service.database.write(run_twice)
        assert again == [1, 1]
        await worker.tick(now)
        await worker.idle()
        assert len(channel.taken) == 1
