"""What SendGrid says: a letter's fields, each in its own charset, or the raw letter."""

import json
from collections.abc import Callable, Mapping

from integrations.intake.contract import CanonicalMessage, IntakeRequest, Unparsed
from integrations.intake.email.bounce import read_bounce
from integrations.intake.email.head import read_head, words
from integrations.intake.email.letter import Letter, answered_ids, canonical
from integrations.intake.email.mime import read_letter
from integrations.intake.form import Form, read_form
from integrations.intake.quotes import Said, said_in_html, said_in_plain
from integrations.intake.reading import dig, size, text


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

    headers = _headers(form)
    said = _said(field, answers=bool(answered_ids(headers)))
    return Letter(
        headers=headers,
        sender=field("from"),
        reply_to=headers.get("reply-to", ""),
        subject=field("subject"),
        text=said.text or "",
        quoted=said.quoted,
        envelope=envelope,
        attachments=form.attachments(size(form.text("attachments"))),
        recipient=text(_json(form, "envelope"), "to", 0) or "",
        bounce=read_bounce(
            None,
            headers,
            envelope=envelope,
            sender=field("from"),
            subject=field("subject"),
            text=field("text"),
        ),
    )


def _said(field: Callable[[str], str], *, answers: bool) -> Said:
    subject, plain = field("subject"), field("text")
    if plain.strip():
        return said_in_plain(plain, subject=subject, answers=answers)
    return said_in_html(field("html"), subject=subject, answers=answers)


def _json(form: Form, name: str) -> object:
    try:
        return json.loads(form.text(name))
    except (ValueError, RecursionError):
        return None


def _headers(form: Form) -> Mapping[str, str]:
    raw = form.fields.get("headers", b"").strip()
    return {
        name: words(value) for name, value in read_head(raw, 0, len(raw))[0].items()
    }
