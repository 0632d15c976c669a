"""The products' other shapes: replies, comments, echoes, older forms, mappings."""

from typing import Any

import pytest

from integrations.intake.contract import Direction, Unparsed
from integrations.intake.kinds import source
from support.intake import edited, only, post
from support.payloads import payload

INTERCOM = "intercom_conversation_user_created"


def test_intercoms_older_items_are_read():
    item = {
        "id": "5",
        "user": {"id": "u1", "name": "Omar", "email": "o@example.com"},
        "conversation_message": {"body": "<p>Hi</p>", "author": {"type": "user"}},
    }
    message = only(edited(INTERCOM, (("data", "item"), item)))
    assert (message.text, message.customer.name) == ("Hi", "Omar")


def test_intercoms_reply_is_the_newest_part():
    part = {"id": "9", "body": "<p>And?</p>", "author": {"type": "user"}}
    message = only(
        edited(
            INTERCOM,
            (("topic",), "conversation.user.replied"),
            (("data", "item", "conversation_parts", "conversation_parts"), [part]),
        )
    )
    assert (message.message_id, message.text) == ("9", "And?")


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"type": "image", "image": {"caption": "look"}}, "look\n[image]"),
        ({"type": "button", "button": {"text": "Yes"}}, "Yes"),
        (
            {"type": "interactive", "interactive": {"list_reply": {"title": "Refund"}}},
            "Refund",
        ),
        (
            {"type": "unsupported"},
            "[a message of a kind that WhatsApp does not hand on]",
        ),
    ],
)
def test_whatsapps_other_messages_open_too(message: dict[str, Any], words: str | None):
    place = ("entry", 0, "changes", 0, "value", "messages", 0)
    sent = {"from": "966500000001", "id": "wamid.X", **message}
    read = only(edited("whatsapp_cloud_message", (place, sent)))
    assert read.opens
    assert read.text == words


def test_a_changed_telegram_message_continues_and_does_not_open():
    message = payload("telegram_customer_message")["body"]["message"]
    update = {"update_id": 9, "edited_message": {**message, "edit_date": 1795203799}}
    read = only(source("telegram").parse(post(update)))
    assert read.direction is Direction.INBOUND
    assert not read.opens


def test_a_mapping_that_finds_no_conversation_says_where_it_looked():
    bank = source("generic", name="bank", mapping={"conversation_id": "issue.ref"})
    with pytest.raises(Unparsed, match=r'nothing at "issue\.ref"'):
        bank.parse(post({}))


def test_a_mapping_steps_into_lists_and_translates():
    mapping = {
        "conversation_id": "parts.-1.ref",
        "message_id": "parts.0.id",
        "severity": {"path": "level", "map": {"P1": "critical"}, "default": "normal"},
        "tags": "labels",
        "direction": "way",
    }
    bank = source("generic", name="bank", mapping=mapping)
    parts = [{"id": 7}, {"ref": "A"}]
    body = {"parts": parts, "level": "P1", "labels": ["x"], "way": "outbound"}
    message = only(bank.parse(post(body)))
    assert (message.dedup_key, message.severity) == ("generic:bank:A:7", "critical")
    assert (message.tags, message.opens, message.weak_key) == (("x",), False, False)
    other = only(bank.parse(post({**body, "level": "P9"})))
    assert other.severity == "normal"


def test_a_mapping_may_say_that_a_machine_wrote():
    mapping = {"conversation_id": "ref", "auto_reply": "machine"}
    bank = source("generic", name="bank", mapping=mapping)
    by_machine = only(bank.parse(post({"ref": "A", "machine": "true"})))
    by_person = only(bank.parse(post({"ref": "A", "machine": False})))
    assert (by_machine.auto_reply, by_machine.opens) == (True, False)
    assert (by_person.auto_reply, by_person.opens) == (False, True)


@pytest.mark.parametrize(
    ("written", "automatic"), [(True, True), (False, False), ("no", False), (1, True)]
)
def test_a_mapping_reads_yes_and_no_as_json_writes_them(
    *, written: object, automatic: bool
):
    mapping = {"conversation_id": "ref", "auto_reply": "machine"}
    bank = source("generic", name="bank", mapping=mapping)
    message = only(bank.parse(post({"ref": "A", "machine": written})))
    assert message.auto_reply is automatic


