"""What Twilio posts to us, as values. Pure; verify the signature first."""

from collections.abc import Mapping

from integrations.contract import (
    CallAnswered,
    Delivery,
    DeliveryUpdate,
    InboundReply,
)
from integrations.twilio.refusal import breaks_number
from integrations.twilio.voices import SPOKEN
from integrations.twilio.whatsapp import PREFIX

SMS, WHATSAPP, VOICE = "sms", "whatsapp", "voice"
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
CALL_STATES = {
    "queued": Delivery.ACCEPTED,
    "initiated": Delivery.ACCEPTED,
    "ringing": Delivery.SENT,
    # picked up, if only by a voicemail: delivered, and no acknowledgement
    "in-progress": Delivery.DELIVERED,
    "completed": Delivery.DELIVERED,
    "busy": Delivery.UNDELIVERED,
    "no-answer": Delivery.UNDELIVERED,
    "failed": Delivery.UNDELIVERED,
    "canceled": Delivery.UNDELIVERED,
}


def reply(form: Mapping[str, str]) -> InboundReply | None:
    """Read a message somebody sent us, by SMS or WhatsApp; None when it is none.

    Twilio repeats a delivery with the same MessageSid.
    """
    sid, sender = form.get("MessageSid", ""), form.get("From", "")
    if not sid or not sender:
        return None
    number = sender.removeprefix(PREFIX)
    return InboundReply(
        channel=WHATSAPP if sender.startswith(PREFIX) else SMS,
        delivery_id=sid,
        sender=number,
        chat=number,
        text=form.get("Body", ""),
    )


def call(form: Mapping[str, str], *, page: str) -> InboundReply | CallAnswered | None:
    """Read what comes of a call of ours about `page`; None when it is none of ours.

    The same key in the same call is the same delivery: one answer, however often.
    """
    sid, person = form.get("CallSid", ""), form.get("To", "")
    if not sid or not person or not page:
        return None
    if key := form.get("Digits", ""):
        return InboundReply(
            channel=VOICE,
            delivery_id=f"{sid}:{key}",
            sender=person,
            text=key,
            message_id=page,
            languages=SPOKEN,
        )
    return CallAnswered(channel=VOICE, number=person, reference=page, languages=SPOKEN)


def status(form: Mapping[str, str], *, page: str) -> DeliveryUpdate | None:
    """Read a status callback; None for a state that says nothing about delivery.

    `page` is our own page id, from the callback's address. Callbacks come late, twice
    and out of order.
    """
    if sid := form.get("CallSid", ""):
        return _call_status(sid, form, page)
    state = STATES.get(form.get("MessageStatus", ""))
    sid = form.get("MessageSid", "")
    code = form.get("ErrorCode", "")
    if state is None or not sid:
        return None
    return DeliveryUpdate(
        channel=WHATSAPP if form.get("To", "").startswith(PREFIX) else SMS,
        provider_id=sid,
        state=state,
        reference=page,
        code=code,
        broken=breaks_number(code),
    )


def _call_status(sid: str, form: Mapping[str, str], page: str) -> DeliveryUpdate | None:
    word = form.get("CallStatus", "")
    state = CALL_STATES.get(word)
    if state is None:
        return None
    code = word if state is Delivery.UNDELIVERED else ""
    return DeliveryUpdate(
        channel=VOICE, provider_id=sid, state=state, reference=page, code=code
    )
