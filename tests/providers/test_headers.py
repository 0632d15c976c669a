"""Nobody's words write a header of ours: letters, calendars, calls and TwiML."""

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import icalendar
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from integrations.contract import OutboundMessage
from integrations.email.answer import EmailAnswers, answer
from integrations.email.channel import EmailChannel
from integrations.email.letter import letter
from integrations.email.server import MailServer
from integrations.errors import Rejected
from integrations.header import header, mailbox, message_id
from integrations.intake.reply import Account, Words
from integrations.reply.kinds import APIS
from integrations.twilio.answer import asking, telling, twiml
from oncall.feeds import FeedCalendar, FeedSlot, Role, render
from oncall.model import Language
from support.hostile import HOSTILE, TWICE, encoded

NOW = datetime(2026, 11, 20, 21, 12, tzinfo=UTC)
OURS = "care@parvaz.example"
SETTLED = settings(derandomize=True, deadline=None, max_examples=60)
ADDRESS = st.one_of(st.just("m@example.com"), HOSTILE)


def names_and_values(wire: bytes) -> list[tuple[str, str]]:
    """Return the headers as mail programs read them, decoded; the body must be ours."""
    read = message_from_bytes(wire, policy=policy.default)
    assert not read.defects
    return [(name, str(value)) for name, value in read.items()]


def assert_no_smuggled_header(wire: bytes, allowed: set[str]) -> None:
    head = wire.partition(b"\r\n\r\n")[0]
    assert b"\n" not in head.replace(b"\r\n", b"")
    assert b"\r" not in head.replace(b"\r\n", b"")
    found = names_and_values(wire)
    names = [name.lower() for name, _ in found]
    assert len(names) == len(set(names))
    assert set(names) <= allowed
    for _, value in found:
        assert not re.search(r"[\x00-\x1f\x7f]", value)
        assert "=?" not in value, "somebody decodes it once more"
    assert b"charset" in wire.lower()


PAGE = {
    *("from", "to", "subject", "date", "message-id", "auto-submitted"),
    *("x-auto-response-suppress", "mime-version", "content-type"),
    "content-transfer-encoding",
}
ANSWER = (PAGE - {"auto-submitted", "x-auto-response-suppress"}) | {
    *("reply-to", "in-reply-to", "references"),
}


@SETTLED
@given(HOSTILE, HOSTILE)
@example(TWICE, "")
def test_no_words_write_a_header_of_a_page(subject: str, more: str):
    message = OutboundMessage(
        reference="1", to="s@example.com", text=f"{subject}\n{more}"
    )
    wire = letter(message, sender=OURS, now=NOW).as_bytes()
    assert_no_smuggled_header(wire, PAGE)


@SETTLED
@given(HOSTILE, ADDRESS, ADDRESS, st.lists(HOSTILE, max_size=3))
@example(TWICE, "m@example.com", "", [])
@example("x", "m@example.com", "=?utf-8?q?a=0d=0aBcc:b?=@example.com", [])
@example("x", "m@example.com", "", ["<1@x>\r\nBcc: b@example.com"])
@example("x", "m@example.com", "", ["<=?utf-8?q?a=0d=0aBcc:b?=@example.com>"])
def test_no_words_write_a_header_of_an_answer(
    subject: str, to: str, back: str, ids: list[str]
):
    message = OutboundMessage(
        reference="1",
        to=f"{to} {back}",
        text="It is paid.",
        subject=f"Re: {subject} [#128]",
        answers=(*ids, f"<{''.join(ids)}>"),
    )
    wire = answer(message, sender=OURS, now=NOW)
    assert_no_smuggled_header(wire, ANSWER)
    body = message_from_bytes(wire, policy=policy.default).get_content()
    assert body.split() == ["It", "is", "paid."]


@pytest.mark.parametrize(
    "address",
    [
        "m@example.com\r\nRCPT TO:<x@example.com>",
        "m@example.com,x@example.com",
        "=?utf-8?q?a=0d=0aBcc:b?=@example.com",
        "<m@example.com>",
        "",
    ],
)
async def test_an_address_that_is_more_than_one_is_written_to_nobody(address: str):
    nowhere = MailServer(host="127.0.0.1", port=9)
    message = OutboundMessage(reference="1", to=address, text="hi")
    for way in (EmailChannel, EmailAnswers):
        with pytest.raises(Rejected):
            await way(nowhere, sender=OURS, now=lambda: NOW).send(message)


@pytest.mark.parametrize(
    "address", ["m@example.com", "o'neil+x=y@mail.example.co.uk", "a..b@docomo.example"]
)
def test_an_address_as_people_have_them_is_kept(address: str):
    assert mailbox(address) == address


def test_words_stay_as_they_are_but_for_what_would_be_decoded():
    assert header("می‌خواهم «جایزه»") == "می‌خواهم «جایزه»"
    assert header("a = ? b =") == "a = ? b ="
    assert header(encoded("x")) == "= ?utf-8?b?eA== ?="
    assert header("=\u200e?utf-8") == "= ?utf-8"
    assert header("one\u2028two\x00\x85three") == "one two three"
    assert message_id("<a=b?c$1@x.example>") == "<a=b?c$1@x.example>"


@SETTLED
@given(HOSTILE, HOSTILE)
def test_no_words_write_a_line_of_a_calendar(name: str, title: str):
    slot = FeedSlot(
        uid="1@example.com",
        rotation_title=title,
        role=Role.ON_CALL,
        person_name=name,
        start=NOW,
        end=NOW + timedelta(hours=1),
        sequence=0,
        revised_at=NOW,
        before=name,
        after=title,
        call=name,
    )
    calendar = FeedCalendar(
        name=title, url="https://x.example/", language=Language.ENGLISH, slots=(slot,)
    )
    read = icalendar.Calendar.from_ical(render(calendar))
    (event,) = read.walk("VEVENT")
    assert set(event) == {
        *("UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND"),
        *("SUMMARY", "DESCRIPTION", "STATUS", "TRANSP"),
        "X-MICROSOFT-CDO-BUSYSTATUS",
    } - ({"DESCRIPTION"} if "DESCRIPTION" not in event else set())
    for words in (event["SUMMARY"], read["NAME"]):
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", words)


@SETTLED
@given(HOSTILE, HOSTILE)
def test_no_words_write_a_line_of_a_call_to_a_product(to: str, text: str):
    account = Account(url="https://desk.example", token="t0ken", user="a@example.com")
    for api in APIS.values():
        harmless = api.send(account, Words(to="1", text="hi"))
        call = api.send(account, Words(to=to, text=text, reference="1"))
        assert call.headers == harmless.headers
        assert re.fullmatch(r"[!-~]+", call.path)


@SETTLED
@given(HOSTILE)
def test_no_words_write_an_element_of_what_twilio_is_answered(text: str):
    for document in (
        twiml(text),
        telling(text, "en"),
        asking(text, "en", keys_to="https://x.example/?page=1"),
    ):
        tags = {element.tag for element in ET.fromstring(document).iter()}  # noqa: S314
        assert tags <= {"Response", "Message", "Say", "Gather", "Hangup"}
