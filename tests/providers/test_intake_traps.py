"""Echoes open nothing, handshakes are answered, and the products' traps are known."""

import base64
import hashlib
import hmac
from dataclasses import replace

import pytest

from integrations.intake.contract import Direction, Unparsed, Verdict
from integrations.intake.kinds import source
from support.intake import (
    RECEIVED,
    SECRET,
    Path,
    at_once,
    edited,
    only,
    post,
    request_of,
)

CHATWOOT = "chatwoot_message_created"
ZAMMAD = "zammad_ticket_trigger"
INTERCOM = "intercom_conversation_user_created"
FRESHDESK = "freshdesk_automation"
JIRA = "jira_comment_created"
FRESH_EVENT = ("freshdesk_webhook", "triggered_event")
PICTURE = 4 * 1024 * 1024


@pytest.mark.parametrize(
    ("name", "path", "value", "direction"),
    [
        (CHATWOOT, ("message_type",), "outgoing", Direction.OUTBOUND),
        (CHATWOOT, ("message_type",), 1, Direction.OUTBOUND),
        (CHATWOOT, ("message_type",), "template", Direction.INTERNAL),
        (CHATWOOT, ("message_type",), 3, Direction.INTERNAL),
        (CHATWOOT, ("message_type",), "activity", Direction.INTERNAL),
        (CHATWOOT, ("private",), True, Direction.INTERNAL),
        (ZAMMAD, ("article", "internal"), True, Direction.INTERNAL),
        (ZAMMAD, ("article", "sender"), "Agent", Direction.OUTBOUND),
        (ZAMMAD, ("article", "sender"), "System", Direction.INTERNAL),
        (INTERCOM, ("topic",), "conversation.admin.replied", Direction.OUTBOUND),
        (INTERCOM, ("topic",), "conversation.admin.noted", Direction.INTERNAL),
        (FRESHDESK, FRESH_EVENT, "{reply_sent:sent}", Direction.OUTBOUND),
        (FRESHDESK, FRESH_EVENT, "{note_type:private}", Direction.INTERNAL),
        (FRESHDESK, FRESH_EVENT, "{status:{from:2,to:5}}", Direction.STATUS),
        (JIRA, ("comment", "jsdPublic"), False, Direction.INTERNAL),
        (JIRA, ("comment", "author"), {"accountId": "x"}, Direction.OUTBOUND),
        ("front_inbound_received", ("type",), "outbound_sent", Direction.OUTBOUND),
        ("gorgias_message_created", ("message", "from_agent"), "True", "outbound"),
        ("gorgias_message_created", ("message", "public"), "False", "internal"),
        ("zendesk_event_ticket_created", ("detail", "is_public"), False, "internal"),
        ("telegram_customer_message", ("message", "from", "is_bot"), True, "outbound"),
    ],
)
def test_what_the_house_says_itself_opens_nothing(
    name: str, path: Path, value: object, direction: Direction
):
    message = only(edited(name, (path, value)))
    assert message.direction == direction
    assert not message.opens


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        (INTERCOM, ("topic",), "ping"),
        (CHATWOOT, ("event",), "conversation_updated"),
        ("telegram_customer_message", ("message", "text"), "/start"),
        ("telegram_customer_message", ("message", "text"), "/start code"),
        (
            "telegram_customer_message",
            ("message", "message_auto_delete_timer_changed"),
            {"message_auto_delete_time": 86400},
        ),
        ("front_inbound_received", ("type",), "tag_added"),
        (ZAMMAD, ("article",), None),
        (JIRA, ("webhookEvent",), "jira:issue_deleted"),
        ("zendesk_event_ticket_created", ("type",), "zen:event-type:ticket.merged"),
    ],
)
def test_what_is_no_message_brings_none(name: str, path: Path, value: object):
    assert edited(name, (path, value)) == ()


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        (CHATWOOT, ("event",), None),
        ("whatsapp_cloud_message", ("entry", 0, "changes", 0, "value"), {}),
        ("whatsapp_cloud_message", ("entry", 0, "changes"), ["text"]),
        ("telegram_customer_message", ("message",), "text"),
        (ZAMMAD, ("ticket", "id"), None),
    ],
)
def test_what_cannot_be_placed_is_said_to_be_unparsed(
    name: str, path: Path, value: object
):
    with pytest.raises(Unparsed):
        edited(name, (path, value))


@pytest.mark.parametrize("bot", ["agent_bot", "captain_assistant"])
def test_a_bots_answer_is_no_humans(bot: str):
    said = (("message_type",), "outgoing"), (("sender", "type"), bot)
    message = only(edited(CHATWOOT, *said))
    assert message.direction is Direction.INTERNAL


