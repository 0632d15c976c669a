"""What Twilio posts to us, and what we answer."""

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.twiml.messaging_response import (  # type: ignore[import-untyped]
    MessagingResponse,
)

from integrations.contract import Delivery, DeliveryUpdate, InboundReply
from integrations.twilio import inbound
from integrations.twilio.answer import CONTENT_TYPE, twiml
from integrations.twilio.whatsapp import LONGEST
from support.payloads import payload

SETTLED = settings(derandomize=True, deadline=None)


def test_an_answer_in_persian_digits_is_read_as_it_was_written() -> None:
    form = payload("twilio_sms_reply_persian_digits")["body"]
    assert inbound.reply(form) == InboundReply(
        channel="sms",
        delivery_id="SM-test-1",
        sender="+15005550010",
        chat="+15005550010",
        text="۱۲۸ ۱",
    )


@pytest.mark.parametrize("missing", ["MessageSid", "From"])
def test_a_form_that_is_no_message_is_none(missing: str) -> None:
    form = payload("twilio_sms_reply_persian_digits")["body"]
    assert inbound.reply({**form, missing: ""}) is None
    assert inbound.reply({}) is None


def test_a_message_without_words_has_no_text() -> None:
    form = {"MessageSid": "MM1", "From": "+15005550010", "NumMedia": "1"}
    answer = inbound.reply(form)
    assert answer is not None
    assert answer.text == ""


def test_a_status_callback_brings_our_page_id_and_the_code() -> None:
    form = payload("twilio_sms_status_undelivered")["body"]
    assert inbound.status(form, page="9f3") == DeliveryUpdate(
        channel="sms",
        provider_id="SM-test-9",
        state=Delivery.UNDELIVERED,
        reference="9f3",
        code="30003",
    )


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("queued", Delivery.ACCEPTED),
        ("sending", Delivery.ACCEPTED),
        ("sent", Delivery.SENT),
        ("delivered", Delivery.DELIVERED),
        ("read", Delivery.DELIVERED),
        ("failed", Delivery.UNDELIVERED),
        ("canceled", Delivery.UNDELIVERED),
    ],
)
def test_every_status_has_its_place(word: str, state: Delivery) -> None:
    update = inbound.status({"MessageSid": "SM1", "MessageStatus": word}, page="")
    assert update is not None
    assert (update.state, update.reference, update.code) == (state, "", "")


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"MessageStatus": "sent"},
        {"MessageSid": "SM1", "MessageStatus": "received"},
        {"MessageSid": "SM1", "MessageStatus": "teleported"},
    ],
)
def test_a_callback_that_says_nothing_about_delivery_is_none(
    form: dict[str, str],
) -> None:
    assert inbound.status(form, page="9f3") is None


def test_an_empty_answer_sends_nothing_back() -> None:
    assert twiml() == "<Response/>"
    assert CONTENT_TYPE.startswith("application/xml")


@SETTLED
@given(st.text())
def test_any_answer_is_well_formed(text: str) -> None:
    root = ET.fromstring(twiml(text))  # noqa: S314  we wrote it
    assert root.tag == "Response"
    assert [child.tag for child in root] == (["Message"] if text else [])


@pytest.mark.parametrize("text", ["#128 <b>&amp; \"'", "۱۲۸ قبول شد", "two\nlines 😀"])
def test_an_answer_says_what_twilios_library_would_say(text: str) -> None:
    theirs = MessagingResponse()
    theirs.message(text)
    (ours,) = ET.fromstring(twiml(text))  # noqa: S314  we wrote it
    (expected,) = ET.fromstring(str(theirs))  # noqa: S314  a trusted library wrote it
    assert ours.text == expected.text == text


def test_what_xml_cannot_hold_is_left_out() -> None:
    (message,) = ET.fromstring(twiml("a\x00b\x1bc\ufffe"))  # noqa: S314  we wrote it
    assert message.text == "abc"


def test_an_answer_that_is_too_long_is_cut() -> None:
    text = "128 1: Mina\n" * 200
    (message,) = ET.fromstring(twiml(text))  # noqa: S314  we wrote it
    assert message.text == f"{text[: LONGEST - 1]}…"
