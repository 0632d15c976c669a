"""A letter is read as it travels, whatever its charset; machines' letters never page."""

import pytest

from integrations.intake.contract import Attachment, Unparsed
from integrations.intake.email import parse
from support.intake import at_once, only, post, request_of, source_of

PLAIN = b"From: Sara K <sara@example.com>\r\nMessage-ID: <m1@example.com>\r\n"


def letter(head: bytes = b"", body: bytes = b"hello") -> bytes:
    return PLAIN + head + b"\r\n" + body


def test_a_letter_opens_a_conversation_of_its_own():
    message = parse(
        letter(b"Subject: Help\r\nDate: Fri, 20 Nov 2026 23:12:11 +0330\r\n")
    )
    assert message.opens
    assert message.conversation_id == message.dedup_key == "<m1@example.com>"
    assert (message.customer.name, message.customer.email) == (
        "Sara K",
        "sara@example.com",
    )
    assert message.subject == "Help"
    assert message.text == "hello"
    assert message.occurred_at is not None
    assert message.occurred_at.isoformat() == "2026-11-20T19:42:11+00:00"


def test_an_answer_belongs_to_the_letter_it_answers():
    message = parse(letter(b"References: <a@x> <b@x>\r\nIn-Reply-To: <b@x>\r\n"))
    assert message.conversation_id == "<b@x>"
    assert message.references == ("<a@x>", "<b@x>")
    assert message.opens


def test_an_answer_with_a_number_continues_an_issue():
    message = parse(letter(b"Subject: Re: [#128] x\r\nIn-Reply-To: <b@x>\r\n"))
    assert message.number_hint == 128
    assert not message.opens


def test_a_number_in_a_first_letter_is_only_a_hint():
    message = parse(letter("Subject: order #۱۲۸\r\n".encode()))
    assert message.number_hint == 128
    assert message.opens


@pytest.mark.parametrize(
    ("charset", "words"),
    [
        ("utf-8", "جایزه کجاست"),
        ("windows-1256", "سلام"),
        ("koi8-r", "Ничего"),
        ("iso-2022-jp", "こんにちは"),
        ("utf-16", "سلام"),
        ("latin-1", "déjà"),
    ],
)
def test_every_charset_is_read(charset: str, words: str):
    head = f"Content-Type: text/plain; charset={charset}\r\n".encode()
    assert parse(letter(head, words.encode(charset))).text == words


@pytest.mark.parametrize("charset", ["nonsense", "ascii", "latin-1", ""])
def test_a_charset_that_lies_is_seen_through(charset: str):
    head = f"Content-Type: text/plain; charset={charset}\r\n".encode()
    assert parse(letter(head, "سلام".encode())).text == "سلام"


def test_a_letter_in_html_is_read_and_its_files_are_counted():
    head = b"Content-Type: multipart/mixed; boundary=x\r\n"
    body = (
        b"--x\r\nContent-Type: text/html\r\n\r\n<p>hi</p>\r\n"
        b"--x\r\nContent-Type: text/plain\r\n"
        b"Content-Disposition: attachment; filename=a.txt\r\n\r\nsecret\r\n--x--\r\n"
    )
    message = parse(letter(head, body))
    assert message.text == "hi"
    assert message.attachments == (Attachment(name="a.txt", type="text/plain", size=6),)


def test_a_part_without_headers_is_text_too():
    head = b"Content-Type: multipart/mixed; boundary=x\r\n"
    assert parse(letter(head, b"--x\r\n\r\nhello\r\n--x--\r\n")).text == "hello"


@pytest.mark.parametrize(
    "mark",
    [
        b"Auto-Submitted: auto-replied\r\n",
        b"Auto-Submitted: auto-generated; owner-email=x\r\n",
        b"Precedence: bulk\r\n",
        b"Precedence: Auto_Reply\r\n",
        b"X-Autoreply: yes\r\n",
        b"List-Id: <news.example.com>\r\nPrecedence: list\r\n",
        b"List-Unsubscribe: <https://example.com/bye>\r\nTo: support@shop.example\r\n",
        b"Precedence: list\r\nList-Post: NO\r\nTo: news@example.com\r\n",
        b"Precedence: list\r\nList-Post: <mailto:talk@x.y>\r\nTo: a@x.y\r\n",
        b"List-Id: <support.shop.example>\r\nAuto-Submitted: auto-replied\r\n",
        b"Precedence: bulk\r\nList-Post: <mailto:a@x.y>\r\nTo: a@x.y\r\n",
        b"Return-Path: <>\r\n",
        b"Return-Path: <MAILER-DAEMON@example.com>\r\n",
        b"Content-Type: multipart/report; boundary=x\r\n",
    ],
)
def test_a_machines_letter_opens_nothing(mark: bytes):
    message = parse(letter(mark))
    assert message.auto_reply
    assert not message.opens


