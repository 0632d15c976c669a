"""Letters as deliveries: named by their Message-ID, read with their envelope."""

import hashlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.intake.contract import IntakeRequest, Unparsed, Verdict
from integrations.intake.email.delivery import Brought, delivery_id
from integrations.intake.kinds import KINDS, LETTERS
from support.intake import RECEIVED, only, post

HEAD = b"From: mina@example.com\r\n"


def brought(raw: bytes, sender: str | None = None) -> IntakeRequest:
    letter = Brought(
        raw=raw, way="lmtp", place="lmtp://h", sender=sender, recipients=("a@x", "b@x")
    )
    return letter.request(RECEIVED)


@pytest.mark.parametrize(
    "line",
    [
        b"Message-ID: <m1@x>",
        b"message-id:<m1@x>",
        b"MESSAGE-ID: \t <m1@x> (a comment)",
        b"Message-ID:\r\n <m1@x>",
        b"Message-Id:\n\t<m1@x>",
    ],
)
def test_a_letter_is_named_by_its_message_id(line: bytes):
    raw = HEAD + line + b"\r\nSubject: x\r\n\r\nbody\r\n"
    assert delivery_id(post(raw)) == "<m1@x>"


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"\r\nMessage-ID: <in-the-body@x>\r\n",
        HEAD + b"Message-ID: nothing\r\n\r\n",
        HEAD + b"X-Message-ID: <another@x>\r\n\r\n",
        b"",
    ],
)
def test_a_letter_without_a_name_is_named_by_its_bytes(raw: bytes):
    assert delivery_id(post(raw)) == hashlib.sha256(raw).hexdigest()


def test_a_letter_that_is_only_a_head_has_its_name():
    assert delivery_id(post(HEAD + b"Message-ID: <m1@x>\r\n")) == "<m1@x>"


def test_the_envelope_is_kept_beside_the_letter():
    request = brought(HEAD + b"\r\nhi", sender="mina@x.com")
    assert request.headers == {
        "return-path": "<mina@x.com>",
        "delivered-to": "a@x, b@x",
    }
    assert (request.method, request.url) == ("LMTP", "lmtp://h")


@pytest.mark.parametrize(("sender", "automatic"), [("", True), ("mina@x.com", False)])
def test_a_letter_from_nobody_is_a_machines(sender: str, *, automatic: bool):
    message = only(LETTERS["lmtp"].parse(brought(HEAD + b"\r\nhi", sender=sender)))
    assert message.auto_reply is automatic
    assert message.opens is not automatic


def test_an_answer_is_to_come_from_the_address_that_was_written_to():
    letter = Brought(raw=HEAD + b"\r\nhi", way="smtp", place="x", recipients=("us@x",))
    message = only(LETTERS["smtp"].parse(letter.request(RECEIVED)))
    assert message.reply_to == "mina@example.com us@x"


def test_without_an_envelope_the_letters_own_return_path_counts():
    raw = b"Return-Path: <>\r\n" + HEAD + b"\r\nhi"
    assert only(LETTERS["imap"].parse(brought(raw))).auto_reply


def test_nobody_can_call_for_letters():
    for kind, source in LETTERS.items():
        assert kind not in KINDS
        assert not source.called
        assert not source.signs
        assert source.judge(post(b""), "", RECEIVED) is Verdict.BAD_SIGNATURE


@settings(max_examples=200, deadline=None)
@given(
    raw=st.binary(max_size=300)
    | st.binary(max_size=100).map(lambda it: HEAD + b"Message-ID: " + it)
)
def test_any_bytes_have_a_name_and_are_read_or_unparsed(raw: bytes):
    request = brought(raw)
    name = delivery_id(request)
    assert name
    name.encode()
    with suppress(Unparsed):
        assert only(LETTERS["imap"].parse(request)).dedup_key
