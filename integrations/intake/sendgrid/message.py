"""What SendGrid says: a letter's fields, each in its own charset, or the raw letter."""

import json
from collections.abc import Mapping
from email import message_from_string
from email.errors import MessageError

from integrations.intake.contract import CanonicalMessage, IntakeRequest, Unparsed
from integrations.intake.email.letter import Letter, canonical
from integrations.intake.email.mime import read_letter
from integrations.intake.form import Form, read_form
from integrations.intake.reading import dig, size, text
from integrations.intake.text import clean, html_to_text, without_quotes


def parse(request: IntakeRequest) -> tuple[CanonicalMessage, ...]:
    """Read the letter of a request."""
    form = read_form(request)
    path = dig(_json(form, "envelope"), "from")
    envelope = path if isinstance(path, str) else None
    if "email" in form.fields:
        letter = read_letter(form.fields["email"], envelope=envelope)
    elif "from" in form.fields:
        letter = _letter(form, envelope)
    else:
        reason = "The form has neither a sender nor a raw letter."
        raise Unparsed(reason)
    return (canonical(letter),)


def _letter(form: Form, envelope: str | None) -> Letter:
    charsets = _json(form, "charsets")

    def field(name: str) -> str:
        return form.text(name, text(charsets, name) or "utf-8")

    plain = field("text")
    return Letter(
        headers=_headers(field("headers")),
        sender=field("from"),
        subject=field("subject"),
        text=without_quotes(plain) if plain.strip() else html_to_text(field("html")),
        envelope=envelope,
        attachments=form.attachments(size(form.text("attachments"))),
        recipient=text(_json(form, "envelope"), "to", 0) or "",
    )


def _json(form: Form, name: str) -> object:
    try:
        return json.loads(form.text(name))
    except (ValueError, RecursionError):
        return None


def _headers(written: str) -> Mapping[str, str]:
    try:
        read = message_from_string(written.strip())
    except (MessageError, ValueError, LookupError):
        return {}
    return {name.lower(): clean(str(value)) for name, value in reversed(read.items())}