def test_an_unparsed_reason_holds_none_of_the_customers_words():
    request = post(b'{"ticket_id": "my secret is 1234')
    with pytest.raises(Unparsed) as unparsed:
        source("zendesk").parse(request)
    assert "1234" not in unparsed.value.reason


def test_a_raised_priority_in_freshdesk_may_open():
    message = only(edited(FRESHDESK, (FRESH_EVENT, "{priority:{from:1,to:4}}")))
    assert message.opens
    assert message.severity == "critical"


def test_freshdesk_priorities_are_words_or_codes():
    by_code = (("freshdesk_webhook", "ticket_priority"), 3)
    assert only(edited(FRESHDESK, by_code)).severity == "high"


def test_a_key_that_does_not_tell_messages_apart_says_so():
    reply = only(edited(FRESHDESK, (FRESH_EVENT, "{customer_replied:1}")))
    assert reply.weak_key
    assert not only(edited(FRESHDESK)).weak_key


@pytest.mark.parametrize("name", [CHATWOOT, ZAMMAD])
def test_a_vip_of_the_helpdesk_is_a_vip_here(name: str):
    assert only(edited(name)).customer.tier == "vip"


def test_an_old_chatwoot_sends_its_secret_in_the_address():
    request = replace(request_of(CHATWOOT), headers={})
    chatwoot = source("chatwoot")
    known = replace(request, query={"token": SECRET})
    assert chatwoot.judge(request, SECRET, RECEIVED) is Verdict.BAD_SIGNATURE
    assert chatwoot.judge(known, SECRET, RECEIVED) is Verdict.ACCEPTED


def test_a_token_does_not_mend_a_wrong_signature():
    request = request_of(CHATWOOT)
    forged = replace(request, body=b"{}", query={"token": SECRET})
    assert not source("chatwoot").verify(forged, SECRET, RECEIVED)


def test_front_is_answered_its_challenge_only_when_it_signed():
    front, at, body = source("front"), "1795203733000", b'{"type":"sync"}'
    digest = hmac.digest(SECRET.encode(), f"{at}:".encode() + body, hashlib.sha256)
    request = post(
        body,
        x_front_challenge="say this",
        x_front_request_timestamp=at,
        x_front_signature=base64.b64encode(digest).decode(),
    )
    assert front.judge(request, SECRET, RECEIVED) is Verdict.CHALLENGE
    answer = front.challenge(request, SECRET)
    assert answer is not None
    assert answer.body == "say this"
    assert front.judge(request, "other", RECEIVED) is Verdict.BAD_SIGNATURE


def test_a_rule_of_front_signs_the_body_alone():
    request = request_of("front_inbound_received")
    digest = hmac.digest(SECRET.encode(), request.body, hashlib.sha1)
    headers = {"x-front-signature": base64.b64encode(digest).decode()}
    assert source("front").verify(replace(request, headers=headers), SECRET, RECEIVED)


@pytest.mark.parametrize("kind", ["whatsapp", "instagram"])
def test_meta_is_answered_its_challenge_only_with_our_token(kind: str):
    query = {"hub.mode": "subscribe", "hub.challenge": "42"}
    asked = replace(post(b""), method="GET", query=query)
    known = replace(asked, query={**query, "hub.verify_token": SECRET})
    product = source(kind)
    assert product.judge(known, SECRET, RECEIVED) is Verdict.CHALLENGE
    answer = product.challenge(known, SECRET)
    assert answer is not None
    assert answer.body == "42"
    assert product.judge(asked, SECRET, RECEIVED) is Verdict.BAD_SIGNATURE


def test_a_get_to_a_product_without_handshake_is_refused():
    request = replace(request_of(FRESHDESK), method="GET")
    assert source("freshdesk").judge(request, SECRET, RECEIVED) is Verdict.BAD_SIGNATURE


def test_an_address_that_runs_is_no_link():
    body = {"ticket_id": "1", "link": "javascript:alert(1)"}
    assert only(source("zendesk").parse(post(body))).link is None


@pytest.mark.parametrize("kind", ["mailgun", "sendgrid"])
def test_a_form_whose_sender_is_as_large_as_a_picture_is_read_at_once(kind: str):
    head = b'--x\r\nContent-Disposition: form-data; name="from"\r\n\r\n'
    body = head + b"<" * PICTURE + b"\r\n--x--\r\n"
    request = post(body, content_type="multipart/form-data; boundary=x")
    with at_once():
        assert only(source(kind).parse(request)).opens
