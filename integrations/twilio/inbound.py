"""What Twilio posts to us, as values. Pure; verify the signature first."""

from collections.abc import Mapping

from integrations.contract import Delivery, DeliveryUpdate, InboundReply
from integrations.twilio.refusal import breaks_number

CHANNEL = "sms"
STATES = {
    "accepted": Delivery.ACCEPTED,
    "scheduled": Delivery.ACCEPTED,
    "queued": Delivery.ACCEPTED,
    "sending": Delivery.ACCEPTED,
    "sent": Delivery.SENT,
    "partially_delivered": Delivery.SENT,
    "delivered": Delivery.DELIVERED,
    "read": Delivery.DELIVERED,
    "undelivered": Delivery.UNDELIVERED,
    "failed": Delivery.UNDELIVERED,
    "canceled": Delivery.UNDELIVERED,
}


def reply(form: Mapping[str, str]) -> InboundReply | None:
    """Read a text message somebody sent us; None when it is none.

    Twilio repeats a delivery with the same MessageSid.
    """
    sid, sender = form.get("MessageSid", ""), form.get("From", "")
    if not sid or not sender:
        return None
    return InboundReply(
        channel=CHANNEL,
        delivery_id=sid,
        sender=sender,
        chat=sender,
        text=form.get("Body", ""),
    )


def status(form: Mapping[str, str], query: Mapping[str, str]) -> DeliveryUpdate | None:
    """Read a status callback; None for a state that says nothing about delivery.

    `query` is that of the callback's address, where our own page id comes back.
    Callbacks come late, twice and out of order.
    """
    state = STATES.get(form.get("MessageStatus", ""))
    sid = form.get("MessageSid", "")
    code = form.get("ErrorCode", "")
    if state is None or not sid:
        return None
    return DeliveryUpdate(
        channel=CHANNEL,
        provider_id=sid,
        state=state,
        reference=query.get("page", ""),
        code=code,
        broken=breaks_number(code),
    )
