"""What strangers wrote is read where it cannot hold anything up."""

import asyncio
import os
import pickle
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from typing_extensions import override

from integrations.asking.kinds import ASKINGS
from integrations.intake.asking import Askable
from integrations.intake.contract import IntakeRequest, Unparsed
from integrations.intake.kinds import KINDS, LETTERS, TEXTS, source
from integrations.intake.parser import Job, Messages, Parser
from integrations.intake.reply import Account
from oncall.actions.sources import ConfiguredSource
from oncall.clock import SystemClock
from oncall.config.values import Secret
from oncall.engine.parsing import ENDED, OUR_MISTAKE, TOO_LONG, ParsingProcess
from oncall.engine.reader import LEASE, Reader
from oncall.wiring.sources import sources_of
from support.api import ISSUE
from support.bad_parsers import bad, message
from support.intake import SECRET
from support.intake_service import IntakeApi, outcome
from support.parsing import ParsedHere

SOON = timedelta(seconds=2)
"""Long for any of these words, also on a slow machine, and short for a test."""


def job(body: str) -> Job:
    request = IntakeRequest(
        url="",
        method="POST",
        query={},
        headers={},
        body=body.encode(),
        received_at=datetime(2026, 11, 20, tzinfo=UTC),
    )
    return Job(parser=Parser(parse=bad), request=request)


@pytest.fixture
async def parsing() -> AsyncIterator[ParsingProcess]:
    process = ParsingProcess(deadline=SOON)
    yield process
    await process.close()


async def test_several_are_read_in_order_by_one_process(parsing: ParsingProcess):
    first = await parsing.parse([job("one"), job("print"), job("two")])
    pid = parsing.pid
    assert first == [(message(each),) for each in ("one", "print", "two")]
    assert await parsing.parse([job("three")]) == [(message("three"),)]
    assert parsing.pid == pid != os.getpid()


@pytest.mark.parametrize(
    ("body", "why"),
    [("refuse", "It is empty."), ("err", OUR_MISTAKE), ("eat", OUR_MISTAKE)],
)
async def test_what_a_parser_cannot_read_ends_nothing(
    parsing: ParsingProcess, body: str, why: str
):
    refused, fine = await parsing.parse([job(body), job("fine")])
    assert isinstance(refused, Unparsed)
    assert refused.reason == why
    assert fine == (message("fine"),)


@pytest.mark.parametrize(("body", "why"), [("hang", TOO_LONG), ("die", ENDED)])
async def test_what_kills_or_outlasts_the_process_is_told_apart_from_the_others(
    parsing: ParsingProcess, body: str, why: str
):
    fine, killer = await parsing.parse([job("fine"), job(body), job("innocent")])
    assert fine == (message("fine"),)
    assert isinstance(killer, Unparsed)
    assert killer.reason == why
    assert parsing.pid is None
    assert await parsing.parse([job("innocent")]) == [(message("innocent"),)]


async def test_a_process_that_nobody_needs_is_gone():
    parsing = ParsingProcess(deadline=SOON, idle=timedelta(0))
    await parsing.parse([job("fine")])
    while parsing.pid is not None:
        await SystemClock().sleep(timedelta(milliseconds=1))
    await parsing.close()


async def test_whoever_is_called_off_leaves_no_answer_for_the_next(
    parsing: ParsingProcess,
):
    await parsing.parse([job("fine")])
    asked = asyncio.create_task(parsing.parse([job("hang")]))
    await asyncio.wait([asked], timeout=0.01)
    asked.cancel()
    await asyncio.wait([asked])
    assert await parsing.parse([job("next")]) == [(message("next"),)]


@pytest.mark.parametrize("kind", [*KINDS, *LETTERS, *TEXTS])
def test_every_product_s_parser_travels_and_takes_no_secret_along(kind: str):
    product = (
        LETTERS.get(kind) or TEXTS.get(kind) or source(kind, mapping={"text": "a"})
    )
    one = ConfiguredSource(name="one", product=product, secret=Secret(SECRET))
    packed = pickle.dumps(one.parser)
    assert SECRET.encode() not in packed
    assert type(pickle.loads(packed)) is Parser  # noqa: S301 (our own)