@pytest.mark.parametrize(
    "mark",
    [
        b"Auto-Submitted: no\r\n",
        b"Precedence: normal\r\n",
        b"Return-Path: <s@x.y>\r\n",
        b"List-Id: <support.shop.example>\r\n",
        b"List-Id: Care <support.shop.example>\r\nTo: support@shop.example\r\n",
    ],
)
def test_a_persons_letter_opens(mark: bytes):
    assert parse(letter(mark)).opens


@pytest.mark.parametrize("field", [b"To", b"Cc"])
def test_a_letter_to_a_support_address_that_is_a_list_opens(field: bytes):
    head = (
        field + b': "Care" <Support@shop.example>, other@x.y\r\n'
        b"List-Id: <support.shop.example>\r\nPrecedence: list\r\n"
        b"List-Post: <https://groups.example/post>, <mailto:support@shop.example>\r\n"
        b"List-Unsubscribe: <mailto:leave@groups.example>\r\n"
    )
    assert parse(letter(head)).opens


def test_a_web_forms_letter_is_from_whom_an_answer_goes_to():
    raw = b"From: Shop <no-reply@example.com>\r\nReply-To: Nora <nora@x.y>\r\n\r\nhelp"
    message = parse(raw)
    assert message.opens
    assert message.customer.email == "nora@x.y"


def test_a_letter_without_an_id_is_named_by_its_words():
    raw = b"From: a@x.y\r\n\r\nhelp"
    assert parse(raw).dedup_key == parse(raw).dedup_key
    assert parse(raw).dedup_key != parse(raw + b"!").dedup_key


def test_a_letter_to_very_many_is_read_at_once():
    raw = b"From: mina@example.com\r\nTo: " + b"Nader <n@x.y>, " * 30_000
    with at_once():
        message = parse(raw + b"sara@example.com\r\nSubject: Broken\r\n\r\nhello")
    assert (message.customer.email, message.subject) == ("mina@example.com", "Broken")


@pytest.mark.parametrize("raw", [b"", b"\r\n", b"\xff\x00", b"\r\njust words"])
def test_what_has_no_headers_is_no_letter(raw: bytes):
    with pytest.raises(Unparsed, match="no headers"):
        parse(raw)


def test_mailgun_posts_files_in_parts_and_a_bounce_without_sender():
    body = (
        b'--b\r\nContent-Disposition: form-data; name="sender"\r\n\r\n\r\n'
        b'--b\r\nContent-Disposition: form-data; name="from"\r\n\r\nD <d@x.y>\r\n'
        b'--b\r\nContent-Disposition: form-data; name="body-plain"\r\n\r\nlate\r\n'
        b'--b\r\nContent-Disposition: form-data; name="attachment-1"; filename="a"'
        b"\r\n\r\n\x00\x01\r\n--b--\r\n"
    )
    request = post(body, content_type='multipart/form-data; boundary="b"')
    message = only(source_of("mailgun_inbound_route").parse(request))
    assert message.text == "late"
    assert message.attachments == (Attachment(name="a", size=2),)
    assert message.auto_reply


def test_sendgrid_may_post_the_raw_letter():
    raw = letter(b"Subject: raw\r\n")
    head = b'--b\r\nContent-Disposition: form-data; name="email"\r\n\r\n'
    envelope = b'\r\n--b\r\nContent-Disposition: form-data; name="envelope"\r\n\r\n'
    body = head + raw + envelope + b'{"from":""}\r\n--b--\r\n'
    request = post(body, content_type="multipart/form-data; boundary=b")
    message = only(source_of("sendgrid_inbound_parse").parse(request))
    assert (message.subject, message.text) == ("raw", "hello")
    assert message.auto_reply


def test_the_same_letter_through_two_gateways_has_one_name():
    mailgun = only(
        source_of("mailgun_inbound_route").parse(request_of("mailgun_inbound_route"))
    )
    direct = parse(b"From: sara@example.com\r\nMessage-Id: <m2@example.com>\r\n\r\nx")
    assert (mailgun.source, mailgun.dedup_key) == (direct.source, direct.dedup_key)
