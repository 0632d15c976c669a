"""What Zendesk's events leave out: who asks, and how they are reached.

https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#show-ticket
"""

from dataclasses import replace

from integrations.intake.asking import Asking
from integrations.intake.contract import CanonicalMessage, Customer, Unparsed
from integrations.intake.levels import severity
from integrations.intake.reading import dig, each, text
from integrations.intake.reply import Account, Call, basic, segment


def call(account: Account, message: CanonicalMessage) -> Call:
    """Return the call for the ticket with its people."""
    return Call(
        method="GET",
        path=f"/api/v2/tickets/{segment(message.conversation_id)}.json?include=users",
        headers=basic(f"{account.user}/token", account.token),
    )


def complete(
    account: Account, message: CanonicalMessage, body: object
) -> CanonicalMessage:
    """Return the message with its writer, and what of the ticket it does not say."""
    ticket = dig(body, "ticket")
    if text(ticket, "id") != message.conversation_id:
        reason = "Zendesk's answer is not about this ticket."
        raise Unparsed(reason)
    wanted = text(ticket, "requester_id")
    people = (one for one in each(body, "users") if text(one, "id") == wanted)
    person = next(people, None)
    return replace(
        message,
        customer=Customer(
            id=wanted or message.customer.id,
            name=text(person, "name"),
            email=text(person, "email"),
            phone=text(person, "phone"),
        ),
        subject=message.subject or text(ticket, "subject"),
        text=message.text or text(ticket, "description"),
        severity=message.severity or severity(text(ticket, "priority")),
        link=f"{account.url}/agent/tickets/{segment(message.conversation_id)}",
        needs_fetch=False,
    )


ASKING = Asking(kind="zendesk", call=call, complete=complete)
