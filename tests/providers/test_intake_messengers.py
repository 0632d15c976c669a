"""What messengers bring besides text: edits, deletions, places, orders, forms."""

import json
from typing import Any

import pytest

from integrations.intake.contract import CanonicalMessage, Direction
from integrations.intake.kinds import source
from integrations.intake.reply import Account, Words
from integrations.intake.telegram import reply
from integrations.telegram.bot import CUSTOMERS_UPDATES
from support.intake import only, post

NUMBER = "966500000001"


def whatsapp(message: dict[str, Any], *, echo: bool = False) -> CanonicalMessage:
    ends = {"from": "1555", "to": NUMBER} if echo else {"from": NUMBER}
    said = {"id": "wamid.X", "timestamp": "1795203731", **ends, **message}
    value = {"message_echoes" if echo else "messages": [said]}
    field = "smb_message_echoes" if echo else "messages"
    body = {
        "object": "whatsapp_business_account",
        "entry": [{"changes": [{"field": field, "value": value}]}],
    }
    return only(source("whatsapp").parse(post(body)))


FORM = {
    "flow_token": "t",
    "order": "4711",
    "reasons": ["late", "broken"],
    "call": True,
}
KINDS: list[tuple[dict[str, Any], str]] = [
    ({"type": "image", "image": {"mime_type": "image/jpeg"}}, "[image]"),
    ({"type": "video", "video": {"caption": "See"}}, "See\n[video]"),
    ({"type": "audio", "audio": {"voice": True}}, "[voice message]"),
    ({"type": "audio", "audio": {}}, "[audio]"),
    ({"type": "sticker", "sticker": {}}, "[sticker]"),
    (
        {"type": "document", "document": {"filename": "bill.pdf"}},
        "[document: bill.pdf]",
    ),
    (
        {
            "type": "location",
            "location": {"latitude": 35.7, "longitude": 51.4, "name": "Shop 4"},
        },
        "[location: Shop 4, 35.7, 51.4]",
    ),
    (
        {
            "type": "contacts",
            "contacts": [
                {"name": {"formatted_name": "Ali R"}, "phones": [{"phone": "+98912"}]},
                {"name": {"first_name": "Sam"}, "emails": [{"email": "s@example.com"}]},
            ],
        },
        "[contact: Ali R, +98912]\n[contact: Sam, s@example.com]",
    ),
    (
        {
            "type": "order",
            "order": {
                "text": "for Friday",
                "product_items": [
                    {
                        "product_retailer_id": "SKU-1",
                        "quantity": 2,
                        "item_price": 9.5,
                        "currency": "EUR",
                    }
                ],
            },
        },
        "for Friday\n[order: 2 × SKU-1 at 9.5 EUR]",
    ),
    (
        {
            "type": "interactive",
            "interactive": {
                "type": "nfm_reply",
                "nfm_reply": {
                    "name": "flow",
                    "body": "Sent",
                    "response_json": json.dumps(FORM),
                },
            },
        },
        "[form: flow: Sent]\norder: 4711\nreasons: late, broken\ncall: yes",
    ),
    (
        {
            "type": "interactive",
            "interactive": {"nfm_reply": {"name": "flow", "response_json": "{"}},
        },
        "[form: flow]",
    ),
    (
        {"type": "unsupported", "errors": [{"code": 131051}]},
        "[a message of a kind that WhatsApp does not hand on]",
    ),
]


@pytest.mark.parametrize(("message", "words"), KINDS)
def test_what_is_no_text_in_whatsapp_says_what_it_is(
    message: dict[str, Any], words: str
):
    read = whatsapp(message)
    assert (read.opens, read.text) == (True, words)


def test_an_edit_in_whatsapp_names_the_message_whose_words_it_has():
    inner = {"context": {"id": "M0"}, "type": "text", "text": {"body": "a data leak"}}
    edit = {"original_message_id": "wamid.O", "message": inner}
    read = whatsapp({"type": "edit", "edit": edit})
    assert (read.direction, read.opens) == (Direction.INBOUND, False)
    assert (read.edits, read.text) == ("wamid.O", "a data leak")
    image = {
        "original_message_id": "wamid.O",
        "message": {"image": {"caption": "Bill"}},
    }
    assert whatsapp({"type": "edit", "edit": image}).text == "Bill\n[image]"


def test_a_deletion_in_whatsapp_names_the_message_and_opens_nothing():
    read = whatsapp({"type": "revoke", "revoke": {"original_message_id": "wamid.O"}})
    assert (read.direction, read.opens) == (Direction.STATUS, False)
    assert (read.deletes, read.why) == ("wamid.O", "A message was taken back.")


