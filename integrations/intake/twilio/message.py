"""What Twilio says of a text that somebody wrote to our number."""

import re

from integrations.intake import carrier
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
_STOPS = dict.fromkeys(carrier.OPT_OUT, True) | dict.fromkeys(carrier.OPT_IN, False)


def parse(request: IntakeRequest) -> tuple[CanonicalMessage, ...]:
    """Read a text, also one that the carrier acted upon (STOP and its kin)."""
    form = read_form(request)
    sid = must(form.text("MessageSid") or None, "MessageSid")
    sender = must(form.text("From") or None, "sender")
    return (_message(form, sid, sender),)


def _message(form: Form, sid: str, sender: str) -> CanonicalMessage:
    """Read a text of a person. What no number can be answered at, a machine wrote."""
    number = sender.removeprefix(_WHATSAPP)
    automatic = _NUMBER.fullmatch(number) is None
    files = _files(form)
    words = "\n".join(filter(None, (form.text("Body").strip(), *files)))
    by_sms = not sender.startswith(_WHATSAPP)
    acted_on = _acted_on(form) if by_sms and not files else ""
    return CanonicalMessage(
        source="sms" if by_sms else "twilio-whatsapp",
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
        bare=bool(acted_on),
        stops=_STOPS.get(acted_on),
    )


def _acted_on(form: Form) -> str:
    """Return the word that the carrier acts on, in any language it was told; else "".

    It does so only for texts: on WhatsApp there is no carrier.
    """
    return form.text("OptOutType").lower() or carrier.lone_word(form.text("Body"))


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
