"""What Telegram tells us."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.contract import Button, InboundReply
from integrations.telegram.inbound import Blocked, parse, verify
from integrations.telegram.limits import check_buttons, fitting
from support.payloads import payload

MESSAGE = payload("telegram_customer_message")["body"]
PRESS = payload("telegram_responder_button")["body"]
KEYS = [
    *("update_id", "message", "callback_query", "my_chat_member", "from", "chat"),
    *("id", "text", "data", "message_id", "new_chat_member", "status", "first_name"),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
    ),
    max_leaves=20,
)

SETTLED = settings(derandomize=True, deadline=None)


def test_a_message_is_read_as_it_was_written() -> None:
    assert parse(MESSAGE) == InboundReply(
        channel="telegram",
        delivery_id="700000001",
        sender="111222333",
        sender_name="مینا",
        chat="111222333",
        text="سلام، جایزه\u200cام واریز نشد؛ شماره قرعه ۱۲۳۴",
        message_id="41",
    )


def test_a_press_brings_the_button_the_message_and_the_presser() -> None:
    assert parse(PRESS) == InboundReply(
        channel="telegram",
        delivery_id="700000002",
        sender="222333444",
        sender_name="Reza",
        chat="222333444",
        text="",
        button="a:128:3:kX9",
        message_id="77",
        callback_id="4382bfdwdsb323b2d9",
    )


def test_in_a_group_the_presser_is_not_the_chat() -> None:
    group = {"id": -100123, "type": "supergroup"}
    message = {**PRESS["callback_query"]["message"], "chat": group}
    press = {**PRESS["callback_query"], "message": message}
    read = parse({**PRESS, "callback_query": press})
    assert isinstance(read, InboundReply)
    assert (read.sender, read.chat) == ("222333444", "-100123")


def test_a_press_on_a_message_too_old_to_be_told_still_counts() -> None:
    press = {k: v for k, v in PRESS["callback_query"].items() if k != "message"}
    read = parse({"update_id": 1, "callback_query": press})
    assert isinstance(read, InboundReply)
    assert (read.button, read.chat, read.message_id) == ("a:128:3:kX9", "", "")


def test_a_press_without_data_is_a_press_all_the_same() -> None:
    press = {k: v for k, v in PRESS["callback_query"].items() if k != "data"}
    read = parse({"update_id": 1, "callback_query": press})
    assert isinstance(read, InboundReply)
    assert read.button == ""


def test_start_with_a_code_comes_as_its_text() -> None:
    message = {**MESSAGE["message"], "text": "/start Ab_9-x"}
    read = parse({**MESSAGE, "message": message})
    assert isinstance(read, InboundReply)
    assert read.text == "/start Ab_9-x"


def test_what_stands_under_a_picture_is_an_answer() -> None:
    message = {k: v for k, v in MESSAGE["message"].items() if k != "text"}
    shown = {**message, "photo": [{"file_id": "x"}], "caption": "128 1"}
    read = parse({**MESSAGE, "message": shown})
    assert isinstance(read, InboundReply)
    assert read.text == "128 1"


def test_first_and_last_name_are_one_name() -> None:
    sender = {"id": 5, "first_name": "Mina", "last_name": "Rad"}
    read = parse({**MESSAGE, "message": {**MESSAGE["message"], "from": sender}})
    assert isinstance(read, InboundReply)
    assert read.sender_name == "Mina Rad"


def blocking(status: str, chat_type: str = "private") -> object:
    return {
        "update_id": 7,
        "my_chat_member": {
            "from": {"id": 222333444},
            "chat": {"id": 222333444, "type": chat_type},
            "new_chat_member": {"status": status},
        },
    }


def test_a_block_names_who_blocked() -> None:
    assert parse(blocking("kicked")) == Blocked(delivery_id="7", user="222333444")


@pytest.mark.parametrize(
    "update", [blocking("member"), blocking("kicked", chat_type="group")]
)
def test_other_changes_of_membership_ask_nothing(update: object) -> None:
    assert parse(update) is None


@pytest.mark.parametrize(
    "update",
    [
        None,
        "nonsense",
        [],
        {},
        {"update_id": "1", "message": MESSAGE["message"]},
        {"update_id": 1, "message": None},
        {"update_id": 1, "message": {"text": "no sender"}},
        {"update_id": 1, "callback_query": {"id": 5, "from": {"id": 1}}},
        {"update_id": 1, "edited_message": MESSAGE["message"]},
        {"update_id": 1, "message": {**MESSAGE["message"], "text": None}},
        {
            "update_id": 1,
            "message": {**MESSAGE["message"], "from": {"id": 1, "is_bot": True}},
        },
    ],
)
def test_what_is_none_of_ours_is_none(update: object) -> None:
    assert parse(update) is None


@SETTLED
@given(JSON)
def test_no_json_makes_the_parser_fail(update: object) -> None:
    assert parse(update) is None or isinstance(update, dict)


@pytest.mark.parametrize(
    ("header", "secret", "ours"),
    [
        ("test-secret", "test-secret", True),
        ("test-secre", "test-secret", False),
        ("", "test-secret", False),
        ("راز", "test-secret", False),
        ("", "", False),
    ],
)
def test_only_our_own_secret_opens_the_webhook(
    header: str, secret: str, *, ours: bool
) -> None:
    assert verify(header=header, secret=secret) is ours


@SETTLED
@given(st.text(), st.integers(2, 40))
def test_a_cut_text_fits_and_begins_as_the_whole(text: str, units: int) -> None:
    whole = text.encode("utf-16-le", "replace").decode("utf-16-le")
    cut = fitting(text, units)
    assert len(cut.encode("utf-16-le")) <= 2 * units
    assert whole.startswith(cut.removesuffix("…"))


@pytest.mark.parametrize(
    ("text", "cut"),
    [("abcd", "abcd"), ("abcde", "abc…"), ("😀😀", "😀😀"), ("😀😀x", "😀…"), ("", "")],
)
def test_only_a_text_that_is_too_long_is_cut(text: str, cut: str) -> None:
    assert fitting(text, 4) == cut


def test_a_button_needs_a_label() -> None:
    with pytest.raises(ValueError, match="label"):
        check_buttons([[Button(label="", data="x")]])
