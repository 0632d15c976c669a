"""Text messages out, through the real Twilio library against an honest fake."""

import logging
import socket
import subprocess
import sys
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from integrations.contract import OutboundMessage
from integrations.errors import ChannelError, Rejected, Unavailable, Uncertain
from integrations.twilio.account import Account
from integrations.twilio.refusal import breaks_number
from integrations.twilio.sms import TwilioSms
from support.fake_twilio import (
    ACCOUNT_SID,
    AUTH_TOKEN,
    FRIDAY_NIGHT,
    FakeTwilio,
    refusal,
    too_many,
)
from support.provider_server import Fault, bad_gateway, drop, hang

SARA = "+989121234567"
PAGE = OutboundMessage(
    reference="9f3 &1", to=SARA, text="critical #128 Mina R: prize not paid"
)


@pytest.fixture
async def twilio() -> AsyncIterator[FakeTwilio]:
    async with FakeTwilio() as fake:
        yield fake


@asynccontextmanager
async def sms_to(
    url: str, *, patience_s: float = 5, **settings: str
) -> AsyncIterator[TwilioSms]:
    account = Account(
        sid=ACCOUNT_SID,
        auth_token=settings.pop("auth_token", AUTH_TOKEN),
        api_url=url,
        timeout_s=patience_s,
    )
    channel = TwilioSms(
        account,
        status_url="https://care.example.test/twilio/status",
        **(settings or {"sender": "+15550100"}),
    )
    try:
        yield channel
    finally:
        await channel.close()


async def failure(twilio: FakeTwilio, fault: Fault) -> ChannelError:
    twilio.fail(fault)
    patience_s = 0.4 if fault.hangs else 5
    async with sms_to(twilio.url, patience_s=patience_s) as sms:
        with pytest.raises(ChannelError) as caught:
            await sms.send(PAGE)
    return caught.value


async def test_a_page_arrives_with_all_that_twilio_needs(twilio: FakeTwilio) -> None:
    async with sms_to(twilio.url) as sms:
        receipt = await sms.send(PAGE)
    (taken,) = twilio.messages
    assert receipt.provider_id == taken.sid
    assert not receipt.delivered
    assert (taken.to, taken.sender, taken.body) == (SARA, "+15550100", PAGE.text)
    assert taken.validity_period == 900


async def test_the_page_id_travels_in_the_status_address(twilio: FakeTwilio) -> None:
    async with sms_to(twilio.url) as sms:
        await sms.send(PAGE)
    callback = twilio.messages[0].status_callback
    assert callback == "https://care.example.test/twilio/status?page=9f3+%261"


async def test_a_messaging_service_chooses_the_number(twilio: FakeTwilio) -> None:
    service = "MG" + "0" * 32
    async with sms_to(twilio.url, messaging_service=service) as sms:
        await sms.send(PAGE)
    (taken,) = twilio.messages
    assert (taken.messaging_service, taken.sender) == (service, "")


async def test_persian_arrives_as_itself(twilio: FakeTwilio) -> None:
    text = "بحرانی #128\nمینا ر: جایزه واریز نشده"
    async with sms_to(twilio.url) as sms:
        await sms.send(OutboundMessage(reference="1", to=SARA, text=text))
    assert twilio.messages[0].body == text


@pytest.mark.parametrize(
    ("wished", "sent"),
    [
        (timedelta(0), 1),
        (timedelta(minutes=5), 300),
        (timedelta(days=2), 36_000),
    ],
)
async def test_validity_stays_in_twilios_range(
    twilio: FakeTwilio, wished: timedelta, sent: int
) -> None:
    message = OutboundMessage(reference="1", to=SARA, text="x", valid_for=wished)
    async with sms_to(twilio.url) as sms:
        await sms.send(message)
    assert twilio.messages[0].validity_period == sent


@pytest.mark.parametrize("code", [21211, 21214, 21217, 21610, 21614])
async def test_a_dead_number_is_rejected_as_broken(
    twilio: FakeTwilio, code: int
) -> None:
    refused = await failure(twilio, refusal(code))
    assert isinstance(refused, Rejected)
    assert refused.broken
    assert refused.code == str(code)
    assert breaks_number(refused.code)


@pytest.mark.parametrize("code", [21408, 21617])
async def test_a_message_that_cannot_go_leaves_the_number_whole(
    twilio: FakeTwilio, code: int
) -> None:
    refused = await failure(twilio, refusal(code))
    assert isinstance(refused, Rejected)
    assert not refused.broken


