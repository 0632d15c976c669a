"""WhatsApp through Twilio: the same wire, between addresses with a prefix."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from integrations.contract import Delivery, OutboundMessage
from integrations.errors import Rejected
from integrations.twilio import inbound
from integrations.twilio.account import Account
from integrations.twilio.whatsapp import TwilioWhatsApp
from support.fake_twilio import ACCOUNT_SID, AUTH_TOKEN, FRIDAY_NIGHT, FakeTwilio
from support.provider_server import hang

SARA = "+989121234567"
PAGE = OutboundMessage(reference="9f3", to=SARA, text="critical #128\nMina: prize")


@pytest.fixture
async def twilio() -> AsyncIterator[FakeTwilio]:
    async with FakeTwilio() as fake:
        yield fake


@pytest.fixture
async def whatsapp(twilio: FakeTwilio) -> AsyncIterator[TwilioWhatsApp]:
    account = Account(
        sid=ACCOUNT_SID, auth_token=AUTH_TOKEN, api_url=twilio.url, timeout_s=0.4
    )
    status_url = "https://care.example.test/twilio/status"
    channel = TwilioWhatsApp(account, sender="+15550101", status_url=status_url)
    yield channel
    await channel.close()


async def test_a_page_goes_between_whatsapp_addresses(
    twilio: FakeTwilio, whatsapp: TwilioWhatsApp
) -> None:
    receipt = await whatsapp.send(PAGE)
    (taken,) = twilio.messages
    assert (taken.sender, taken.to) == ("whatsapp:+15550101", f"whatsapp:{SARA}")
    assert (taken.body, taken.validity_period) == (PAGE.text, None)
    assert taken.status_callback == "https://care.example.test/twilio/status?page=9f3"
    assert receipt.provider_id == taken.sid


async def test_what_was_taken_without_an_answer_is_found_again(
    twilio: FakeTwilio, whatsapp: TwilioWhatsApp
) -> None:
    twilio.fail(hang())
    with pytest.raises(Exception, match="may have taken"):
        await whatsapp.send(PAGE)
    found = await whatsapp.lookup(to=SARA, since=FRIDAY_NIGHT, text=PAGE.text)
    assert found is not None
    assert found.provider_id == twilio.messages[0].sid


async def test_what_is_too_long_is_cut_and_found_again(
    twilio: FakeTwilio, whatsapp: TwilioWhatsApp
) -> None:
    long = replace(PAGE, text="Read every open issue\n" * 100)
    await whatsapp.send(long)
    (taken,) = twilio.messages
    assert taken.body.startswith("Read every open issue\nRead")
    assert taken.body.endswith("…")
    assert await whatsapp.lookup(to=SARA, since=FRIDAY_NIGHT, text=long.text)


async def test_a_refusal_says_whether_the_address_is_dead(
    twilio: FakeTwilio, whatsapp: TwilioWhatsApp
) -> None:
    for code, broken in ((63003, True), (63016, False)):
        twilio.refuses[f"whatsapp:{SARA}"] = code
        with pytest.raises(Rejected) as caught:
            await whatsapp.send(PAGE)
        assert caught.value.broken is broken


def test_an_answer_comes_from_the_number_without_its_prefix() -> None:
    form = {"MessageSid": "SM1", "From": f"whatsapp:{SARA}", "Body": "۱"}
    answer = inbound.reply(form)
    assert answer is not None
    assert (answer.channel, answer.sender, answer.chat) == ("whatsapp", SARA, SARA)
    assert answer.text == "۱"


def test_a_message_outside_the_window_of_a_day_was_not_delivered() -> None:
    form = {
        "MessageSid": "SM1",
        "MessageStatus": "undelivered",
        "To": f"whatsapp:{SARA}",
        "ErrorCode": "63016",
    }
    update = inbound.status(form, page="9f3")
    assert update is not None
    assert (update.channel, update.state) == ("whatsapp", Delivery.UNDELIVERED)
    assert not update.broken
