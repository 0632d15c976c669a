"""What Front's previews leave out: the message itself.

https://dev.frontapp.com/reference/get-message
"""

from dataclasses import replace

from integrations.intake.asking import Asking
from integrations.intake.contract import CanonicalMessage, Direction, Unparsed
from integrations.intake.front.message import customer_of, said_in
from integrations.intake.reading import each, files, flag, text
from integrations.intake.reply import Account, Call, bearer, segment


def call(account: Account, message: CanonicalMessage) -> Call:
    """Return the call for the message, or for the newest of its conversation."""
    if message.message_id:
        path = f"/messages/{segment(message.message_id)}"
    else:
        path = f"/conversations/{segment(message.conversation_id)}/messages?limit=1"
    return Call(method="GET", path=path, headers=bearer(account.token))


def complete(
    account: Account, message: CanonicalMessage, body: object
) -> CanonicalMessage:
    """Return the message with its words and its writer."""
    del account
    said = body if message.message_id else next(each(body, "_results"), None)
    if text(said, "id") is None:
        reason = "Front's answer holds no message."
        raise Unparsed(reason)
    inbound = flag(said, "is_inbound")
    direction = message.direction
    if inbound is not None and direction is not Direction.INTERNAL:
        direction = Direction.INBOUND if inbound else Direction.OUTBOUND
    read = said_in(said, direction)
    found = customer_of(None, said, direction)
    return replace(
        message,
        direction=direction,
        opens=direction is Direction.INBOUND,
        message_id=text(said, "id"),
        customer=found if found.handle else message.customer,
        subject=text(said, "subject") or message.subject,
        text=read.text or message.text,
        quoted=read.quoted or message.quoted,
        attachments=files(said, "attachments"),
        needs_fetch=False,
    )


ASKING = Asking(
    kind="front", home="https://api2.frontapp.com", call=call, complete=complete
)