@pytest.mark.parametrize("kind", ["reaction", "system", "revoke"])
def test_what_opens_nothing_in_whatsapp_says_why(kind: str):
    for echo in (False, True):
        read = whatsapp({"type": kind, kind: {}}, echo=echo)
        assert (read.opens, read.direction) == (False, Direction.STATUS)
        assert read.why.endswith(".")


def test_somebody_without_a_number_in_whatsapp_is_heard():
    said = {"from": None, "from_user_id": "US.13491208655302741918"}
    read = whatsapp({**said, "type": "text", "text": {"body": "Hello"}})
    assert (read.customer.phone, read.text) == (None, "Hello")
    assert read.conversation_id == "US.13491208655302741918"


def telegram(update: dict[str, Any]) -> tuple[CanonicalMessage, ...]:
    return source("telegram").parse(post({"update_id": 9, **update}))


def business(writer: int, **more: object) -> dict[str, Any]:
    return {
        "business_connection_id": "bc1",
        "message_id": 7,
        "from": {"id": writer, "is_bot": False, "first_name": "Mina"},
        "chat": {"id": 77, "type": "private"},
        "date": 1795203731,
        "text": "My prize?",
        **more,
    }


def test_a_customers_business_message_in_telegram_opens():
    message = only(telegram({"business_message": business(77)}))
    assert (message.opens, message.direction) == (True, Direction.INBOUND)
    assert (message.conversation_id, message.text) == ("77", "My prize?")
    answer = reply.send(
        Account(url="", token="1:x"),
        Words(to=message.reply_to or "", text="It is paid"),
    )
    assert answer.json == {
        "chat_id": "77",
        "text": "It is paid",
        "business_connection_id": "bc1",
    }


@pytest.mark.parametrize(
    "message",
    [business(1), business(77, sender_business_bot={"id": 5, "is_bot": True})],
)
def test_what_we_write_in_a_business_chat_opens_nothing(message: dict[str, Any]):
    read = only(telegram({"business_message": message}))
    assert (read.direction, read.opens) == (Direction.OUTBOUND, False)


def test_an_edit_in_telegram_names_the_message_whose_words_it_has():
    for kind in ("edited_message", "edited_business_message"):
        read = only(telegram({kind: business(77, edit_date=1795203799)}))
        assert (read.edits, read.opens) == ("7", False)


def test_messages_taken_back_in_a_business_chat_are_named():
    gone = {"business_connection_id": "bc1", "chat": {"id": 77}, "message_ids": [7, 8]}
    read = telegram({"deleted_business_messages": gone})
    assert [(one.deletes, one.conversation_id) for one in read] == [
        ("7", "77"),
        ("8", "77"),
    ]
    assert len({one.dedup_key for one in read}) == 2


def test_the_customers_bot_asks_for_business_messages_too():
    assert {"business_message", "edited_business_message"} <= set(CUSTOMERS_UPDATES)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (
            {"contact": {"first_name": "Ali", "phone_number": "+98912"}},
            "[contact: Ali, +98912]",
        ),
        (
            {
                "location": {"latitude": 35.7, "longitude": 51.4},
                "venue": {"title": "Shop 4", "address": "1 Main St"},
            },
            "[location: Shop 4, 1 Main St, 35.7, 51.4]",
        ),
        ({"poll": {"question": "When?"}}, "[poll: When?]"),
    ],
)
def test_what_is_no_text_in_telegram_says_what_it_is(more: dict[str, Any], words: str):
    message = business(77, **more)
    del message["text"], message["business_connection_id"]
    assert only(telegram({"message": message})).text == words


def instagram(event: dict[str, Any]) -> CanonicalMessage:
    ends = {
        "sender": {"id": "66"},
        "recipient": {"id": "1"},
        "timestamp": 1795203731950,
    }
    body = {"object": "instagram", "entry": [{"messaging": [{**ends, **event}]}]}
    return only(source("instagram").parse(post(body)))


def test_an_edit_and_a_deletion_in_instagram_name_their_message():
    edit = instagram({"message_edit": {"mid": "m1", "text": "a data leak"}})
    assert (edit.edits, edit.text, edit.opens) == ("m1", "a data leak", False)
    gone = instagram({"message": {"mid": "m1", "is_deleted": True}})
    assert (gone.deletes, gone.direction) == ("m1", Direction.STATUS)
    sent = instagram({"message": {"mid": "m1", "text": "all is well"}})
    assert len({edit.dedup_key, gone.dedup_key, sent.dedup_key}) == 3


def test_a_picture_in_instagram_says_what_it_is():
    story = {"type": "story_mention", "payload": {"url": "https://cdn.example/1"}}
    assert instagram({"message": {"mid": "m", "attachments": [story]}}).text == (
        "[story mention]"
    )
