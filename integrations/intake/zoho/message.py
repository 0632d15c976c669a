"""What Zoho Desk says: tickets, threads (letters and chats) and comments."""

from collections.abc import Callable

from integrations.intake.contract import (
    CanonicalMessage,
    Customer,
    Direction,
    IntakeRequest,
)
from integrations.intake.email.addresses import mailbox
from integrations.intake.levels import severity
from integrations.intake.quotes import said_in_html
from integrations.intake.reading import (
    dig,
    first,
    flag,
    instant,
    link,
    load,
    must,
    name,
    size,
    text,
    unnamed_files,
)


def parse(request: IntakeRequest) -> tuple[CanonicalMessage, ...]:
    """Read a batch, in its order; events about other things are none."""
    batch = load(request)
    events = batch if isinstance(batch, list) else [batch]
    found = ((_READERS.get(_kind(event)), event) for event in events)
    return tuple(read(event) for read, event in found if read is not None)


def _kind(event: object) -> str:
    return must(text(event, "eventType"), "type of event")


def _key(event: object, message_id: str) -> str:
    return f"zoho:{message_id}:{_kind(event)}"


def _ticket(event: object) -> CanonicalMessage:
    ticket = dig(event, "payload")
    number = must(text(ticket, "id"), "ticket id")
    said = said_in_html(text(ticket, "description") or "")
    return CanonicalMessage(
        source="zoho",
        direction=Direction.INBOUND,
        opens=True,
        conversation_id=number,
        dedup_key=_key(event, number),
        customer=_contact(ticket),
        subject=text(ticket, "subject"),
        text=said.text,
        quoted=said.quoted,
        link=link(ticket, "webUrl"),
        occurred_at=instant(ticket, "createdTime") or instant(event, "eventTime"),
        severity=severity(text(ticket, "priority")),
    )


def _contact(ticket: object) -> Customer:
    person = dig(ticket, "contact")
    return Customer(
        id=text(person, "id") or text(ticket, "contactId"),
        name=name(text(person, "firstName"), text(person, "lastName")),
        email=text(person, "email") or text(ticket, "email"),
        phone=text(person, "phone") or text(ticket, "phone"),
    )


def _thread(event: object) -> CanonicalMessage:
    thread = dig(event, "payload")
    private = text(thread, "visibility") == "private"
    outgoing = text(thread, "direction") == "out"
    direction = Direction.OUTBOUND if outgoing else Direction.INBOUND
    return _said(event, Direction.INTERNAL if private else direction)


def _comment(event: object) -> CanonicalMessage:
    comment = dig(event, "payload")
    by_customer = text(comment, "commenter", "type") == "END_USER"
    direction = Direction.INBOUND if by_customer else Direction.OUTBOUND
    public = flag(comment, "isPublic")
    return _said(event, direction if public else Direction.INTERNAL)


def _said(event: object, direction: Direction) -> CanonicalMessage:
    message = dig(event, "payload")
    message_id = must(text(message, "id"), "message id")
    wrote = said_in_html(first(message, "content", "summary") or "")
    return CanonicalMessage(
        source="zoho",
        direction=direction,
        opens=direction is Direction.INBOUND,
        conversation_id=must(text(message, "ticketId"), "ticket id"),
        message_id=message_id,
        dedup_key=_key(event, message_id),
        customer=_writer(message) if direction is Direction.INBOUND else Customer(),
        text=wrote.text,
        quoted=wrote.quoted,
        occurred_at=instant(message, "createdTime") or instant(event, "eventTime"),
        attachments=unnamed_files(size(text(message, "attachmentCount"))),
    )


def _writer(message: object) -> Customer:
    person = dig(message, "author") or dig(message, "commenter")
    sender = mailbox(text(message, "fromEmailAddress") or "")
    return Customer(
        id=text(person, "id"),
        name=text(person, "name") or sender.name or None,
        email=text(person, "email") or sender.address or None,
    )


_READERS: dict[str, Callable[[object], CanonicalMessage]] = {
    "Ticket_Add": _ticket,
    "Ticket_Thread_Add": _thread,
    "Ticket_Comment_Add": _comment,
}
