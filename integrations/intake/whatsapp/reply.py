"""Answers through the WhatsApp Cloud API: a text, within 24 hours of the customer's.

It cannot be asked what it has sent, but says later what became of it, with our mark.
https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
"""

from integrations.errors import ChannelError, Rejected, Unavailable
from integrations.intake.reading import text
from integrations.intake.reply import Account, Call, ReplyApi, Words, bearer, segment

WINDOW = "131047"
TOO_MANY_TO_ONE = "131056"
_FOR_GOOD = {
    WINDOW: "the customer wrote more than 24 hours ago: only a template may be sent",
    "131026": "the number cannot be reached by WhatsApp; try another way",
    "131030": "the number is not among those that this account may write to",
    "131051": "WhatsApp does not take a message of this kind",
    "100": "WhatsApp refused the message: something in it is not as it should be",
}
_FOR_NOW = {
    "4": "WhatsApp takes no more messages just now",
    "80007": "WhatsApp takes no more messages just now",
    "130429": "WhatsApp takes no more messages just now",
    TOO_MANY_TO_ONE: "WhatsApp takes no more messages to this customer just now",
    "131016": "WhatsApp is overloaded",
    "190": "WhatsApp does not know our token; check api_token",
}


def send(account: Account, words: Words) -> Call:
    """Return the call; `to` is `<our number's id>/<the customer's number>`."""
    sender, _, number = words.to.partition("/")
    return Call(
        path=f"/{segment(sender)}/messages",
        headers=bearer(account.token),
        json={
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": number,
            "type": "text",
            "text": {"body": words.text, "preview_url": False},
            "biz_opaque_callback_data": words.reference,
        },
    )


def taken(body: object) -> str | None:
    """Return the message's id, which its states will carry too."""
    return text(body, "messages", 0, "id")


def meaning(status: int, body: object) -> ChannelError | None:
    """Return what Meta's own code means."""
    del status
    code = text(body, "error", "code") or ""
    if code in _FOR_GOOD:
        return Rejected(_FOR_GOOD[code], code=code)
    if code in _FOR_NOW:
        others_too = code != TOO_MANY_TO_ONE
        return Unavailable(_FOR_NOW[code], code=code, ill=others_too)
    return None


API = ReplyApi(
    kind="whatsapp",
    home="https://graph.facebook.com/v23.0",
    send=send,
    taken=taken,
    meaning=meaning,
)
