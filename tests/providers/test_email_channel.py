"""Mails out, through the real SMTP library against an honest server."""

import logging
import socket
import subprocess
import sys
import traceback
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from integrations.contract import OutboundMessage
from integrations.email.channel import EmailChannel
from integrations.email.server import MailServer
from integrations.errors import ChannelError, Rejected, Unavailable, Uncertain
from support.fake_smtp import FakeSmtp

FRIDAY_NIGHT = datetime(2026, 11, 20, 21, 12, tzinfo=UTC)
PAGE = OutboundMessage(
    reference="9f3a",
    to="sara@example.com",
    text="بحرانی #128\nمینا ر: جایزه واریز نشده\n.\nپاسخ: ۱۲۸ ۱=قبول",
)
PASSWORD = "s3cr3t-w0rd"


@pytest.fixture
async def smtp() -> AsyncIterator[FakeSmtp]:
    async with FakeSmtp() as fake:
        yield fake


def channel(smtp: FakeSmtp, **settings: str) -> EmailChannel:
    hangs = "hang" in smtp.answers.values()
    server = MailServer(
        host=smtp.host,
        port=smtp.port,
        security=settings.pop("security", "none"),
        timeout_s=0.3 if hangs else 5,
        **settings,
    )
    sender = "oncall@care.example"
    return EmailChannel(server, sender=sender, now=lambda: FRIDAY_NIGHT)


async def failure(smtp: FakeSmtp, **settings: str) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        await channel(smtp, **settings).send(PAGE)
    return caught.value


async def test_a_page_arrives_as_it_was_written(smtp: FakeSmtp):
    receipt = await channel(smtp).send(PAGE)
    (mail,) = smtp.mails
    assert (mail.sender, mail.to) == ("oncall@care.example", ["sara@example.com"])
    assert mail.message.get_content().split("\r\n") == [*PAGE.text.split("\n"), ""]
    assert mail.message.get_content_type() == "text/plain"
    assert mail.message["Subject"] == "بحرانی #128"
    assert receipt.provider_id == mail.message["Message-ID"] == "<9f3a@care.example>"
    assert not receipt.delivered


async def test_a_mail_says_who_when_and_that_a_machine_sent_it(smtp: FakeSmtp):
    await channel(smtp).send(PAGE)
    mail = smtp.mails[0].message
    assert (mail["From"], mail["To"]) == ("oncall@care.example", "sara@example.com")
    assert mail["Date"].datetime == FRIDAY_NIGHT
    assert mail["Auto-Submitted"] == "auto-generated"


async def test_only_ascii_is_on_the_wire(smtp: FakeSmtp):
    await channel(smtp).send(PAGE)
    wire = smtp.mails[0].wire
    assert wire.isascii()
    assert max(map(len, wire.split(b"\r\n"))) <= 78


async def test_the_same_page_again_is_the_same_mail(smtp: FakeSmtp):
    for _ in range(2):
        await channel(smtp).send(PAGE)
    first, second = smtp.mails
    assert first.wire == second.wire


async def test_we_take_our_leave_and_say_our_domain(smtp: FakeSmtp):
    await channel(smtp).send(PAGE)
    assert smtp.mails[0].greeting == "care.example"
    assert smtp.said_goodbye == 1


async def test_a_login_is_used_where_there_is_one():
    async with FakeSmtp(login=("oncall", PASSWORD)) as smtp:
        await channel(smtp, username="oncall", password=PASSWORD).send(PAGE)
        assert len(smtp.mails) == 1


@pytest.mark.parametrize("answer", ["550 5.1.1 No such user", "550 no", "553 5.1.3 x"])
async def test_a_mailbox_that_is_not_there_is_broken(smtp: FakeSmtp, answer: str):
    smtp.answers["RCPT"] = answer
    refused = await failure(smtp)
    assert isinstance(refused, Rejected)
    assert refused.broken
    assert refused.code == answer[:3]


