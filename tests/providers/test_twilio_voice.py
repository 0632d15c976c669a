"""Calls out, through the real Twilio library against an honest fake."""

import logging
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from integrations.contract import OutboundMessage
from integrations.errors import ChannelError, Rejected, Unavailable, Uncertain
from integrations.twilio.account import Account
from integrations.twilio.voice import TwilioVoice
from support.fake_twilio import (
    ACCOUNT_SID,
    AUTH_TOKEN,
    FakeTwilio,
    refusal,
    too_many,
)
from support.provider_server import Fault, bad_gateway, hang

SARA = "+989121234567"
PAGE = OutboundMessage(reference="9f3 &1", to=SARA, text="critical issue, number 128.")


@pytest.fixture
async def twilio() -> AsyncIterator[FakeTwilio]:
    async with FakeTwilio() as fake:
        yield fake


@asynccontextmanager
async def calls_to(url: str, *, patience_s: float = 5) -> AsyncIterator[TwilioVoice]:
    account = Account(
        sid=ACCOUNT_SID, auth_token=AUTH_TOKEN, api_url=url, timeout_s=patience_s
    )
    channel = TwilioVoice(
        account,
        caller="+15550100",
        answer_url="https://care.example.test/twilio/voice",
        status_url="https://care.example.test/twilio/status",
    )
    try:
        yield channel
    finally:
        await channel.close()


async def failure(twilio: FakeTwilio, fault: Fault) -> ChannelError:
    twilio.fail(fault)
    async with calls_to(twilio.url, patience_s=0.4 if fault.hangs else 5) as voice:
        with pytest.raises(ChannelError) as caught:
            await voice.send(PAGE)
    return caught.value


async def test_a_phone_rings_from_our_number(twilio: FakeTwilio) -> None:
    async with calls_to(twilio.url) as voice:
        receipt = await voice.send(PAGE)
    (call,) = twilio.calls
    assert (call.to, call.caller) == (SARA, "+15550100")
    assert receipt.provider_id == call.sid
    assert not receipt.delivered


async def test_it_rings_for_less_than_a_voicemail_waits(twilio: FakeTwilio) -> None:
    async with calls_to(twilio.url) as voice:
        await voice.send(PAGE)
    assert twilio.calls[0].ring_s == 25


async def test_both_addresses_name_the_page(twilio: FakeTwilio) -> None:
    async with calls_to(twilio.url) as voice:
        await voice.send(PAGE)
    (call,) = twilio.calls
    assert call.url == "https://care.example.test/twilio/voice?page=9f3+%261"
    assert call.status_callback == (
        "https://care.example.test/twilio/status?page=9f3+%261"
    )


async def test_twilio_tells_when_it_begins_is_answered_and_ends(
    twilio: FakeTwilio,
) -> None:
    async with calls_to(twilio.url) as voice:
        await voice.send(PAGE)
    assert twilio.calls[0].events == ["initiated", "answered", "completed"]


@pytest.mark.parametrize("code", [21211, 21217])
async def test_a_dead_number_is_rejected_as_broken(
    twilio: FakeTwilio, code: int
) -> None:
    refused = await failure(twilio, refusal(code))
    assert isinstance(refused, Rejected)
    assert refused.broken


async def test_a_country_that_may_not_be_called_leaves_the_number_whole(
    twilio: FakeTwilio,
) -> None:
    refused = await failure(twilio, refusal(21215))
    assert isinstance(refused, Rejected)
    assert not refused.broken


async def test_an_address_that_twilio_cannot_reach_is_named(
    twilio: FakeTwilio,
) -> None:
    refused = await failure(twilio, refusal(21205))
    assert type(refused) is Unavailable
    assert "service.url" in refused.detail


async def test_one_request_too_many_is_for_later(twilio: FakeTwilio) -> None:
    refused = await failure(twilio, too_many(9))
    assert type(refused) is Unavailable
    assert refused.retry_after is not None
    assert refused.retry_after.total_seconds() == 9


@pytest.mark.parametrize("fault", [bad_gateway(taken=True), hang()])
async def test_a_call_that_may_have_been_placed_is_in_doubt(
    twilio: FakeTwilio, fault: Fault
) -> None:
    assert type(await failure(twilio, fault)) is Uncertain
    assert len(twilio.calls) == 1


async def test_an_answer_that_is_no_call_is_in_doubt(twilio: FakeTwilio) -> None:
    for body in ("<html>", "{}"):
        error = await failure(twilio, Fault(status=201, body=body))
        assert type(error) is Uncertain


@pytest.mark.parametrize("fault", [refusal(21211), bad_gateway(), hang()])
async def test_neither_secret_nor_number_is_in_an_error(
    twilio: FakeTwilio, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    error = await failure(twilio, fault)
    told = "".join(traceback.format_exception(error)) + repr(error) + caplog.text
    assert AUTH_TOKEN not in told
    assert SARA not in told
