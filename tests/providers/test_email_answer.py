"""Answers to customers as letters, whatever is in them."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.contract import OutboundMessage
from integrations.email.answer import MOST_REFERENCES, EmailAnswers, answer
from integrations.email.server import MailServer
from integrations.errors import Rejected
from integrations.intake.email import parse

NOW = datetime(2026, 11, 20, 21, 12, tzinfo=UTC)
OURS = "care@parvaz.example"
SETTLED = settings(derandomize=True, deadline=None)
WORDS = st.text(st.characters(exclude_categories=["Cs"]))


def message(text: str = "It is paid.", *ids: str, to: str = "m@example.com"):
    return OutboundMessage(
        reference="9f3", to=to, text=text, subject="Re: prize [#128]", answers=ids
    )


def letter(sent: OutboundMessage) -> EmailMessage:
    read = message_from_bytes(answer(sent, sender=OURS, now=NOW), policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def test_a_person_wrote_it_so_no_mark_says_a_machine_did():
    names = {name.lower() for name in letter(message())}
    assert not names & {"auto-submitted", "x-auto-response-suppress", "precedence"}
    assert not parse(answer(message(), sender=OURS, now=NOW)).auto_reply


def test_the_same_answer_has_the_same_id_however_often_it_is_sent():
    ids = {letter(message())["Message-ID"] for _ in range(2)}
    assert ids == {"<9f3@parvaz.example>"}


def test_without_a_letter_to_answer_there_is_no_thread():
    assert letter(message())["References"] is None


def test_long_ids_stay_as_they_are():
    ids = [f"<{'x' * length}@mail.example.com>" for length in (20, 200, 480)]
    wire = answer(message("hi", *ids), sender=OURS, now=NOW)
    assert all(one.encode() in wire for one in ids)
    read = parse(wire)
    assert read.references == tuple(ids)
    assert read.conversation_id == ids[-1]
    assert max(map(len, wire.split(b"\r\n"))) < 998


def test_a_long_thread_keeps_its_first_letter_and_the_newest():
    ids = [f"<{number}@example.com>" for number in range(100)]
    kept = letter(message("hi", *ids))["References"].split()
    assert kept == [ids[0], *ids[-MOST_REFERENCES:]]


def test_an_id_that_no_header_can_hold_is_left_out():
    assert letter(message("hi", "<ß@x>", f"<{'x' * 990}@y>"))["References"] is None


def test_answers_to_it_come_back_to_the_address_the_customer_wrote_to():
    back = letter(message(to="m@example.com help@parvaz.example"))
    assert (back["To"], back["Reply-To"]) == ("m@example.com", "help@parvaz.example")
    assert letter(message())["Reply-To"] is None


@SETTLED
@given(WORDS)
def test_no_words_add_a_header(text: str):
    sent = message(f"{text}\nBcc: x@example.com", "<1@example.com>")
    assert letter(sent).keys() == letter(message("hi", "<1@example.com>")).keys()


async def test_an_address_most_servers_do_not_take_is_refused_for_good():
    way = EmailAnswers(
        MailServer(host="127.0.0.1", port=9), sender=OURS, now=lambda: NOW
    )
    with pytest.raises(Rejected):
        await way.send(message(to="مینا@example.com"))