def test_a_mapping_translates_yes_and_no():
    place = {"path": "mine", "map": {"true": "outbound", "false": "inbound"}}
    mapping = {"conversation_id": "ref", "direction": place}
    bank = source("generic", name="bank", mapping=mapping)
    message = only(bank.parse(post({"ref": "A", "mine": True})))
    assert message.direction is Direction.OUTBOUND


@pytest.mark.parametrize(
    ("is_staff", "is_public", "direction"),
    [
        (False, True, Direction.INBOUND),
        (True, True, Direction.OUTBOUND),
        (True, False, Direction.INTERNAL),
    ],
)
def test_a_comment_in_zendesk_goes_the_way_its_author_says(
    *, is_staff: bool, is_public: bool, direction: Direction
):
    comment = {
        "id": "77",
        "body": "Any news?",
        "is_public": is_public,
        "author": {"id": "1", "is_staff": is_staff},
    }
    message = only(
        edited(
            "zendesk_event_ticket_created",
            (("type",), "zen:event-type:ticket.comment_added"),
            (("event", "comment"), comment),
        )
    )
    assert message.direction is direction
    assert (message.message_id, message.text) == ("77", "Any news?")


@pytest.mark.parametrize(
    ("public", "writer", "direction"),
    [
        (True, "END_USER", Direction.INBOUND),
        (True, "AGENT", Direction.OUTBOUND),
        (False, "AGENT", Direction.INTERNAL),
    ],
)
def test_a_comment_in_zoho_goes_the_way_its_writer_says(
    *, public: bool, writer: str, direction: Direction
):
    comment = {
        "id": "5",
        "ticketId": "1",
        "content": "<b>Hello</b>",
        "isPublic": public,
        "commenter": {"name": "Kian", "type": writer},
    }
    event = {"eventType": "Ticket_Comment_Add", "eventTime": "1", "payload": comment}
    message = only(source("zoho").parse(post([event])))
    assert (message.direction, message.text) == (direction, "Hello")


def test_what_is_written_in_the_whatsapp_app_is_ours():
    echo = {
        "from": "15550783881",
        "to": "966500000001",
        "id": "wamid.E",
        "type": "text",
        "text": {"body": "We are on it"},
    }
    place = ("entry", 0, "changes", 0)
    change = {"field": "smb_message_echoes", "value": {"message_echoes": [echo]}}
    message = only(edited("whatsapp_cloud_message", (place, change)))
    assert message.direction is Direction.OUTBOUND
    assert (message.conversation_id, message.opens) == ("966500000001", False)


@pytest.mark.parametrize(("owner", "phone"), [(111222333, "+98912"), (5, None)])
def test_only_the_writers_own_contact_is_his_number(owner: int, phone: str | None):
    contact = {"phone_number": "+98912", "user_id": owner}
    place = ("message", "contact")
    message = only(edited("telegram_customer_message", (place, contact)))
    assert message.customer.phone == phone


def test_a_new_ticket_in_hubspot_is_no_conversation_of_the_same_number():
    event = {"subscriptionType": "ticket.creation", "eventId": 1, "objectId": 4489012}
    message = only(source("hubspot").parse(post([event])))
    assert message.conversation_id == "ticket-4489012"
    assert message.needs_fetch


def test_help_scouts_answer_of_ours_is_the_newest_of_ours():
    body = payload("helpscout_customer_reply")["body"]
    request = post(body, x_helpscout_event="convo.agent.reply.created")
    message = only(source("helpscout").parse(request))
    assert (message.message_id, message.direction) == ("7100001", Direction.OUTBOUND)


def test_front_may_send_a_preview_that_has_to_be_fetched():
    place = ("payload", "target", "data")
    preview = {"id": "msg_1", "blurb": "I cancel"}
    message = only(edited("front_inbound_received", (place, preview)))
    assert message.needs_fetch
    assert message.text == "I cancel"
