"""What Mailgun says: a letter's fields, and all its headers as JSON."""

import json

from integrations.intake.contract import CanonicalMessage, IntakeRequest, Unparsed
from integrations.intake.email.letter import Letter, canonical
from integrations.intake.form import Form, read_form
from integrations.intake.reading import size
from integrations.intake.signature import epoch
from integrations.intake.text import clean, html_to_text, without_quotes


def parse(request: IntakeRequest) -> tuple[CanonicalMessage, ...]:
    """Read the letter of a request."""
    form = read_form(request)
    if not form.fields.keys() & {"sender", "from"}:
        reason = "The form names no sender; see that the route forwards parsed letters."
        raise Unparsed(reason)
    return (canonical(_letter(form)),)


def _letter(form: Form) -> Letter:
    headers = _headers(form.text("message-headers"))
    return Letter(
        headers=headers,
        sender=form.text("from") or headers.get("from", "") or form.text("sender"),
        subject=form.text("subject") or headers.get("subject", ""),
        text=_words(form),
        envelope=form.text("sender") if "sender" in form.fields else None,
        occurred_at=epoch(form.text("timestamp")),
        attachments=form.attachments(size(form.text("attachment-count"))),
        recipient=form.text("recipient"),
    )


def _words(form: Form) -> str:
    """Return the text that Mailgun freed of quotes, else free it ourselves."""
    stripped, plain = form.text("stripped-text"), form.text("body-plain")
    if stripped.strip() or plain.strip():
        return stripped.strip() or without_quotes(plain)
    return html_to_text(form.text("stripped-html") or form.text("body-html"))


def _headers(written: str) -> dict[str, str]:
    try:
        pairs = json.loads(written, strict=False)
    except (ValueError, RecursionError):
        return {}
    headers: dict[str, str] = {}
    for pair in pairs if isinstance(pairs, list) else ():
        match pair:
            case [str(name), str(value)]:
                headers.setdefault(name.lower(), clean(value))
            case _:
                continue
    return headers
