"""Mail servers hand letters over: what was taken is answered for, nothing else is."""

import asyncio
import smtplib
from collections.abc import AsyncIterator
from contextlib import suppress
from email.message import EmailMessage

import pytest
from aiosmtplib import SMTP, SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

from integrations.errors import Unavailable
from integrations.intake.email.delivery import Brought
from integrations.smtp.door import MOST_AT_ONCE, Door
from integrations.smtp.session import MOST_RECIPIENTS

US = "support@example.com"
OURS = frozenset({US, "vip@example.com", "پشتیبانی@example.com"})
LETTER = b"From: mina@example.com\r\nMessage-ID: <m1@x>\r\n\r\nwhere is it?\r\n"
LARGEST = 4096


class Kept:
    """Where letters go; a test may say that there is no room."""

    def __init__(self) -> None:
        self.letters: list[Brought] = []
        self.full = False
        self.broken = False
        self.let_go = asyncio.Event()
        self.let_go.set()

    async def take(self, brought: Brought) -> None:
        await self.let_go.wait()
        if self.full:
            msg = "the disk is full of secrets"
            raise Unavailable(msg)
        if self.broken:
            msg = "secrets"
            raise ZeroDivisionError(msg)
        self.letters.append(brought)


@pytest.fixture
def kept() -> Kept:
    return Kept()


def door(way: str) -> Door:
    return Door(
        way=way,
        host="127.0.0.1",
        port=0,
        recipients=OURS,
        largest=LARGEST,
        hostname="oncall.example.com",
    )


@pytest.fixture
async def smtp(kept: Kept) -> AsyncIterator[Door]:
    opened = door("smtp")
    await opened.open(kept.take)
    yield opened
    await opened.close()


@pytest.fixture
async def lmtp(kept: Kept) -> AsyncIterator[Door]:
    opened = door("lmtp")
    await opened.open(kept.take)
    yield opened
    await opened.close()


def client(opened: Door) -> SMTP:
    return SMTP(hostname=opened.host, port=opened.port, use_tls=False, start_tls=False)


async def deliver(
    opened: Door, *recipients: str, raw: bytes = LETTER, sender: str = "mina@x.com"
) -> list[tuple[int, bytes]]:
    """Hand a letter over by LMTP; return what each recipient was answered."""

    def talk() -> list[tuple[int, bytes]]:
        with smtplib.LMTP(opened.host, opened.port, local_hostname="mx") as server:
            server.ehlo_or_helo_if_needed()
            server.mail(sender)
            codes = [server.rcpt(each) for each in recipients]
            taken = [each for each in codes if each[0] == 250]
            if not taken:
                return codes
            answers = [server.data(raw), *(server.getreply() for _ in taken[1:])]
            assert server.noop()[0] == 250, "an answer too many, or too few"
            return answers

    return await asyncio.to_thread(talk)


async def test_a_letter_by_smtp_is_taken_as_it_is(smtp: Door, kept: Kept):
    async with client(smtp) as server:
        await server.sendmail("mina@x.com", [US], LETTER)
    (letter,) = kept.letters
    assert letter.raw == LETTER
    assert letter.way == "smtp"
    assert letter.sender == "mina@x.com"
    assert letter.recipients == (US,)
    assert letter.place.startswith("smtp://127.0.0.1:")


async def test_a_letter_by_lmtp_is_answered_for_each_recipient(lmtp: Door, kept: Kept):
    answers = await deliver(lmtp, US, "VIP@example.com")
    assert [code for code, _ in answers] == [250, 250]
    (letter,) = kept.letters
    assert letter.recipients == (US, "VIP@example.com")
    assert letter.raw == LETTER


async def test_one_unknown_recipient_does_not_keep_the_letter_from_the_others(
    lmtp: Door, kept: Kept
):
    answers = await deliver(lmtp, "nobody@example.com", US)
    assert [code for code, _ in answers] == [250]
    assert [letter.recipients for letter in kept.letters] == [(US,)]


