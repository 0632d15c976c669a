"""What a WhatsApp message holds, in words: also that of a picture, a place, an order.

https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/reference/messages
"""

import json
from collections.abc import Iterator, Mapping

from integrations.intake.contract import Attachment
from integrations.intake.reading import dig, each, text

_MEDIA = frozenset({"image", "document", "video", "audio", "sticker"})
_MOST = 50
"""Entries of a list that are written out."""
_NOT_ANSWERS = frozenset({"flow_token", "wa_flow_response_params"})

Json = Mapping[str, object]


def kind_of(message: object) -> str:
    """Return the type of a message; that of an edit may be left out."""
    told = text(message, "type")
    known = (*_MEDIA, "text", "location", "contacts", "order", "button", "interactive")
    return told or next((kind for kind in known if dig(message, kind)), "")


def words(message: object) -> str | None:
    """Return what was written, and a line in brackets for what is no text."""
    kind = kind_of(message)
    said = (
        text(message, kind, "body")
        or text(message, kind, "caption")
        or text(message, kind, "text")
        or text(message, kind, "button_reply", "title")
        or text(message, kind, "list_reply", "title")
    )
    return "\n".join(filter(None, (said, *_notes(message, kind)))) or None


def attachments(message: object) -> tuple[Attachment, ...]:
    """Return the file that a message is."""
    kind = kind_of(message)
    if kind not in _MEDIA:
        return ()
    named = text(message, kind, "filename") or ""
    return (Attachment(name=named, type=text(message, kind, "mime_type") or kind),)


def _notes(message: object, kind: str) -> Iterator[str]:
    inner = dig(message, kind)
    match kind:
        case "audio" if dig(inner, "voice") is True:
            yield "[voice message]"
        case _ if kind in _MEDIA:
            yield _note(kind, text(inner, "filename"))
        case "location":
            yield _note(kind, _place(inner))
        case "contacts":
            people = tuple(each(message, "contacts"))[:_MOST]
            yield from (_note("contact", _contact(one)) for one in people)
        case "order":
            items = tuple(each(inner, "product_items"))[:_MOST]
            yield from (_note("order", _item(one)) for one in items)
        case "interactive":
            yield from _form(inner)
        case "unsupported" | "unknown":
            yield "[a message of a kind that WhatsApp does not hand on]"
        case _:
            return


def _note(what: str, *details: str | None) -> str:
    return f"[{': '.join((what, *filter(None, details)))}]"


def _place(place: object) -> str:
    named = (text(place, key) for key in ("name", "address"))
    where = (text(place, key) for key in ("latitude", "longitude"))
    return ", ".join(filter(None, (*named, *where, text(place, "url"))))


def _contact(contact: object) -> str:
    name = text(contact, "name", "formatted_name") or text(
        contact, "name", "first_name"
    )
    phones = (
        text(one, "phone") or text(one, "wa_id") for one in each(contact, "phones")
    )
    mails = (text(one, "email") for one in each(contact, "emails"))
    return ", ".join(filter(None, (name, *phones, *mails)))


def _item(item: object) -> str:
    many, what = text(item, "quantity") or "1", text(item, "product_retailer_id")
    price = text(item, "item_price")
    cost = " ".join(filter(None, (price, text(item, "currency")))) if price else ""
    return " ".join(filter(None, (many, "×", what, cost and f"at {cost}")))


def _form(interactive: object) -> Iterator[str]:
    """Yield the answers of a form, a line each."""
    reply = dig(interactive, "nfm_reply")
    if reply is None:
        return
    yield _note("form", text(reply, "name"), text(reply, "body"))
    answers = _answers(dig(reply, "response_json"))
    for key in list(answers)[:_MOST]:
        if key not in _NOT_ANSWERS:
            yield f"{key}: {_answer(answers[key])}"


def _answers(written: object) -> Json:
    """Return the answers, which come as JSON inside a string."""
    if isinstance(written, str):
        try:
            written = json.loads(written)
        except (ValueError, RecursionError):
            return {}
    return written if isinstance(written, dict) else {}


def _answer(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(text, value[:_MOST])))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return text(value) or ""
