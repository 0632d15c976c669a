"""What HubSpot's webhooks only point at: a conversation's message, or a ticket.

https://developers.hubspot.com/docs/api-reference/conversations-conversations-inbox-&-messages-v3
"""

from collections.abc import Mapping
from dataclasses import replace

from integrations.intake.asking import Asking
from integrations.intake.contract import (
    CanonicalMessage,
    Customer,
    Direction,
    Unparsed,
)
from integrations.intake.levels import severity
from integrations.intake.quotes import said_in_html, said_in_plain
from integrations.intake.reading import dig, each, files, first, instant, text
from integrations.intake.reply import Account, Call, bearer, segment

_TICKET = "ticket-"
_PROPERTIES = "subject,content,hs_ticket_priority"
_DIRECTIONS = {"INCOMING": Direction.INBOUND, "OUTGOING": Direction.OUTBOUND}


def call(account: Account, message: CanonicalMessage) -> Call:
    """Return the call for a ticket, for a message, or for a conversation's first."""
    talk = message.conversation_id
    if talk.startswith(_TICKET):
        ticket = segment(talk.removeprefix(_TICKET))
        path = f"/crm/v3/objects/tickets/{ticket}?properties={_PROPERTIES}"
    else:
        path = f"/conversations/v3/conversations/threads/{segment(talk)}/messages"
        path += f"/{segment(message.message_id)}" if message.message_id else ""
    return Call(method="GET", path=path, headers=bearer(account.token))


def complete(
    account: Account, message: CanonicalMessage, body: object
) -> CanonicalMessage:
    """Return the message with its words and its writer."""
    del account
    if message.conversation_id.startswith(_TICKET):
        return _ticket(message, body)
    written = sorted(
        (one for one in each(body, "results") if text(one, "type") == "MESSAGE"),
        key=lambda one: text(one, "createdAt") or "",
    )
    said = body if message.message_id else next(iter(written), None)
    if text(said, "id") is None:
        reason = "HubSpot's answer holds no message."
        raise Unparsed(reason)
    return _message(message, said)


def _message(message: CanonicalMessage, said: object) -> CanonicalMessage:
    """Name it by its own id: a conversation's beginning and its first message are one."""
    note = text(said, "type") == "COMMENT"
    plain = text(said, "text")
    read = said_in_plain(plain) if plain else said_in_html(text(said, "richText") or "")
    way = _DIRECTIONS.get(text(said, "direction") or "", Direction.INBOUND)
    direction = Direction.INTERNAL if note else way
    return replace(
        message,
        direction=direction,
        opens=direction is Direction.INBOUND,
        message_id=text(said, "id"),
        dedup_key=f"hubspot:{text(said, 'id')}",
        customer=_customer(next(each(said, "senders"), None)),
        subject=text(said, "subject"),
        text=read.text,
        quoted=read.quoted,
        occurred_at=instant(said, "createdAt") or message.occurred_at,
        attachments=files(said, "attachments"),
        needs_fetch=False,
    )


def _customer(sender: Mapping[str, object] | None) -> Customer:
    reached = dig(sender, "deliveryIdentifier")
    kind, value = text(reached, "type"), text(reached, "value")
    return Customer(
        id=text(sender, "actorId"),
        name=text(sender, "name"),
        email=value if kind == "HS_EMAIL_ADDRESS" else None,
        phone=value if kind == "HS_PHONE_NUMBER" else None,
    )


def _ticket(message: CanonicalMessage, body: object) -> CanonicalMessage:
    ticket = dig(body, "properties")
    if first(ticket, "subject", "content") is None:
        reason = "HubSpot's answer holds no ticket."
        raise Unparsed(reason)
    return replace(
        message,
        subject=text(ticket, "subject"),
        text=text(ticket, "content"),
        severity=severity(text(ticket, "hs_ticket_priority")),
        needs_fetch=False,
    )


ASKING = Asking(
    kind="hubspot", home="https://api.hubapi.com", call=call, complete=complete
)