@pytest.mark.parametrize(
    ("code", "status", "ill"),
    [
        (21606, 400, True),
        (21659, 400, True),
        (20003, 401, True),
        (20005, 403, True),
        (403, 403, True),
        (60410, 403, False),
        (99999, 400, False),
    ],
)
async def test_a_wrong_setting_or_an_unknown_code_is_for_now(
    twilio: FakeTwilio, code: int, status: int, *, ill: bool
) -> None:
    refused = await failure(twilio, refusal(code, status))
    assert type(refused) is Unavailable
    assert refused.code == str(code)
    assert refused.ill == ill, "what may be one message alone is no illness"


async def test_a_person_who_opted_out_is_refused_each_time(twilio: FakeTwilio) -> None:
    twilio.refuses[SARA] = 21610
    async with sms_to(twilio.url) as sms:
        for _ in range(2):
            with pytest.raises(Rejected, match="START"):
                await sms.send(PAGE)
    assert not twilio.messages


async def test_a_wrong_token_says_which_settings_to_check(twilio: FakeTwilio) -> None:
    async with sms_to(twilio.url, auth_token="wrong", sender="+15550100") as sms:
        with pytest.raises(Unavailable, match="auth_token") as caught:
            await sms.send(PAGE)
    assert caught.value.code == "20003"
    assert not isinstance(caught.value, Uncertain)


async def test_too_many_requests_carry_twilios_own_pause(twilio: FakeTwilio) -> None:
    refused = await failure(twilio, too_many(retry_after=7))
    assert type(refused) is Unavailable
    assert refused.retry_after == timedelta(seconds=7)
    assert refused.code == "20429"


async def test_a_pause_that_is_no_number_is_left_out(twilio: FakeTwilio) -> None:
    fault = Fault(status=429, headers={"Retry-After": "Fri, 20 Nov 2026 20:00:00 GMT"})
    refused = await failure(twilio, fault)
    assert isinstance(refused, Unavailable)
    assert refused.retry_after is None


@pytest.mark.parametrize(
    "fault", [Fault(status=500, taken=True), bad_gateway(), refusal(20500, 503)]
)
async def test_a_server_error_leaves_us_uncertain(
    twilio: FakeTwilio, fault: Fault
) -> None:
    assert isinstance(await failure(twilio, fault), Uncertain)


async def test_no_answer_in_time_leaves_us_uncertain(twilio: FakeTwilio) -> None:
    assert isinstance(await failure(twilio, hang()), Uncertain)
    assert len(twilio.messages) == 1


async def test_a_lost_connection_leaves_us_uncertain(twilio: FakeTwilio) -> None:
    assert isinstance(await failure(twilio, drop()), Uncertain)
    assert len(twilio.messages) == 1


@pytest.mark.parametrize("body", ["<html>", "{}"])
async def test_a_success_that_cannot_be_read_leaves_us_uncertain(
    twilio: FakeTwilio, body: str
) -> None:
    assert isinstance(await failure(twilio, Fault(status=201, body=body)), Uncertain)


async def test_a_message_is_never_posted_twice(twilio: FakeTwilio) -> None:
    await failure(twilio, Fault(status=502, taken=True))
    assert len(twilio.messages) == 1


async def test_a_refused_connection_was_surely_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    async with sms_to(f"http://127.0.0.1:{port}") as sms:
        with pytest.raises(Unavailable) as caught:
            await sms.send(PAGE)
    assert not isinstance(caught.value, Uncertain)


async def test_an_address_that_is_none_is_told() -> None:
    async with sms_to("nonsense") as sms:
        with pytest.raises(Unavailable, match="api_url"):
            await sms.send(PAGE)


@pytest.mark.parametrize("status", [300, 301, 307])
async def test_a_redirect_is_not_followed(twilio: FakeTwilio, status: int) -> None:
    moved = Fault(status=status, headers={"Location": "/elsewhere"})
    assert type(await failure(twilio, moved)) is Unavailable


async def test_a_refused_login_without_a_code_says_what_to_check(
    twilio: FakeTwilio,
) -> None:
    error = await failure(twilio, Fault(status=401, body="<html>"))
    assert "auth_token" in error.detail


@pytest.mark.parametrize(("sid", "token"), [("", "t"), ("AC", "")])
async def test_missing_credentials_are_told_before_anything_is_sent(
    sid: str, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", ACCOUNT_SID)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", AUTH_TOKEN)
    with pytest.raises(Unavailable, match="set both"):
        await TwilioSms(Account(sid=sid, auth_token=token)).send(PAGE)


