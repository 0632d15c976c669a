"""A bounce says which letters of ours it is about, who was missed, and whether for good."""

import pytest

from integrations.intake.contract import Bounce
from support.letters import in_parts, letter, part, plain, read

OURS = "<ours-1@oncall.example>"
GIVEN_BACK = f"From: care@example.com\r\nTo: zo@example.org\r\nMessage-ID: {OURS}\r\n"
SERVER = b"Mail Delivery System <MAILER-DAEMON@mx.example.org>"
REPORT = b"report; report-type=delivery-status"


def report(status: str, *, back: bytes = b"message/rfc822") -> bytes:
    return in_parts(
        plain("I'm sorry to have to inform you."),
        part(
            b"message/delivery-status",
            f"Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; zo@example.org\r\n{status}",
        ),
        part(back, GIVEN_BACK + "\r\n"),
        kind=REPORT,
        sender=SERVER,
        subject=b"Undelivered Mail Returned to Sender",
    )


FOR_GOOD = Bounce(message_ids=(OURS,), recipients=("zo@example.org",), permanent=True)
DELAYED = Bounce(message_ids=(OURS,), recipients=("zo@example.org",), permanent=False)


@pytest.mark.parametrize(
    ("status", "bounce"),
    [
        ("Action: failed\r\nStatus: 5.1.1", FOR_GOOD),
        ("Action: failed\r\nStatus: 4.4.7", FOR_GOOD),  # given up after days
        ("Status: 5.2.2", FOR_GOOD),
        ("Action: delayed\r\nStatus: 4.4.1", DELAYED),
        ("Action: Delayed", DELAYED),
        ("Status: 4.2.2", DELAYED),
        ("Action: delivered\r\nStatus: 2.0.0", None),
        ("Action: relayed\r\nStatus: 2.0.0", None),
    ],
)
@pytest.mark.parametrize("back", [b"message/rfc822", b"text/rfc822-headers"])
def test_a_report_is_read_as_rfc_3464_says(
    status: str, bounce: Bounce | None, back: bytes
):
    message = read(report(status, back=back))
    assert message.bounce == bounce
    assert (message.auto_reply, message.opens) == (True, False)


INLINE = [
    (
        "exim",
        SERVER,
        "Mail delivery failed: returning message to sender",
        (
            "A message that you sent could not be delivered.\n\n  zo@example.org\n"
            "    SMTP error: 550 no such user\n\n"
            "------ This is a copy of the message, including all the headers. ------\n\n"
        ),
    ),
    (
        "qmail",
        b"MAILER-DAEMON@mx.example.org",
        "failure notice",
        (
            "Hi. This is the qmail-send program at mx.example.org.\n\n<zo@example.org>:\n"
            "Sorry, no mailbox here by that name.\n\n"
            "--- Below this line is a copy of the message.\n\n"
        ),
    ),
    (
        "opensmtpd",
        b"Mailer Daemon <MAILER-DAEMON@mx.example.org>",
        "Delivery status notification: error",
        (
            "    Hi!\n\nzo@example.org: 550 5.1.1 no\n\n"
            "    Below is a copy of the original message:\n\n"
        ),
    ),
    (
        "sendmail 5",
        b"Mail Delivery Subsystem <MAILER-DAEMON>",
        "Returned mail: User unknown",
        (
            "   ----- Transcript of session follows -----\n550 <zo@example.org>... unknown\n\n"
            "   ----- Unsent message follows -----\n"
        ),
    ),
    (
        "dragonfly",
        b"<MAILER-DAEMON@mx.example.org>",
        "Mail delivery failed",
        (
            "There was an error delivering your mail to <zo@example.org>.\n\n"
            "Message headers follow.\n\n"
        ),
    ),
]


@pytest.mark.parametrize(
    ("sender", "subject", "words"),
    [case[1:] for case in INLINE],
    ids=[c[0] for c in INLINE],
)
def test_a_letter_given_back_below_the_servers_words_is_found(
    sender: bytes, subject: str, words: str
):
    raw = letter(words + GIVEN_BACK, sender=sender, subject=subject)
    assert read(raw).bounce == FOR_GOOD


@pytest.mark.parametrize(
    ("subject", "words", "permanent"),
    [
        ("Delivery Status Notification (Delay)", "x", False),
        ("Warning: could not send message for past 4 hours", "x", False),
        ("Delivery Status Notification (Failure)", "x", True),
        ("failure notice", "It will be retried. No action is required.", False),
        ("failure notice", "temporarily full; I'm not going to try again", True),
    ],
)
def test_without_a_report_the_servers_words_tell_a_delay(
    subject: str, words: str, permanent: object
):
    bounce = read(letter(words, sender=SERVER, subject=subject)).bounce
    assert bounce is not None
    assert bounce.permanent is permanent


def test_gmail_names_the_letter_in_its_headers_alone():
    head = f"X-Failed-Recipients: zo@example.org\r\nIn-Reply-To: {OURS}\r\n".encode()
    assert read(letter(sender=SERVER, head=head)).bounce == FOR_GOOD


def test_a_server_with_a_persons_name_that_gives_a_letter_back_is_a_bounce():
    raw = in_parts(
        plain("Could not be delivered to: <zo@example.org>"),
        part(b"message/rfc822", GIVEN_BACK),
        sender=b"no-reply@mx.example.org",
        subject="メールエラー通知".encode(),
    )
    message = read(raw)
    assert message.bounce == FOR_GOOD
    assert not message.opens


@pytest.mark.parametrize(
    "raw",
    [
        letter(),
        letter(subject=b"Automatic reply: hi", head=b"Return-Path: <>\r\n"),
        in_parts(plain("x"), part(b"message/disposition-notification", b"a: b")),
        in_parts(
            plain("x"),
            part(b"message/feedback-report", b"a: b"),
            kind=b"report; report-type=feedback-report",
            sender=b"postmaster@example.org",
        ),
    ],
)
def test_other_letters_are_no_bounces(raw: bytes):
    assert read(raw).bounce is None