@pytest.mark.parametrize(
    "stranger", ["nobody@example.com", "support@example.org", "postmaster"]
)
async def test_letters_to_others_are_refused(smtp: Door, kept: Kept, stranger: str):
    async with client(smtp) as server:
        with pytest.raises(SMTPRecipientsRefused) as caught:
            await server.sendmail("mina@x.com", [stranger], LETTER)
    assert [each.code for each in caught.value.recipients] == [550]
    assert kept.letters == []


async def test_a_bounce_comes_from_nobody(smtp: Door, kept: Kept):
    async with client(smtp) as server:
        await server.sendmail("", [US], LETTER)
    (letter,) = kept.letters
    assert letter.sender == ""


async def test_a_letter_that_cannot_be_stored_is_to_come_again(smtp: Door, kept: Kept):
    kept.full = True
    async with client(smtp) as server:
        with pytest.raises(SMTPDataError) as caught:
            await server.sendmail("mina@x.com", [US], LETTER)
        assert caught.value.code == 451
        assert "secrets" not in caught.value.message
        kept.full = False
        await server.sendmail("mina@x.com", [US], LETTER)
    assert len(kept.letters) == 1


async def test_by_lmtp_too_each_recipient_hears_of_it(lmtp: Door, kept: Kept):
    kept.full = True
    answers = await deliver(lmtp, US, "vip@example.com")
    assert [code for code, _ in answers] == [451, 451]
    assert not any(b"secrets" in said for _, said in answers)


async def test_a_mistake_of_ours_is_to_come_again_too(smtp: Door, kept: Kept):
    kept.broken = True
    async with client(smtp) as server:
        with pytest.raises(SMTPDataError) as caught:
            await server.sendmail("mina@x.com", [US], LETTER)
    assert caught.value.code == 451
    assert "secrets" not in caught.value.message


async def test_a_letter_that_says_it_is_too_large_is_refused_at_once(
    smtp: Door, kept: Kept
):
    async with client(smtp) as server:
        with pytest.raises(SMTPSenderRefused) as caught:
            await server.sendmail("mina@x.com", [US], b"x" * (LARGEST + 1))
    assert caught.value.code == 552
    assert kept.letters == []


async def test_a_letter_that_is_too_large_is_refused_to_each_recipient(
    lmtp: Door, kept: Kept
):
    raw = LETTER + b"so long\r\n" * LARGEST
    answers = await deliver(lmtp, US, "vip@example.com", raw=raw)
    assert [code for code, _ in answers] == [552, 552]
    assert kept.letters == []


async def test_lines_may_be_longer_than_the_protocol_has_them(smtp: Door, kept: Kept):
    raw = LETTER + b"x" * 3000 + b"\r\n"
    async with client(smtp) as server:
        await server.sendmail("mina@x.com", [US], raw)
    assert [letter.raw for letter in kept.letters] == [raw]


async def test_lines_that_begin_with_a_dot_are_as_they_were(lmtp: Door, kept: Kept):
    raw = LETTER + b".\r\n..hidden\r\n"
    await deliver(lmtp, US, raw=raw)
    assert [letter.raw for letter in kept.letters] == [raw]


async def test_addresses_may_be_in_any_script(smtp: Door, kept: Kept):
    message = EmailMessage()
    message["From"] = "مینا@example.com"
    message["To"] = "پشتیبانی@example.com"
    message["Subject"] = "جایزه"
    message.set_content("کجاست؟")
    async with client(smtp) as server:
        await server.send_message(message)
    (letter,) = kept.letters
    assert letter.sender == "مینا@example.com"
    assert letter.recipients == ("پشتیبانی@example.com",)


async def test_addresses_that_are_no_text_do_no_harm(smtp: Door, kept: Kept):
    reader, writer = await asyncio.open_connection(smtp.host, smtp.port)
    said = (
        b"EHLO x\r\nMAIL FROM:<m\xe9na@x.com>\r\n"
        b"RCPT TO:<support@example.com>\r\nDATA\r\nSubject: x\r\n\r\nhi\r\n.\r\nQUIT\r\n"
    )
    for line in said.splitlines(keepends=True):
        writer.write(line)
    answers = await reader.read()
    assert b"250 2.0.0" in answers
    writer.close()
    (letter,) = kept.letters
    assert letter.sender == "m?na@x.com"


