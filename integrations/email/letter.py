"""A page as a mail: RFC 5322, and marked as sent by a machine (RFC 3834)."""

import email.policy
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from integrations.contract import OutboundMessage
from integrations.header import header

# nothing but ASCII on the wire: the oldest server in the way passes it on unchanged
WIRE = email.policy.SMTP.clone(cte_type="7bit")
LONGEST_SUBJECT = 150


def letter(message: OutboundMessage, *, sender: str, now: datetime) -> EmailMessage:
    """Return the mail. The same message has the same Message-ID however often sent.

    Its first line is the subject too, for those who only see that on a locked phone.
    """
    mail = EmailMessage(policy=WIRE)
    mail["From"] = sender
    mail["To"] = message.to
    mail["Subject"] = subject(message.text)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id(message.reference, sender)
    # no holiday answers, neither by the standard nor by Exchange
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(message.text)
    return mail


def message_id(reference: str, sender: str) -> str:
    """Return the id of the mail that carries `reference`."""
    word = "".join(char for char in reference if char.isascii() and char.isalnum())
    return f"<{word}@{sender.rpartition('@')[2]}>"


def subject(text: str) -> str:
    """Return the first line that is not blank, as the header that it becomes."""
    return next(filter(None, map(header, text.splitlines())), "")[:LONGEST_SUBJECT]
