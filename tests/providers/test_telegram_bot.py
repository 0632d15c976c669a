"""The bot, through the real Telegram library against an honest fake."""

import logging
import socket
import subprocess
import sys
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from integrations.contract import Button, OutboundMessage
from integrations.errors import ChannelError, Rejected, Unavailable, Uncertain
from integrations.telegram.bot import TelegramBot
from integrations.telegram.refusal import translated
from support.fake_telegram import FakeTelegram
from support.provider_server import Fault, bad_gateway, drop, hang
from support.telegram_wire import TOKEN, refusal, too_many

SARA = 222333444
BUTTONS = (
    (Button(label="قبول", data="1:128"), Button(label="ارجاع", data="2:128")),
    (Button(label="مدیر", data="9:128"),),
)
PAGE = OutboundMessage(
    reference="9f3", to=str(SARA), text="critical #128 Mina R", buttons=BUTTONS
)


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(people=[SARA]) as fake:
        yield fake


@asynccontextmanager
async def bot_at(
    url: str, *, token: str = TOKEN, patience_s: float = 5
) -> AsyncIterator[TelegramBot]:
    bot = TelegramBot(token=token, api_url=url, timeout_s=patience_s)
    try:
        yield bot
    finally:
        await bot.close()


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[TelegramBot]:
    async with bot_at(telegram.url) as bot:
        yield bot


async def failure(telegram: FakeTelegram, fault: Fault) -> ChannelError:
    telegram.fail(fault)
    patience_s = 0.4 if fault.hangs else 5
    async with bot_at(telegram.url, patience_s=patience_s) as bot:
        with pytest.raises(ChannelError) as caught:
            await bot.send(PAGE)
    return caught.value


async def test_a_page_arrives_with_its_buttons_in_rows(
    telegram: FakeTelegram, bot: TelegramBot
) -> None:
    receipt = await bot.send(PAGE)
    (sent,) = telegram.messages
    assert receipt.provider_id == str(sent.message_id)
    assert (sent.chat, sent.text) == (SARA, PAGE.text)
    assert sent.buttons == [
        [("قبول", "1:128"), ("ارجاع", "2:128")],
        [("مدیر", "9:128")],
    ]


async def test_text_is_sent_as_it_is_without_previews(
    telegram: FakeTelegram, bot: TelegramBot
) -> None:
    text = "<b>1 < 2</b> & https://example.test *not bold*"
    await bot.send(OutboundMessage(reference="1", to=str(SARA), text=text))
    (sent,) = telegram.messages
    assert sent.text == text
    assert "parse_mode" not in sent.fields
    assert "reply_markup" not in sent.fields
    assert sent.fields["link_preview_options"] == {"is_disabled": True}


async def test_long_text_is_cut_to_what_telegram_takes(
    telegram: FakeTelegram, bot: TelegramBot
) -> None:
    await bot.send(OutboundMessage(reference="1", to=str(SARA), text="😀" * 3000))
    (sent,) = telegram.messages
    assert sent.text == "😀" * 2047 + "…"


async def test_half_a_character_does_not_stop_a_page(
    telegram: FakeTelegram, bot: TelegramBot
) -> None:
    await bot.send(OutboundMessage(reference="1", to=str(SARA), text="prize \ud83d"))
    assert telegram.messages[0].text == "prize \ufffd"


@pytest.mark.parametrize("data", ["", "ق" * 33])
async def test_button_data_that_telegram_refuses_is_our_mistake(
    telegram: FakeTelegram, bot: TelegramBot, data: str
) -> None:
    buttons = ((Button(label="x", data=data),),)
    message = OutboundMessage(reference="1", to=str(SARA), text="x", buttons=buttons)
    with pytest.raises(ValueError, match="64 bytes"):
        await bot.send(message)
    assert not telegram.messages


async def test_a_person_who_blocked_the_bot_is_out_of_reach(
    telegram: FakeTelegram, bot: TelegramBot
) -> None:
    await telegram.user_blocks(SARA)
    with pytest.raises(Rejected) as caught:
        await bot.send(PAGE)
    assert caught.value.broken
    assert caught.value.code == "blocked"


async def test_a_chat_that_is_not_there_says_to_press_start(bot: TelegramBot) -> None:
    unknown = OutboundMessage(reference="1", to="999", text="x")
    with pytest.raises(Rejected, match="press Start") as caught:
        await bot.send(unknown)
    assert caught.value.broken