def test_who_completes_a_message_takes_no_token_along(
    askable_source: Callable[[str], ConfiguredSource],
):
    parser = askable_source("TOKEN-not-real").parser
    assert b"TOKEN-not-real" not in pickle.dumps(parser)
    again: Parser = pickle.loads(pickle.dumps(parser))  # noqa: S301 (our own)
    assert again.complete is not None


@pytest.fixture
def askable_source() -> Callable[[str], ConfiguredSource]:
    def made(token: str) -> ConfiguredSource:
        account = Account(url="https://x.example", user="u", token=token)
        return ConfiguredSource(
            name="desk",
            product=source("zendesk"),
            secret=Secret(SECRET),
            askable=Askable(asking=ASKINGS["zendesk"], account=account),
        )

    return made


class Stuck(ParsedHere):
    """Lets whoever has something parsed wait until it is let go, or killed."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()

    @override
    async def parse(self, jobs: Sequence[Job]) -> Sequence[Messages | Unparsed]:
        self.begun.set()
        await self.go_on.wait()
        return await super().parse(jobs)


async def kept(api: IntakeApi, *texts: str) -> None:
    for text in texts:
        await api.bank_posts(f'{{"ref": "{text}", "text": "{text}"}}'.encode())


async def killed(reader: Reader, stuck: Stuck, at: datetime) -> None:
    """Begin to read, and never come back."""
    stuck.begun.clear()
    reading = asyncio.create_task(reader.tick(at))
    await asyncio.wait_for(stuck.begun.wait(), 60)
    reading.cancel()
    await asyncio.wait([reading])


async def test_who_is_paged_does_not_wait_for_what_is_being_read(database_url: str):
    async with IntakeApi(database_url) as api:
        service, stuck = api.service, Stuck()
        await kept(api, "slow")
        reader = Reader(service.database, service.house, sources_of(api.config), stuck)
        reading = asyncio.create_task(reader.tick(api.clock.now()))
        await asyncio.wait_for(stuck.begun.wait(), 60)
        number = (await api.post("/issues", ISSUE)).json()["number"]
        await api.settle()
        assert [page["state"] for page in (await api.issue(number))["pages"]]
        assert all(p["sent_at"] for p in (await api.issue(number))["pages"][:1])
        assert not reading.done()
        stuck.go_on.set()
        await reading
        (delivery,) = await api.deliveries()
        assert outcome(delivery)[0] == "opened"


async def test_what_was_begun_when_the_service_died_is_read_after_all(
    database_url: str,
):
    async with IntakeApi(database_url) as api:
        service, stuck, now = api.service, Stuck(), api.clock.now()
        sources = sources_of(api.config)
        await kept(api, "one", "two")
        first = Reader(service.database, service.house, sources, stuck)
        await killed(first, stuck, now)
        later = now if not service.database.shared else now + LEASE
        after = Reader(service.database, service.house, sources, ParsedHere())
        while await after.tick(later):
            pass
        assert {d["verdict"] for d in await api.deliveries()} == {"accepted"}
        assert {outcome(d)[0] for d in await api.deliveries()} == {"opened"}


async def test_what_ends_the_service_twice_is_read_by_people(database_url: str):
    async with IntakeApi(database_url) as api:
        service, stuck, now = api.service, Stuck(), api.clock.now()
        sources = sources_of(api.config)
        await kept(api, "killer", "innocent")
        for _ in range(2):
            reader = Reader(service.database, service.house, sources, stuck)
            await killed(reader, stuck, now)
            now += LEASE
        after = Reader(service.database, service.house, sources, ParsedHere())
        while await after.tick(now):
            pass
        innocent, killer = await api.deliveries()
        assert (innocent["verdict"], killer["verdict"]) == ("accepted", "unparsed")
        assert "twice" in killer["detail"]


async def test_one_who_was_paused_does_not_take_in_what_another_has_begun(
    database_url: str,
):
    async with IntakeApi(database_url) as api:
        service, stuck, now = api.service, Stuck(), api.clock.now()
        sources = sources_of(api.config)
        await kept(api, "one")
        paused = Reader(service.database, service.house, sources, stuck)
        reading = asyncio.create_task(paused.tick(now))
        await asyncio.wait_for(stuck.begun.wait(), 60)
        other = Reader(service.database, service.house, sources, ParsedHere())
        assert await other.tick(now + LEASE)
        stuck.go_on.set()
        await reading
        (delivery,) = await api.deliveries()
        assert outcome(delivery) == ("opened", 1)
