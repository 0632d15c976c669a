"""What Twilio says of a text that somebody wrote to our number."""

import re

from integrations.intake.contract import (
    Attachment,
    CanonicalMessage,
    Customer,
    Direction,
    IntakeRequest,
)
from integrations.intake.form import Form, read_form
from integrations.intake.reading import must, size

_WHATSAPP = "whatsapp:"
_NUMBER = re.compile(r"\+[0-9]{7,15}")
_MOST_FILES = 10


def parse(request: IntakeRequest) -> tuple[CanonicalMessage, ...]:
    """Read a text; what the carrier acted upon (STOP and its kin) is none."""
    form = read_form(request)
    sid = must(form.text("MessageSid") or None, "MessageSid")
    sender = must(form.text("From") or None, "sender")
    if form.text("OptOutType"):
        return ()
    return (_message(form, sid, sender),)


def _message(form: Form, sid: str, sender: str) -> CanonicalMessage:
    """Read a text of a person. What no number can be answered at, a machine wrote."""
    number = sender.removeprefix(_WHATSAPP)
    automatic = _NUMBER.fullmatch(number) is None
    files = _files(form)
    words = "\n".join(filter(None, (form.text("Body").strip(), *files)))
    return CanonicalMessage(
        source="twilio-whatsapp" if sender.startswith(_WHATSAPP) else "sms",
        direction=Direction.INBOUND,
        opens=not automatic,
        conversation_id=number,
        message_id=sid,
        dedup_key=sid,
        customer=Customer(
            name=form.text("ProfileName") or None,
            phone=None if automatic else number,
            handle=number if automatic else None,
        ),
        text=words or None,
        auto_reply=automatic,
        attachments=_attachments(form),
    )


def _files(form: Form) -> tuple[str, ...]:
    """Return a line for each picture or file that came along."""
    return tuple(
        " ".join(
            filter(
                None,
                (
                    f"[{form.text(f'MediaContentType{place}') or 'file'}]",
                    form.text(f"MediaUrl{place}"),
                ),
            )
        )
        for place in range(_count(form))
    )


def _attachments(form: Form) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(type=form.text(f"MediaContentType{place}"))
        for place in range(_count(form))
    )


def _count(form: Form) -> int:
    return min(size(form.text("NumMedia")), _MOST_FILES)
