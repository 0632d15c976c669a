"""What Twilio asks and tells us of a call, and what we let it say."""

from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.request_validator import (  # type: ignore[import-untyped]
    RequestValidator,
)

from integrations.contract import (
    CallAnswered,
    Delivery,
    DeliveryUpdate,
    InboundReply,
    Said,
    WebhookRequest,
)
from integrations.twilio import inbound
from integrations.twilio.voices import SPOKEN, VOICES
from integrations.twilio.webhooks import StatusWebhook, VoiceWebhook

SETTLED = settings(derandomize=True, deadline=None)
TOKEN = "test-secret-not-real"
URL = "https://care.example.test/twilio/voice"
SARA = "+989121234567"
CALL = {
    "CallSid": "CA1",
    "To": SARA,
    "From": "+15550100",
    "CallStatus": "in-progress",
}
ASKING = Said(text="critical issue, number 128.", language="en", asks="9f3 &1")


def webhook() -> VoiceWebhook:
    return VoiceWebhook(auth_token=TOKEN, url=URL)


def posted(form: dict[str, str], query: str = "page=9f3+%261") -> WebhookRequest:
    url = f"{URL}?{query}" if query else URL
    signature = RequestValidator(TOKEN).compute_signature(url, form)
    return WebhookRequest(
        url=url,
        query=query,
        headers={"x-twilio-signature": signature},
        body=urlencode(form).encode(),
    )


def document(said: Said) -> ET.Element:
    content_type, body = webhook().answer(said)
    assert content_type.startswith("application/xml")
    return ET.fromstring(body)  # noqa: S314 (we wrote it)


def test_only_twilio_may_ask_what_is_to_be_said() -> None:
    assert webhook().verify(posted(CALL))
    genuine = posted(CALL)
    forged = WebhookRequest(
        url=genuine.url.replace("9f3", "9f4"),
        query=genuine.query,
        headers=genuine.headers,
        body=genuine.body,
    )
    assert not webhook().verify(forged)


def test_a_call_that_is_picked_up_asks_for_its_pages_words() -> None:
    assert webhook().parse(posted(CALL)) == CallAnswered(
        channel="voice", number=SARA, reference="9f3 &1", languages=SPOKEN
    )


def test_a_key_is_an_answer_to_the_page_by_whom_we_called() -> None:
    assert webhook().parse(posted(CALL | {"Digits": "1"})) == InboundReply(
        channel="voice",
        delivery_id="CA1:1",
        sender=SARA,
        text="1",
        message_id="9f3 &1",
        languages=SPOKEN,
    )


@pytest.mark.parametrize("missing", ["CallSid", "To"])
def test_what_is_no_call_asks_nothing(missing: str) -> None:
    assert webhook().parse(posted({**CALL, missing: ""})) is None


def test_somebody_who_calls_us_is_asked_nothing() -> None:
    assert webhook().parse(posted(CALL, query="")) is None
    assert [child.tag for child in document(Said())] == ["Hangup"]


def test_the_words_are_read_twice_and_a_key_is_waited_for_each_time() -> None:
    asked = document(ASKING)
    assert [child.tag for child in asked] == ["Gather", "Gather", "Hangup"]
    for gather in asked.iter("Gather"):
        assert gather.get("action") == f"{URL}?page=9f3+%261"
        assert gather.get("numDigits") == "1"
        assert [say.text for say in gather] == [ASKING.text]


def test_without_a_key_the_call_ends_and_nothing_is_posted() -> None:
    for gather in document(ASKING).iter("Gather"):
        assert gather.get("actionOnEmptyResult") is None


def test_an_answer_is_read_once_and_the_call_ends() -> None:
    told = document(Said(text="You own 128.", language="en"))
    assert [child.tag for child in told] == ["Say", "Hangup"]


@pytest.mark.parametrize(("language", "spoken"), [("en", "en-US"), ("ar", "arb")])
def test_each_language_has_a_voice_of_its_own(language: str, spoken: str) -> None:
    (say,) = document(Said(text="x", language=language)).iter("Say")
    assert say.get("language") == spoken
    assert say.get("voice") == VOICES[language].name


def test_what_no_voice_reads_falls_back_on_english() -> None:
    (say,) = document(Said(text="x", language="fa")).iter("Say")
    assert say.get("language") == "en-US"
    assert SPOKEN[0] == "en"


@SETTLED
@given(text=st.text(), page=st.text(), asked=st.booleans())
def test_any_words_and_any_page_make_a_document(
    text: str, page: str, *, asked: bool
) -> None:
    said = Said(text=text, language="ar", asks=page if asked else "")
    root = document(said)
    assert root.tag == "Response"
    assert root[-1].tag == "Hangup"


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("initiated", Delivery.ACCEPTED),
        ("ringing", Delivery.SENT),
        ("in-progress", Delivery.DELIVERED),
        ("completed", Delivery.DELIVERED),
        ("busy", Delivery.UNDELIVERED),
        ("no-answer", Delivery.UNDELIVERED),
        ("failed", Delivery.UNDELIVERED),
        ("canceled", Delivery.UNDELIVERED),
    ],
)
def test_every_status_of_a_call_has_its_place(word: str, state: Delivery) -> None:
    request = posted(CALL | {"CallStatus": word})
    update = StatusWebhook(auth_token=TOKEN).parse(request)
    assert isinstance(update, DeliveryUpdate)
    assert (update.channel, update.provider_id) == ("voice", "CA1")
    assert (update.state, update.reference) == (state, "9f3 &1")
    assert not update.broken
    assert update.code == (word if state is Delivery.UNDELIVERED else "")


def test_a_status_we_do_not_know_says_nothing() -> None:
    assert inbound.status({**CALL, "CallStatus": "teleported"}, page="9f3") is None
