"""What Zammad says: a ticket, and the article that set the trigger off."""

from urllib.parse import urlsplit

from integrations.intake.contract import (
    CanonicalMessage,
    Customer,
    Direction,
    IntakeRequest,
)
from integrations.intake.levels import severity, tier
from integrations.intake.quotes import Said, said_in_html, said_in_plain
from integrations.intake.reading import (
    dig,
    files,
    flag,
    instant,
    load_object,
    must,
    name,
    text,
    words,
)

_BY_MAIL = {"", "email", "web", "phone", "fax", "note"}


def parse(request: IntakeRequest) -> tuple[CanonicalMessage, ...]:
    """Read a ticket and its article; a ticket without a new article is none."""
    body = load_object(request)
    ticket, article = dig(body, "ticket"), dig(body, "article")
    conversation = must(text(ticket, "id"), "ticket id")
    if not article:
        return ()
    article_id = must(text(article, "id"), "article id")
    direction = _direction(article)
    said = _said(article)
    message = CanonicalMessage(
        source="zammad",
        direction=direction,
        opens=direction is Direction.INBOUND,
        conversation_id=conversation,
        message_id=article_id,
        dedup_key=f"zammad:{article_id}",
        customer=_customer(ticket),
        subject=text(ticket, "title"),
        text=said.text,
        quoted=said.quoted,
        link=_link(conversation, text(article, "attachments", 0, "url")),
        occurred_at=instant(article, "created_at"),
        tags=words(ticket, "tags"),
        severity=severity(text(ticket, "priority", "name") or text(ticket, "priority")),
        attachments=files(article, "attachments"),
        reply_to=_reply_to(conversation, ticket, article),
    )
    return (message,)


def _reply_to(conversation: str, ticket: object, article: object) -> str:
    """Return the ticket, the kind of article that answers, and to whom it goes.

    What was written in the portal, or told by phone, is answered by mail.
    """
    kind = text(article, "type") or ""
    if kind in _BY_MAIL:
        mail = text(ticket, "customer", "email")
        return f"{conversation}/email/{mail}" if mail else f"{conversation}/note/"
    number = text(article, "from") or "" if kind == "sms" else ""
    return f"{conversation}/{kind}/{number}"


def _direction(article: object) -> Direction:
    if flag(article, "internal"):
        return Direction.INTERNAL
    match text(article, "sender"):
        case "Agent":
            return Direction.OUTBOUND
        case "System":
            return Direction.INTERNAL
        case _:
            return Direction.INBOUND


def _customer(ticket: object) -> Customer:
    person = dig(ticket, "customer")
    return Customer(
        id=text(person, "id"),
        name=name(text(person, "firstname"), text(person, "lastname")),
        email=text(person, "email"),
        phone=text(person, "phone") or text(person, "mobile"),
        tier=tier(vip=flag(person, "vip")),
    )


def _said(article: object) -> Said:
    body = text(article, "body") or ""
    is_html = text(article, "content_type") == "text/html"
    return said_in_html(body) if is_html else said_in_plain(body)


def _link(conversation: str, attachment: str | None) -> str | None:
    """Return the ticket's address; only an attachment tells where Zammad lives."""
    try:
        at = urlsplit(attachment or "")
    except ValueError:
        return None
    if not at.scheme.startswith("http"):
        return None
    return f"{at.scheme}://{at.netloc}/#ticket/zoom/{conversation}"