@pytest.mark.parametrize("words", ["user not found", "PEER_ID_INVALID"])
async def test_a_person_who_is_not_there_is_out_of_reach(
    telegram: FakeTelegram, words: str
) -> None:
    error = await failure(telegram, refusal(400, f"Bad Request: {words}"))
    assert isinstance(error, Rejected)
    assert error.broken


async def test_a_group_that_moved_is_out_of_reach(telegram: FakeTelegram) -> None:
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    moved = refusal(400, words, migrate_to_chat_id=-100123)
    error = await failure(telegram, moved)
    assert isinstance(error, Rejected)
    assert error.broken
    assert "-100123" in error.detail


@pytest.mark.parametrize("words", ["Bad Request: message text is empty", "Bad Request"])
async def test_a_message_that_is_refused_leaves_the_chat_whole(
    telegram: FakeTelegram, words: str
) -> None:
    error = await failure(telegram, refusal(400, words))
    assert isinstance(error, Rejected)
    assert not error.broken


async def test_too_many_messages_carry_telegrams_own_pause(
    telegram: FakeTelegram,
) -> None:
    error = await failure(telegram, too_many(retry_after=7))
    assert type(error) is Unavailable
    assert error.retry_after == timedelta(seconds=7)
    assert error.code == "too-many"


@pytest.mark.parametrize("token", ["123456:wrong", ""])
async def test_a_wrong_token_says_which_setting_to_check(
    telegram: FakeTelegram, token: str
) -> None:
    async with bot_at(telegram.url, token=token) as bot:
        with pytest.raises(Unavailable, match="token") as caught:
            await bot.send(PAGE)
    assert not isinstance(caught.value, Uncertain)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=500, taken=True),
        bad_gateway(taken=True),
        hang(),
        drop(),
        Fault(status=200, body="<html>", taken=True),
        Fault(status=200, body={"ok": True, "result": {}}, taken=True),
    ],
)
async def test_without_a_whole_answer_we_are_uncertain_and_send_once(
    telegram: FakeTelegram, fault: Fault
) -> None:
    assert isinstance(await failure(telegram, fault), Uncertain)
    assert len(telegram.messages) == 1


async def test_a_refused_connection_was_surely_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    async with bot_at(f"http://127.0.0.1:{port}") as bot:
        with pytest.raises(Unavailable) as caught:
            await bot.send(PAGE)
    assert not isinstance(caught.value, Uncertain)


@pytest.mark.parametrize(
    ("cause", "surely_not_sent"),
    [
        (httpx.ConnectError, True),
        (httpx.ConnectTimeout, True),
        (httpx.PoolTimeout, True),
        (httpx.ReadTimeout, False),
        (httpx.ReadError, False),
        (httpx.WriteTimeout, False),
        (httpx.RemoteProtocolError, False),
    ],
)
async def test_only_what_never_had_a_connection_was_surely_not_sent(
    cause: type[httpx.TransportError], *, surely_not_sent: bool
) -> None:
    def breaks(_: httpx.Request) -> httpx.Response:
        msg = "broken"
        raise cause(msg)

    options = {"transport": httpx.MockTransport(breaks)}
    request = HTTPXRequest(httpx_kwargs=options)
    with pytest.raises(Unavailable) as caught, translated():
        await Bot(TOKEN, request=request).send_message(SARA, "x")
    assert isinstance(caught.value, Uncertain) is not surely_not_sent


