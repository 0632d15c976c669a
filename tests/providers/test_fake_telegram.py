"""The fake is honest: it refuses what Telegram refuses, and keeps updates as it does."""

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from integrations.telegram.inbound import SECRET_HEADER
from support.fake_telegram import FakeTelegram
from support.telegram_wire import TOKEN

SARA = 222333444
HOOK = "https://care.example.test/telegram/x"


class Service:
    """What a service does with a webhook: keeps it, and answers with `status`."""

    def __init__(self) -> None:
        self.status = 200
        self.received: list[tuple[str, int]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        secret = request.headers[SECRET_HEADER]
        self.received.append((secret, (await request.json())["update_id"]))
        await Response(status_code=self.status)(scope, receive, send)


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
async def telegram(service: Service) -> AsyncIterator[FakeTelegram]:
    transport = httpx.ASGITransport(service)
    async with FakeTelegram(people=[SARA], transport=transport) as fake:
        yield fake


async def call(telegram: FakeTelegram, method: str, **values: object) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.post(f"{telegram.url}/bot{TOKEN}/{method}", json=values)


def button(data: str) -> dict[str, object]:
    return {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}


@pytest.mark.parametrize(
    ("values", "violation"),
    [
        ({"chat_id": SARA}, "text is missing"),
        ({"chat_id": SARA, "text": "x", "txt": "y"}, "txt is not a field"),
        ({"chat_id": SARA, "text": "x" * 4097}, "message is too long"),
        ({"chat_id": SARA, "text": "😀" * 2049}, "message is too long"),
        (
            {"chat_id": SARA, "text": "x", "disable_notification": "maybe"},
            "disable_notification is not Boolean",
        ),
        (
            {"chat_id": SARA, "text": "x", "reply_markup": button("x" * 65)},
            "BUTTON_DATA_INVALID",
        ),
        (
            {"chat_id": SARA, "text": "x", "reply_markup": {"inline_keyboard": [{}]}},
            "inline_keyboard is not a list",
        ),
        (
            {
                "chat_id": SARA,
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"callback_data": "x"}]]},
            },
            "text is missing",
        ),
    ],
)
async def test_a_faulty_message_is_refused_and_kept_in_mind(
    telegram: FakeTelegram, values: dict[str, object], violation: str
) -> None:
    answer = await call(telegram, "sendMessage", **values)
    assert answer.status_code == 400
    assert not answer.json()["ok"]
    (kept,) = telegram.violations
    assert violation in kept
    assert not telegram.messages
    telegram.violations.clear()


async def test_an_unknown_method_is_refused(telegram: FakeTelegram) -> None:
    answer = await call(telegram, "sendTelepathy")
    assert answer.status_code == 404
    assert telegram.violations == ["Not Found: sendTelepathy"]
    telegram.violations.clear()


async def test_leaving_with_a_violation_fails_the_test() -> None:
    fake = FakeTelegram()
    with pytest.raises(AssertionError, match="sendTelepathy"):
        async with fake:
            await call(fake, "sendTelepathy")


async def test_a_person_must_start_the_bot_first(telegram: FakeTelegram) -> None:
    assert (await call(telegram, "sendMessage", chat_id=5, text="x")).is_error
    await telegram.user_sends(5, "/start")
    assert (await call(telegram, "sendMessage", chat_id=5, text="x")).is_success


async def test_an_update_is_forgotten_only_when_a_later_one_is_asked_for(
    telegram: FakeTelegram,
) -> None:
    first = await telegram.user_sends(SARA, "one")
    second = await telegram.user_sends(SARA, "two")
    assert (await call(telegram, "getUpdates")).json()["result"] == [first, second]
    limited = await call(telegram, "getUpdates", limit=1)
    assert limited.json()["result"] == [first]
    onward = await call(telegram, "getUpdates", offset=second["update_id"])
    assert onward.json()["result"] == [second]
    assert (await call(telegram, "getUpdates")).json()["result"] == [second]


async def test_a_long_poll_is_answered_when_something_happens(
    telegram: FakeTelegram,
) -> None:
    polling = asyncio.create_task(call(telegram, "getUpdates", timeout=5))
    update = await telegram.user_sends(SARA, "one")
    assert (await polling).json()["result"] == [update]


async def test_only_allowed_updates_are_given(telegram: FakeTelegram) -> None:
    await telegram.user_sends(SARA, "one")
    blocked = await telegram.user_blocks(SARA)
    answer = await call(telegram, "getUpdates", allowed_updates=["my_chat_member"])
    assert answer.json()["result"] == [blocked]


async def test_a_press_needs_a_message_with_the_button(telegram: FakeTelegram) -> None:
    with pytest.raises(LookupError, match="no message has a button"):
        await telegram.user_presses(SARA, "1:128")


async def test_a_webhook_gets_updates_in_order_until_one_is_not_taken(
    telegram: FakeTelegram, service: Service
) -> None:
    await call(telegram, "setWebhook", url=HOOK, secret_token="s3cret")
    service.status = 503
    first = (await telegram.user_sends(SARA, "one"))["update_id"]
    service.status = 200
    second = (await telegram.user_sends(SARA, "two"))["update_id"]
    tries = [("s3cret", first), ("s3cret", first), ("s3cret", second)]
    assert service.received == tries
    assert telegram.pending() == []


async def test_a_form_is_read_like_json(telegram: FakeTelegram) -> None:
    form = {"chat_id": str(SARA), "text": "1", "reply_markup": json.dumps(button("d"))}
    async with httpx.AsyncClient() as client:
        await client.post(f"{telegram.url}/bot{TOKEN}/sendMessage", data=form)
    (sent,) = telegram.messages
    assert (sent.text, sent.buttons) == ("1", [[("x", "d")]])
