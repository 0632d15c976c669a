"""A customer's words are there whole, once and in order, in whatever parts they come."""

import base64

import pytest

from integrations.intake.contract import Attachment
from support.letters import html, in_parts, letter, part, plain, read

PICTURE = part(b"image/png; name=a.png", b"\x89PNG")
FORWARDED = b"From: i@example.org\r\nSubject: inner\r\n\r\nthe complaint itself"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (
            in_parts(plain("see the picture:"), PICTURE, plain("order 4711")),
            "see the picture:\n\norder 4711",
        ),
        (
            in_parts(html("<p>charged twice</p>"), plain("This mail was scanned.")),
            "charged twice\n\nThis mail was scanned.",
        ),
        (
            in_parts(html("<p>one</p>"), PICTURE, html("<p>two</p>")),
            "one\n\ntwo",
        ),
        (
            in_parts(
                plain("Your mail program does not show HTML."),
                html("<p>there is a data leak</p>"),
                kind=b"alternative",
            ),
            "there is a data leak",
        ),
        (
            in_parts(
                plain("I paid twice. Please help me."),
                html("<div>I paid <b>twice</b>.<br>Please help me.</div>"),
                kind=b"alternative",
            ),
            "I paid twice. Please help me.",
        ),
        (
            in_parts(plain("I paid twice"), html("<p>I paid twice</p>")),
            "I paid twice",
        ),
        (
            in_parts(
                plain("Dear team, the first lines"),
                html(
                    "<p>Dear team, the first lines</p><p>and all that comes after them</p>"
                ),
                kind=b"alternative",
            ),
            "Dear team, the first lines\nand all that comes after them",
        ),
        (
            in_parts(part(b"message/rfc822", FORWARDED), subject=b"Fwd: x"),
            "inner\nthe complaint itself",
        ),
        (
            in_parts(plain("please read"), part(b"message/rfc822", FORWARDED)),
            "please read\n\ninner\nthe complaint itself",
        ),
        (
            in_parts(
                part(
                    b"message/rfc822",
                    base64.encodebytes(FORWARDED),
                    b"Content-Transfer-Encoding: base64\r\n",
                )
            ),
            "inner\nthe complaint itself",
        ),
        (letter(b"\r\nhello\rthere\r\n"), "hello\nthere"),
        (
            letter(b"d29yZHM=", head=b"Content-Transfer-Encoding: base64;\r\n"),
            "words",
        ),
        (
            letter(b"--o\r\n\r\nno end", kind=b"multipart/mixed; boundary=o"),
            "no end",
        ),
        (
            letter(
                b"--p\r\nContent-Type: text/plain\r\n\r\nother line\r\n--p--",
                kind=b"multipart/mixed; boundary=o",
            ),
            "other line",
        ),
        (letter(b"<html><p>I paid</p></html>", kind=b"html"), "I paid"),
        (
            letter(
                b"<meta charset=windows-1256>" + "پول نرسيد".encode("cp1256"),
                kind=b"text/html",
            ),
            "پول نرسيد",
        ),
        (letter(b"just words", kind=b"multipart/mixed"), "just words"),
        (
            letter(b"words").replace(b"\r\n", b"\r"),
            "words",
        ),
    ],
)
def test_words_are_read(raw: bytes, words: str):
    assert read(raw).text == words


def test_a_letter_that_was_handed_on_whole_is_new_though_it_is_named_as_answered():
    held = b"Message-ID: <inner@x>\r\n" + FORWARDED
    raw = in_parts(part(b"message/rfc822", held), head=b"In-Reply-To: <inner@x>\r\n")
    assert "the complaint itself" in (read(raw).text or "")


def test_our_letter_that_an_answer_brings_along_is_old():
    held = b"Message-ID: <ours@x>\r\nSubject: s\r\n\r\nno data leak"
    raw = in_parts(
        plain("all is well"),
        part(b"message/rfc822", held),
        subject=b"Re: s",
        head=b"In-Reply-To: <ours@x>\r\n",
    )
    message = read(raw)
    assert message.text == "all is well"
    assert "no data leak" in (message.quoted or "")


def test_files_are_listed_by_name():
    raw = in_parts(
        plain("see"),
        part(
            b"application/pdf",
            base64.encodebytes(b"x" * 300),
            b"Content-Transfer-Encoding: base64\r\n"
            b"Content-Disposition: attachment; filename*=utf-8''%D8%B1%D8%B3%DB%8C%D8%AF.pdf\r\n",
        ),
        part(b'image/png; name="=?utf-8?b?2LnaqdizLnBuZw==?="', b"x"),
        part(
            b"text/plain",
            b"12345",
            b"Content-Disposition: attachment;\r\n filename*0=lo; filename*1=g.txt\r\n",
        ),
        part(b"message/rfc822", FORWARDED),
    )
    assert read(raw).attachments == (
        Attachment(name="رسید.pdf", type="application/pdf", size=300),
        Attachment(name="عکس.png", type="image/png", size=1),
        Attachment(name="log.txt", type="text/plain", size=5),
        Attachment(name="inner", type="message/rfc822", size=len(FORWARDED)),
    )
