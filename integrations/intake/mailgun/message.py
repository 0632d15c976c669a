"""What Mailgun says: a letter's fields, and all its headers as JSON."""

import json

from integrations.intake.contract import CanonicalMessage, IntakeRequest, Unparsed
from integrations.intake.email.bounce import read_bounce
from integrations.intake.email.letter import Letter, answered_ids, canonical
from integrations.intake.form import Form, read_form
from integrations.intake.quotes import Said, said_in_html, said_in_plain
from integrations.intake.reading import size
from integrations.intake.signature import epoch
from integrations.intake.text import clean


def parse(request: IntakeRequest) -> tuple[CanonicalMessage, ...]:
    """Read the letter of a request."""
    form = read_form(request)
    if not form.fields.keys() & {"sender", "from"}:
        reason = "The form names no sender; see that the route forwards parsed letters."
        raise Unparsed(reason)
    return (canonical(_letter(form)),)


def _letter(form: Form) -> Letter:
    headers = _headers(form.text("message-headers"))
    sender = form.text("from") or headers.get("from", "") or form.text("sender")
    subject = form.text("subject") or headers.get("subject", "")
    envelope = form.text("sender") if "sender" in form.fields else None
    said = _said(form, subject, answers=bool(answered_ids(headers)))
    return Letter(
        headers=headers,
        sender=sender,
        reply_to=headers.get("reply-to", ""),
        subject=subject,
        text=said.text or "",
        quoted=said.quoted,
        envelope=envelope,
        occurred_at=epoch(form.text("timestamp")),
        attachments=form.attachments(size(form.text("attachment-count"))),
        recipient=form.text("recipient"),
        bounce=read_bounce(
            None,
            headers,
            envelope=envelope,
            sender=sender,
            subject=subject,
            text=form.text("body-plain"),
        ),
    )


def _said(form: Form, subject: str, *, answers: bool) -> Said:
    """Return the words of the whole text: what Mailgun strips may be new words, too."""
    plain = form.text("body-plain") or form.text("stripped-text")
    if plain.strip():
        return said_in_plain(plain, subject=subject, answers=answers)
    html = form.text("body-html") or form.text("stripped-html")
    return said_in_html(html, subject=subject, answers=answers)


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
