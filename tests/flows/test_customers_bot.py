"""Customers write to a bot of their own; what they write is kept before it is confirmed."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from integrations.telegram.webhook import secrets_of
from oncall.engine.poller import Poller
from oncall.errors import StoreUnavailable
from support.fake_telegram import FakeTelegram
from support.night import Night

TOKEN = "654321:customers-token-not-real"
MINA = 987654321
DOCUMENT = {"file_id": "f1", "file_unique_id": "u1", "file_name": "invoice.pdf"}
VOICE = {"file_id": "f2", "file_unique_id": "u2", "duration": 12}


def source(bot: FakeTelegram, updates: str) -> Callable[[str], str]:
    """Return the change of a configuration that adds the customers' bot."""
    table = f"""
[integrations.intake.care]
kind = "telegram"
api_token = "{TOKEN}"
api_url = "{bot.url}"
updates = "{updates}"
"""
    return lambda text: text.replace('wait = "5m"', 'wait = "3d"') + table


@asynccontextmanager
async def nights(
    database_url: str, updates: str
) -> AsyncIterator[tuple[Night, FakeTelegram]]:
    async with (
        FakeTelegram(token=TOKEN) as bot,
        Night(database_url, change=source(bot, updates)) as night,
    ):
        bot.transport = httpx.ASGITransport(app=night.service.app)
        yield night, bot


async def poll(night: Night) -> None:
    """Let the customers' poller ask once, and what follows happen."""
    await poller(night).poll(0)
    await night.settle()


def poller(night: Night) -> Poller:
    sides = night.service.engine.side_tasks
    found = next(side for side in sides if side.name == "poller care")
    assert isinstance(found, Poller)
    return found


async def words(night: Night, number: int) -> list[str]:
    return [said["text"] for said in (await night.issue(number))["messages"]]


async def test_what_customers_write_is_polled_for_and_opens_an_issue(
    database_url: str,
):
    async with nights(database_url, "polling") as (night, bot):
        await bot.user_sends(MINA, "Where is my order?", name="Mina")
        await bot.user_sends(MINA, "Number 77", name="Mina")
        await poll(night)
        await night.phone("sara").expect_telegram("#128", "Mina")
        issue = await night.issue(128)
        assert issue["source"] == "care"
        assert await words(night, 128) == ["Where is my order?", "Number 77"]
        assert bot.messages == [], "nobody answers by itself"
        await poll(night)
        assert bot.pending() == [], "what was kept is confirmed"


async def test_starting_the_bot_opens_nothing(database_url: str):
    async with nights(database_url, "polling") as (night, bot):
        await bot.user_sends(MINA, "/start")
        await bot.user_sends(MINA, "/start from-the-website")
        await poll(night)
        assert (await night.client.get("/api/v1/issues")).json()["items"] == []


async def test_a_changed_message_changes_the_words(database_url: str):
    async with nights(database_url, "polling") as (night, bot):
        sent = await bot.user_sends(MINA, "Where is my odrer?")
        await bot.user_edits(sent, "Where is my order?")
        await poll(night)
        await night.phone("sara").expect_telegram("#128")
        assert await words(night, 128) == ["Where is my order?"]


async def test_what_is_no_text_is_noted(database_url: str):
    async with nights(database_url, "polling") as (night, bot):
        await bot.user_shares(MINA, document=DOCUMENT, caption="My invoice")
        await bot.user_shares(MINA, voice=VOICE)
        await bot.user_shares(MINA, location={"latitude": 35.7, "longitude": 51.4})
        await poll(night)
        await night.phone("sara").expect_telegram("#128", "My invoice")
        assert await words(night, 128) == [
            "My invoice\n[document: invoice.pdf]",
            "[voice]",
            "[location: 35.7, 51.4]",
        ]


async def test_an_update_that_could_not_be_kept_is_asked_for_again(
    database_url: str, monkeypatch: pytest.MonkeyPatch
):
    async with nights(database_url, "polling") as (night, bot):
        await bot.user_sends(MINA, "Where is my order?")

        async def away(*_: object, **__: object) -> None:
            msg = "the database is away"
            raise StoreUnavailable(msg)

        with monkeypatch.context() as patch:
            patch.setattr(night.service.database, "write", away)
            with pytest.raises(StoreUnavailable):
                await poller(night).poll(0)
        assert len(bot.pending()) == 1
        await poll(night)
        await night.phone("sara").expect_telegram("#128")


async def test_a_poll_repeated_after_a_crash_brings_nothing_twice(database_url: str):
    async with nights(database_url, "polling") as (night, bot):
        await bot.user_sends(MINA, "Where is my order?")
        await poll(night)
        await night.phone("sara").expect_telegram("#128")
        await night.restart()
        await poll(night)
        assert await words(night, 128) == ["Where is my order?"]
        listed = (await night.client.get("/api/v1/deliveries")).json()["items"]
        assert [each["verdict"] for each in listed] == ["duplicate", "accepted"]


async def test_in_webhook_mode_telegram_is_told_where_customers_write_to(
    database_url: str,
):
    async with nights(database_url, "webhook") as (night, bot):
        assert bot.webhook == f"{night.service.config.service.url}/intake/care"
        assert bot.secret_token == secrets_of(TOKEN)[1]
        await bot.user_sends(MINA, "Where is my order?")
        await night.settle()
        await night.phone("sara").expect_telegram("#128")
        forged = await night.client.post("/intake/care", json={"update_id": 1})
        assert forged.status_code == 401


async def test_the_two_bots_do_not_hear_of_each_others_people(database_url: str):
    async with nights(database_url, "polling") as (night, bot):
        sara = night.phone("sara").person.telegram or 0
        await bot.user_sends(sara, "128 1")
        await poll(night)
        await night.phone("sara").expect_telegram("#128")
        assert await words(night, 128) == ["128 1"], "to the customers' bot, a customer"


async def test_updates_that_telegram_numbers_anew_are_confirmed_too(
    database_url: str,
):
    async with nights(database_url, "polling") as (night, bot):
        await bot.user_sends(MINA, "Where is my order?", name="Mina")
        await poll(night)
        await night.phone("sara").expect_telegram("#128", "Mina")
        bot.count_anew(3)
        await bot.user_sends(MINA, "Number 77", name="Mina")
        await poll(night)
        assert await words(night, 128) == ["Where is my order?", "Number 77"]
        await poll(night)
        assert bot.pending() == []