@pytest.mark.parametrize(
    "fault", [refusal(21211), refusal(99999), too_many(), bad_gateway(), hang()]
)
async def test_neither_secret_nor_text_is_in_an_error(
    twilio: FakeTwilio, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    error = await failure(twilio, fault)
    told = "".join(traceback.format_exception(error)) + repr(error) + caplog.text
    assert AUTH_TOKEN not in told
    assert "prize not paid" not in told


async def test_what_was_taken_without_an_answer_is_found_again(
    twilio: FakeTwilio,
) -> None:
    await failure(twilio, hang())
    async with sms_to(twilio.url) as sms:
        found = await sms.lookup(to=SARA, since=FRIDAY_NIGHT, text=PAGE.text)
    assert found is not None
    assert found.provider_id == twilio.messages[0].sid
    assert not found.delivered


async def test_the_same_words_of_another_page_are_not_taken_for_ours(
    twilio: FakeTwilio,
) -> None:
    async with sms_to(twilio.url) as sms:
        other = await sms.send(PAGE)
        asked = {"to": SARA, "since": FRIDAY_NIGHT, "text": PAGE.text}
        assert await sms.lookup(**asked, but={other.provider_id}) is None
        ours = await sms.send(PAGE)
        found = await sms.lookup(**asked, but={other.provider_id})
    assert found is not None
    assert found.provider_id == ours.provider_id != other.provider_id


async def test_a_lookup_tells_what_has_been_delivered(twilio: FakeTwilio) -> None:
    async with sms_to(twilio.url) as sms:
        await sms.send(PAGE)
        twilio.messages[0].status = "delivered"
        found = await sms.lookup(to=SARA, since=FRIDAY_NIGHT, text=PAGE.text)
    assert found is not None
    assert found.delivered


async def test_a_lookup_allows_for_clocks_that_differ(twilio: FakeTwilio) -> None:
    ours = FRIDAY_NIGHT + timedelta(seconds=50)
    async with sms_to(twilio.url) as sms:
        await sms.send(PAGE)
        assert await sms.lookup(to=SARA, since=ours, text=PAGE.text)
        too_late = ours + timedelta(seconds=20)
        assert not await sms.lookup(to=SARA, since=too_late, text=PAGE.text)


async def test_a_lookup_finds_only_the_same_text_number_and_time(
    twilio: FakeTwilio,
) -> None:
    async with sms_to(twilio.url) as sms:
        await sms.send(PAGE)
        later = FRIDAY_NIGHT + timedelta(hours=1)
        assert not await sms.lookup(to=SARA, since=FRIDAY_NIGHT, text=PAGE.text + "!")
        assert not await sms.lookup(to="+15550199", since=FRIDAY_NIGHT, text=PAGE.text)
        assert not await sms.lookup(to=SARA, since=later, text=PAGE.text)


async def test_a_lookup_passes_over_what_twilio_gave_up(twilio: FakeTwilio) -> None:
    async with sms_to(twilio.url) as sms:
        await sms.send(PAGE)
        twilio.messages[0].status = "failed"
        assert not await sms.lookup(to=SARA, since=FRIDAY_NIGHT, text=PAGE.text)


async def test_a_lookup_that_cannot_tell_says_so(twilio: FakeTwilio) -> None:
    twilio.fail(Fault(status=500), Fault(status=200, body="<html>"))
    async with sms_to(twilio.url) as sms:
        for _ in range(2):
            with pytest.raises(Unavailable):
                await sms.lookup(to=SARA, since=FRIDAY_NIGHT, text=PAGE.text)


async def test_a_closed_channel_opens_again(twilio: FakeTwilio) -> None:
    async with sms_to(twilio.url) as sms:
        await sms.send(PAGE)
        await sms.close()
        await sms.close()
        await sms.send(PAGE)
    assert len(twilio.messages) == 2


def test_making_a_channel_does_not_import_the_library() -> None:
    program = (
        "import sys; from integrations.twilio.account import Account; "
        "from integrations.twilio.sms import TwilioSms; "
        "TwilioSms(Account(sid='AC', auth_token='t')); "
        "sys.exit('twilio' in sys.modules or 'aiohttp' in sys.modules)"
    )
    command = [sys.executable, "-c", program]
    assert subprocess.run(command, check=False).returncode == 0  # noqa: S603  our own words
