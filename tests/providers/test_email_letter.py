"""A message as a mail, whatever is in it."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.contract import OutboundMessage
from integrations.email.letter import LONGEST_SUBJECT, letter, message_id, subject

NOW = datetime(2026, 11, 20, 21, 12, tzinfo=UTC)
SETTLED = settings(derandomize=True, deadline=None)
WORDS = st.text(st.characters(exclude_categories=["Cs"]))


def test_the_subject_is_the_first_line_with_anything_in_it():
    assert subject("\n  \ncritical #128\nMina: prize") == "critical #128"
    assert subject("") == ""


def test_marks_of_direction_are_for_the_body_only():
    assert subject("\u200f\u2068Mina\u2069: prize") == "Mina: prize"


def test_a_long_line_is_cut_in_the_subject():
    assert len(subject("x" * 500)) == LONGEST_SUBJECT


def test_an_id_holds_nothing_that_an_id_cannot_hold():
    assert message_id("9f3 <a>\r\n1", "oncall@care.example") == "<9f3a1@care.example>"


@SETTLED
@given(WORDS)
def test_any_text_is_a_mail_that_reads_back(text: str):
    message = OutboundMessage(reference="1", to="sara@example.com", text=text)
    wire = letter(message, sender="oncall@care.example", now=NOW).as_bytes()
    read = message_from_bytes(wire, policy=policy.default)
    assert wire.isascii()
    assert len(read.get_all("Subject", [])) == 1
    assert read["To"] == "sara@example.com"
    assert sorted(read.keys()) == sorted(set(read.keys()))


@SETTLED
@given(WORDS)
def test_no_text_adds_a_header(text: str):
    message = OutboundMessage(
        reference="1", to="sara@example.com", text=f"{text}\nBcc: x@example.com"
    )
    mail = letter(message, sender="oncall@care.example", now=NOW)
    assert "Bcc" not in mail