@pytest.mark.parametrize("greeting", ["HELO mx", "EHLO mx"])
async def test_by_lmtp_nobody_greets_as_by_smtp(lmtp: Door, greeting: str):
    reader, writer = await asyncio.open_connection(lmtp.host, lmtp.port)
    await reader.readline()
    writer.write(f"{greeting}\r\n".encode())
    assert (await reader.readline()).startswith(b"500")
    writer.close()


async def test_a_place_that_is_taken_is_told(smtp: Door, kept: Kept):
    second = Door(
        way="smtp",
        host=smtp.host,
        port=smtp.port,
        recipients=OURS,
        largest=1,
        hostname="x",
    )
    with pytest.raises(OSError, match="in use"):
        await second.open(kept.take)


async def sent(opened: Door) -> str:
    async with client(opened) as server:
        _, answer = await server.sendmail("mina@x.com", [US], LETTER)
        return answer


async def test_who_closes_answers_first_for_what_is_being_stored(kept: Kept):
    opened = door("smtp")
    await opened.open(kept.take)
    kept.let_go.clear()
    sending = asyncio.create_task(sent(opened))
    while opened.is_empty:
        await asyncio.wait([sending], timeout=0.01)
    closing = asyncio.create_task(opened.close())
    await asyncio.wait([closing], timeout=0.01)
    assert not closing.done()
    kept.let_go.set()
    assert "stored" in await sending
    await closing
    assert len(kept.letters) == 1


async def test_a_closed_door_lets_nobody_in_and_hangs_up(kept: Kept):
    opened = door("smtp")
    await opened.open(kept.take)
    reader, writer = await asyncio.open_connection(opened.host, opened.port)
    await reader.readline()
    await opened.close()
    assert await reader.read() == b""
    writer.close()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(opened.host, opened.port)


async def test_of_too_many_conversations_the_most_silent_makes_room(
    smtp: Door, kept: Kept
):
    silent = [
        await asyncio.open_connection(smtp.host, smtp.port) for _ in range(MOST_AT_ONCE)
    ]
    for reader, _ in silent:
        assert (await reader.readline()).startswith(b"220")
    silent[0][1].write(b"NOOP\r\n")
    assert (await silent[0][0].readline()).startswith(b"250")
    assert "stored" in await sent(smtp)
    with suppress(ConnectionError):
        assert await silent[1][0].read() == b"", "it had said nothing for longest"
    silent[0][1].write(b"NOOP\r\n")
    assert (await silent[0][0].readline()).startswith(b"250")
    for _, writer in silent:
        writer.close()
    assert len(kept.letters) == 1


async def test_who_is_being_answered_makes_no_room(smtp: Door, kept: Kept):
    kept.let_go.clear()
    sending = asyncio.create_task(sent(smtp))
    while smtp.is_empty:
        await asyncio.wait([sending], timeout=0.01)
    others = [
        await asyncio.open_connection(smtp.host, smtp.port)
        for _ in range(2 * MOST_AT_ONCE)
    ]
    kept.let_go.set()
    assert "stored" in await sending
    for _, writer in others:
        writer.close()


async def test_a_letter_has_no_more_recipients_than_it_may(lmtp: Door):
    reader, writer = await asyncio.open_connection(lmtp.host, lmtp.port)
    to = f"RCPT TO:<{US}>\r\n" * (MOST_RECIPIENTS + 2)
    writer.write(f"LHLO mx\r\nMAIL FROM:<mina@x.com>\r\n{to}QUIT\r\n".encode())
    answers = await reader.read()
    writer.close()
    assert answers.count(b"\r\n250 2.1.5") == MOST_RECIPIENTS
    assert answers.count(b"\r\n452 4.5.3") == 2
