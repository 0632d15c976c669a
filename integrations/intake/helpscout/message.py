"""What Help Scout says: a conversation with its threads, the newest of which is news."""

from collections.abc import Mapping

from integrations.intake.contract import (
    CanonicalMessage,
    Customer,
    Direction,
    IntakeRequest,
)
from integrations.intake.quotes import said_in_html
from integrations.intake.reading import (
    dig,
    each,
    files,
    instant,
    link,
    load_object,
    must,
    name,
    text,
)

Json = Mapping[str, object]

_DIRECTIONS = {
    "convo.created": Direction.INBOUND,
    "convo.customer.reply.created": Direction.INBOUND,
    "convo.agent.reply.created": Direction.OUTBOUND,
    "convo.note.created": Direction.INTERNAL,
}
_NEWS = {"customer": Direction.INBOUND, "message": Direction.OUTBOUND}
_NEWS |= {"note": Direction.INTERNAL, "beaconchat": Direction.INBOUND}
_NEWS |= {"phone": Direction.INBOUND, "chat": Direction.INBOUND}


def parse(request: IntakeRequest) -> tuple[CanonicalMessage, ...]:
    """Read a conversation's new message; other events are none."""
    event = must(request.headers.get("x-helpscout-event"), "event in its header")
    body = load_object(request)
    direction = _DIRECTIONS.get(event)
    if direction is None:
        return ()
    thread = _newest(body, direction)
    if event == "convo.created":  # an agent may begin one too
        direction = _NEWS.get(text(thread, "type") or "", direction)
    return (_message(body, thread, direction),)


def _newest(body: Json, direction: Direction) -> Json | None:
    """Return the newest thread that goes this way, else the newest of all."""
    threads = sorted(each(body, "_embedded", "threads"), key=_age)
    right = [each for each in threads if _NEWS.get(_type(each)) is direction]
    return next(reversed(right or threads), None)


def _age(thread: Json) -> tuple[str, int, str]:
    number = text(thread, "id") or ""
    return text(thread, "createdAt") or "", len(number), number


def _type(thread: Json) -> str:
    return text(thread, "type") or ""


def _message(body: Json, thread: Json | None, direction: Direction) -> CanonicalMessage:
    conversation = must(text(body, "id"), "conversation id")
    thread_id = text(thread, "id")
    said = said_in_html(text(thread, "body") or "")
    return CanonicalMessage(
        source="helpscout",
        direction=direction,
        opens=direction is Direction.INBOUND,
        conversation_id=conversation,
        message_id=thread_id,
        dedup_key=f"helpscout:{conversation}:{thread_id or ''}",
        weak_key=thread_id is None,
        customer=_customer(body),
        subject=text(body, "subject"),
        text=said.text or text(body, "preview"),
        quoted=said.quoted,
        link=link(body, "_links", "web", "href"),
        occurred_at=instant(thread, "createdAt") or instant(body, "createdAt"),
        needs_fetch=thread is None,
        tags=tuple(filter(None, (text(tag, "tag") for tag in each(body, "tags")))),
        attachments=files(thread, "_embedded", "attachments"),
    )


def _customer(body: Json) -> Customer:
    person = dig(body, "primaryCustomer")
    return Customer(
        id=text(person, "id"),
        name=name(text(person, "first"), text(person, "last")),
        email=text(person, "email"),
        phone=text(person, "phone"),
    )
