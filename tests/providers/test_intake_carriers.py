"""The words that phone companies act on, as a customer's text has them."""

from urllib.parse import urlencode

import pytest

from integrations.intake.carrier import lone_word
from integrations.intake.contract import CanonicalMessage
from integrations.intake.kinds import TEXTS
from support.intake import only, post

STOPS = ("STOP", "StopAll", "unsubscribe", "CANCEL", "End", "quit", " stop. ")
STARTS = ("START", "Unstop", "yes")


def text(body: str, *, sender: str = "+4915112345678", **more: str) -> CanonicalMessage:
    form = {"MessageSid": "SM1", "From": sender, "Body": body, **more}
    kind = "twilio-whatsapp" if sender.startswith("whatsapp") else "sms"
    return only(TEXTS[kind].parse(post(urlencode(form).encode())))


@pytest.mark.parametrize(
    ("body", "stops"),
    [
        *((body, True) for body in STOPS),
        *((body, False) for body in STARTS),
        *((body, None) for body in ("HELP", "info")),
    ],
)
def test_a_lone_word_is_bare_and_says_whether_texts_arrive(
    body: str, *, stops: bool | None
):
    message = text(body)
    assert (message.bare, message.stops, message.opens) == (True, stops, True)
    assert message.text == body.strip()


@pytest.mark.parametrize(
    "body",
    ["yes please", "stop it", "help!! my card", "the end", "", "ok", "1", "x" * 99],
)
def test_what_says_more_is_not_bare(body: str):
    message = text(body)
    assert (message.bare, message.stops) == (False, None)


def test_what_the_carrier_says_counts_in_any_language():
    assert text("ARRET", OptOutType="STOP").stops is True
    assert text("DEBUT", OptOutType="START").stops is False
    assert text("AIDE", OptOutType="HELP").bare


@pytest.mark.parametrize("body", STOPS + STARTS)
def test_whatsapp_has_no_carrier(body: str):
    message = text(body, sender="whatsapp:+4915112345678", OptOutType="STOP")
    assert (message.bare, message.stops) == (False, None)


def test_a_picture_beside_a_word_says_more():
    assert not text("stop", NumMedia="1", MediaUrl0="https://media.example/1").bare


def test_a_word_is_read_through_invisible_marks_and_width():
    assert lone_word("\u200fＳＴＯＰ\u2069") == "stop"
    assert lone_word("st-op") == ""
