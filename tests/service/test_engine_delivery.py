"""The engine's own corners: holders that die, acknowledgements in flight, bad pages."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

import pytest

from integrations.contract import OutboundMessage, Receipt
from integrations.errors import Unavailable, Uncertain
from integrations.telegram.connection import SENDING
from oncall.engine.alarms import Alarms
from oncall.engine.breaker import FAILURES
from oncall.engine.dispatcher import (
    AT_ONCE,
    MOMENT,
    OTHERS_FIRST,
    SLOW,
    Dispatcher,
)
from oncall.engine.janitor import Janitor
from oncall.engine.limits import Limit
from oncall.model import Kind, PageState, Via
from oncall.store import Tx, issues, nodes, paged, pages
from support.api import Api


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
) -> Dispatcher:
    service = api.service
    channels = {Via.TELEGRAM: channel, **others}
    alarms = Alarms(alarm_url="", heartbeat_url="")
    limits = {Via.TELEGRAM: limit}
    return Dispatcher(
        service.database, service.house, channels, api.clock, alarms, limits
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
        (timedelta(seconds=29), 1),
        (timedelta(seconds=30), 0),
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
        api.clock.turn(OTHERS_FIRST)
        after_a_while = await detail()
        put_off = "its provider is failing"
        assert (at_once, after_a_while) == (put_off if alive == 1 else None, put_off)


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