@pytest.mark.parametrize(
    "answer",
    [
        "554 5.7.1 Relay access denied",
        "550 5.4.1 x",
        "550 5.1.8 Sender address rejected: Domain not found",
        "553 5.1.7 Sender address rejected",
        "552 5.2.2 Mailbox full",
        "552 Over quota",
        "554 Not now",
        "530 Authentication required",
    ],
)
async def test_a_server_that_will_not_deliver_there_leaves_the_address_whole(
    smtp: FakeSmtp, answer: str
):
    smtp.answers["RCPT"] = answer
    refused = await failure(smtp)
    assert isinstance(refused, Rejected)
    assert not refused.broken


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("MAIL", "421 4.3.2 Shutting down"),
        ("MAIL", "550 5.7.1 Not your domain"),
        ("RCPT", "450 4.2.2 Mailbox full"),
        ("RCPT", "451 4.7.1 Greylisted"),
        ("RCPT", "hang"),
        ("RCPT", "drop"),
        ("DATA", "452 4.3.1 No space"),
    ],
)
async def test_what_was_surely_not_taken_is_tried_later(
    smtp: FakeSmtp, command: str, answer: str
):
    smtp.answers[command] = answer
    assert type(await failure(smtp)) is Unavailable
    assert smtp.mails == []


async def test_a_refused_mail_leaves_the_address_whole(smtp: FakeSmtp):
    smtp.answers["DATA"] = "554 5.6.0 I do not like this"
    refused = await failure(smtp)
    assert isinstance(refused, Rejected)
    assert not refused.broken


@pytest.mark.parametrize("answer", ["hang", "drop"])
async def test_silence_after_the_mail_leaves_it_in_doubt(smtp: FakeSmtp, answer: str):
    smtp.answers["DATA"] = answer
    assert type(await failure(smtp)) is Uncertain
    assert len(smtp.mails) == 1


async def test_a_wrong_password_says_what_to_check():
    async with FakeSmtp(login=("oncall", PASSWORD)) as smtp:
        refused = await failure(smtp, username="oncall", password="another")
    assert type(refused) is Unavailable
    assert "check username and password" in refused.detail


async def test_nothing_is_said_in_the_clear_when_it_was_to_be_private(
    smtp: FakeSmtp,
):
    refused = await failure(smtp, security="starttls")
    assert type(refused) is Unavailable
    assert "check security" in refused.detail
    assert smtp.mails == []


async def test_a_server_without_tls_is_not_spoken_to_by_tls(smtp: FakeSmtp):
    assert type(await failure(smtp, security="tls")) is Unavailable
    assert smtp.mails == []


async def test_a_server_that_is_away_is_tried_later():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    smtp = FakeSmtp()
    smtp.port = port
    refused = await failure(smtp)
    assert type(refused) is Unavailable
    assert "check host, port" in refused.detail


async def test_an_address_beyond_ascii_is_rejected(smtp: FakeSmtp):
    page = OutboundMessage(reference="1", to="سارا@example.com", text="x")
    with pytest.raises(Rejected):
        await channel(smtp).send(page)


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("RCPT", "550 5.1.1 <sara@example.com> unknown"),
        ("MAIL", "550 sara@example.com"),
        ("DATA", "554 prize of sara@example.com"),
        ("DATA", "hang"),
    ],
)
async def test_neither_secret_nor_address_nor_text_is_in_an_error(
    command: str, answer: str, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG, logger="aiosmtplib")
    async with FakeSmtp(login=("oncall", PASSWORD)) as smtp:
        smtp.answers[command] = answer
        error = await failure(smtp, username="oncall", password=PASSWORD)
    told = "".join(traceback.format_exception(error)) + repr(error)
    ours = [record for record in caplog.records if record.name.startswith("aiosmtplib")]
    told += "".join(record.getMessage() for record in ours)
    assert PASSWORD not in told
    assert "sara@" not in told
    assert "جایزه" not in told


def test_making_a_channel_does_not_import_the_library():
    program = (
        "import sys; from integrations.email.channel import EmailChannel; "
        "from integrations.email.server import MailServer; "
        "EmailChannel(MailServer(host='h', port=1), sender='a@b', now=None); "
        "sys.exit('aiosmtplib' in sys.modules)"
    )
    command = [sys.executable, "-c", program]
    assert subprocess.run(command, check=False).returncode == 0  # noqa: S603 (our own)