@pytest.mark.parametrize(
    "fault", [refusal(400, "Bad Request"), too_many(), hang(), drop(), bad_gateway()]
)
async def test_neither_token_nor_text_is_in_an_error_or_a_log(
    telegram: FakeTelegram, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    error = await failure(telegram, fault)
    told = "".join(traceback.format_exception(error)) + repr(error) + caplog.text
    assert TOKEN not in told
    assert PAGE.text not in told


async def test_addresses_are_logged_with_the_token_masked(
    bot: TelegramBot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "httpx")
    await bot.send(PAGE)
    assert "/bot***/sendMessage" in caplog.text


async def test_closing_leaves_no_filter_behind(telegram: FakeTelegram) -> None:
    before = list(logging.getLogger("httpx").filters)
    async with bot_at(telegram.url) as bot:
        await bot.me()
        assert logging.getLogger("httpx").filters != before
    assert logging.getLogger("httpx").filters == before


async def test_a_message_is_edited_in_place(
    telegram: FakeTelegram, bot: TelegramBot
) -> None:
    receipt = await bot.send(PAGE)
    await bot.edit(chat=PAGE.to, message_id=receipt.provider_id, text="taken by Sara")
    (sent,) = telegram.messages
    assert (sent.text, sent.buttons) == ("taken by Sara", [])
    assert sent.history == [PAGE.text]


async def test_the_same_edit_twice_is_no_error(
    telegram: FakeTelegram, bot: TelegramBot
) -> None:
    receipt = await bot.send(PAGE)
    for _ in range(2):
        await bot.edit(
            chat=PAGE.to, message_id=receipt.provider_id, text="x", buttons=BUTTONS
        )
    assert len(telegram.edits) == 1


async def test_an_edit_of_a_message_that_is_gone_is_refused(bot: TelegramBot) -> None:
    with pytest.raises(Rejected, match="gone") as caught:
        await bot.edit(chat=PAGE.to, message_id="1", text="x")
    assert not caught.value.broken


async def test_a_press_is_answered_and_once_more_is_no_error(
    telegram: FakeTelegram, bot: TelegramBot
) -> None:
    await bot.send(PAGE)
    update = await telegram.user_presses(SARA, "1:128")
    press = update["callback_query"]["id"]
    await bot.answer_callback(press, "n" * 300)
    await bot.answer_callback(press, "again")
    assert telegram.answers == [(press, "n" * 199 + "…")]


async def test_other_failures_of_an_answer_are_told(
    telegram: FakeTelegram, bot: TelegramBot
) -> None:
    telegram.fail(refusal(400, "Bad Request: BUTTON_INVALID"))
    with pytest.raises(Rejected):
        await bot.answer_callback("press-1", "x")


async def test_updates_come_again_until_they_are_confirmed(
    telegram: FakeTelegram, bot: TelegramBot
) -> None:
    first = await telegram.user_sends(SARA, "128 1")
    second = await telegram.user_sends(SARA, "۱۲۸ ۲")
    assert await bot.get_updates() == (first, second)
    assert await bot.get_updates() == (first, second)
    after_first = first["update_id"] + 1
    assert await bot.get_updates(offset=after_first) == (second,)
    assert telegram.pending() == [second]


async def test_an_update_is_not_lost_with_the_answer_that_carried_it(
    telegram: FakeTelegram, bot: TelegramBot
) -> None:
    update = await telegram.user_sends(SARA, "128 1")
    telegram.fail(drop())
    with pytest.raises(Unavailable):
        await bot.get_updates()
    assert await bot.get_updates() == (update,)


async def test_a_long_poll_returns_when_something_happens(
    telegram: FakeTelegram, bot: TelegramBot
) -> None:
    assert await bot.get_updates() == ()
    await telegram.user_blocks(SARA)
    (update,) = await bot.get_updates(timeout_s=5)
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"


async def test_one_malformed_update_does_not_hide_the_others(
    telegram: FakeTelegram, bot: TelegramBot
) -> None:
    whole = {"update_id": 2, "message": {"text": "no sender"}}
    answer = {"ok": True, "result": ["nonsense", {"update_id": 1}, whole]}
    telegram.fail(Fault(status=200, body=answer))
    assert await bot.get_updates() == ({"update_id": 1}, whole)


async def test_polling_beside_a_webhook_is_told(
    telegram: FakeTelegram, bot: TelegramBot
) -> None:
    await bot.set_webhook(url="https://care.example.test/telegram/x", secret_token="s")
    with pytest.raises(Unavailable, match="webhook") as caught:
        await bot.get_updates()
    assert not isinstance(caught.value, Uncertain)
    await bot.delete_webhook()
    assert await bot.get_updates() == ()
    assert telegram.webhook == ""


async def test_the_bot_knows_its_name(bot: TelegramBot) -> None:
    assert await bot.me() == "example_oncall_bot"


async def test_a_closed_bot_opens_again(
    telegram: FakeTelegram, bot: TelegramBot
) -> None:
    await bot.send(PAGE)
    await bot.close()
    await bot.close()
    await bot.send(PAGE)
    assert len(telegram.messages) == 2


def test_making_a_bot_does_not_import_the_library() -> None:
    program = (
        "import sys; from integrations.telegram.bot import TelegramBot; "
        "TelegramBot(token='t'); "
        "sys.exit('telegram' in sys.modules or 'httpx' in sys.modules)"
    )
    command = [sys.executable, "-c", program]
    assert subprocess.run(command, check=False).returncode == 0  # noqa: S603  our own words
