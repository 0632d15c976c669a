import asyncio
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from oncall.actions.house import House
from oncall.actions.link import use_code
from oncall.config.load import load
from oncall.store import Tx
from oncall.wiring.service import open_database
from support.command_line import FRIDAY, CommandLine
from support.fake_telegram import FakeTelegram
from support.fake_twilio import ACCOUNT_SID, AUTH_TOKEN, FakeTwilio

SARAS_PHONE = "+989121234567"


@pytest.fixture
def oncall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    return CommandLine(tmp_path, monkeypatch)


@pytest.fixture
async def twilio() -> AsyncIterator[FakeTwilio]:
    async with FakeTwilio() as fake:
        yield fake


def with_twilio(oncall: CommandLine, url: str) -> None:
    oncall.configure(
        oncall.config.read_text("utf-8")
        + f"""
[integrations.twilio]
account_sid = "{ACCOUNT_SID}"
auth_token = "{AUTH_TOKEN}"
from = "+15550100"
api_url = "{url}"
"""
    )


def test_a_test_page_tells_what_became_of_it(oncall: CommandLine):
    done = oncall.run("page", "sara", "--via", "sms", "Does this reach you?")
    assert done.stdout == "sms delivered it for Sara Ahmadi; its id is 1\n"
    assert f"sms -> {SARAS_PHONE}: Does this reach you?" in done.stderr


def test_without_a_way_the_first_of_the_ladder_is_taken(oncall: CommandLine):
    done = oncall.run("page", "sara", "--json")
    assert '"via": "telegram"' in done.stdout
    assert "telegram -> 123456789" in done.stderr
    assert not oncall.database.exists()


def test_a_test_page_without_words_says_in_her_language_that_it_is_one(
    oncall: CommandLine,
):
    done = oncall.run("page", "sara")
    assert "آزمایش" in done.stderr


def test_nobody_is_paged_without_an_address_or_a_person(oncall: CommandLine):
    said = oncall.fails("page", "nina", "--via", "telegram")
    assert said == ("Nina Berger has no address for telegram; add it to [people.nina]")
    assert "'zed'" in oncall.fails("page", "zed")
    assert "'pigeon'" in oncall.misused("page", "sara", "--via", "pigeon")


async def test_the_providers_id_is_told(oncall: CommandLine, twilio: FakeTwilio):
    with_twilio(oncall, twilio.url)
    said = await asyncio.to_thread(oncall.says, "page", "sara", "--via", "sms", "hi")
    (sent,) = twilio.messages
    assert (sent.to, sent.body) == (SARAS_PHONE, "hi")
    assert said == f"sms accepted it for Sara Ahmadi; its id is {sent.sid}\n"


async def test_a_refusal_is_told_and_is_a_failure(
    oncall: CommandLine, twilio: FakeTwilio
):
    with_twilio(oncall, twilio.url)
    twilio.refuses[SARAS_PHONE] = 21610
    said = await asyncio.to_thread(oncall.fails, "page", "sara", "--via", "sms", "hi")
    assert said.startswith("sms did not take it: ")
    assert said.endswith("(code 21610)")
    assert SARAS_PHONE not in said
    assert AUTH_TOKEN not in said


async def test_a_way_without_a_provider_is_refused(
    oncall: CommandLine, twilio: FakeTwilio
):
    with_twilio(oncall, twilio.url)
    said = oncall.fails("page", "sara", "--via", "email")
    assert said.startswith("no provider is configured for email; there are: ")
    assert "sms" in said


def test_a_pairing_code_works_for_fifteen_minutes(oncall: CommandLine):
    made = oncall.json("link", "sara")
    assert (made["url"], made["valid_s"]) == (None, 900)
    config = load(oncall.config, environ=os.environ)
    database, house = open_database(config), House(config, ())

    def use(tx: Tx, minutes: int) -> str | None:
        at = FRIDAY + timedelta(minutes=minutes)
        found = use_code(tx, house.view(tx, at), made["code"], 99, at)
        return None if found is None else found.id

    late = database.write_now(lambda tx: use(tx, 15))
    in_time = database.write_now(lambda tx: use(tx, 14))
    again = database.write_now(lambda tx: use(tx, 14))
    database.close()
    assert (late, in_time, again) == (None, "sara", None)


async def test_the_link_to_the_bot_is_told_when_its_name_is_known(
    oncall: CommandLine,
):
    async with FakeTelegram() as telegram:
        oncall.configure(
            oncall.config.read_text("utf-8")
            + f"""
[integrations.telegram]
token = "{telegram.token}"
api_url = "{telegram.url}"
"""
        )
        made = await asyncio.to_thread(oncall.json, "link", "sara")
    bot, _, code = made["url"].removeprefix("https://t.me/").partition("?start=")
    assert bot
    assert code == made["code"]


def test_a_code_is_made_although_the_bot_does_not_answer(oncall: CommandLine):
    oncall.configure(
        oncall.config.read_text("utf-8")
        + """
[integrations.telegram]
token = "123:abc"
api_url = "http://127.0.0.1:1"
"""
    )
    assert oncall.json("link", "sara")["url"] is None


def test_strangers_get_no_code(oncall: CommandLine):
    assert "'zed'" in oncall.fails("link", "zed")
