"""Where an answer goes, as each product's message says it."""

import json

import pytest

from integrations.intake.contract import Direction
from integrations.intake.email import parse
from support.intake import NAMES, edited, only, request_of, source_of

LETTER = "From: Mina <mina@example.com>\r\nSubject: prize\r\n{}\r\nhello\r\n"


def reply_to(*headers: str) -> str | None:
    lines = "".join(f"{header}\r\n" for header in headers)
    return parse(LETTER.format(lines).encode()).reply_to


def test_chatwoot_s_conversation_is_one_of_an_account():
    assert only(edited("chatwoot_message_created")).reply_to == "1/10"
    nameless = edited("chatwoot_message_created", (("account", "id"), None))
    assert only(nameless).reply_to == ""


def test_whatsapp_answers_from_the_number_that_was_written_to():
    message = only(edited("whatsapp_cloud_message"))
    assert message.reply_to == "106540352242922/966500000001"
    place = ("entry", 0, "changes", 0, "value", "metadata", "phone_number_id")
    assert only(edited("whatsapp_cloud_message", (place, None))).reply_to == ""


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("email", "email"),
        ("web", "email"),
        ("phone", "email"),
        ("telegram personal-message", "telegram personal-message"),
    ],
)
def test_zammad_answers_by_the_channel_or_else_by_mail(kind: str, expected: str):
    changes = (("article", "type"), kind), (("ticket", "customer", "email"), "m@x.org")
    ticket, way, to = only(edited("zammad_ticket_trigger", *changes)).reply_to.split(
        "/"
    )
    assert ticket == only(edited("zammad_ticket_trigger")).conversation_id
    assert (way, to) == (expected, "m@x.org" if expected == "email" else "")


def test_zammad_texts_go_to_the_number_that_wrote():
    changes = (("article", "type"), "sms"), (("article", "from"), "+4915112345678")
    said = only(edited("zammad_ticket_trigger", *changes)).reply_to
    assert said.endswith("/sms/+4915112345678")


def test_a_letter_is_answered_where_it_asks_for_answers():
    assert reply_to() == "mina@example.com"
    assert reply_to("Reply-To: M <m@example.org>") == "m@example.org"
    assert reply_to("Reply-To: nobody at all") == "mina@example.com"


def test_a_letter_is_answered_from_the_address_it_came_to():
    to = reply_to("Delivered-To: help@parvaz.example", "To: friend@example.org")
    assert to == "mina@example.com help@parvaz.example"
    assert reply_to("To: friend@example.org") == "mina@example.com"


def test_a_letter_from_no_address_cannot_be_answered():
    raw = LETTER.format("").replace("<mina@example.com>", "")
    assert parse(raw.encode()).reply_to == ""


def test_whatsapp_s_states_carry_our_mark_and_why_they_failed():
    status = json.loads(request_of("whatsapp_status").body)
    assert status["entry"]
    place = ("entry", 0, "changes", 0, "value", "statuses", 0)
    changes = (
        ((*place, "biz_opaque_callback_data"), "page-1"),
        ((*place, "errors"), [{"code": 131026, "title": "Undeliverable"}]),
    )
    message = only(edited("whatsapp_status", *changes))
    assert (message.reference, message.code) == ("page-1", "131026")


@pytest.mark.parametrize("name", NAMES)
def test_only_states_carry_marks(name: str):
    for message in source_of(name).parse(request_of(name)):
        if message.direction is not Direction.STATUS:
            assert message.reference is None
            assert message.code is None
