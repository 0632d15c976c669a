"""Where Twilio calls us: messages that came in, and what became of ours."""

from urllib.parse import parse_qsl

from integrations.contract import Inbound, WebhookRequest
from integrations.twilio import answer, inbound, signature


class _Signed:
    """What both webhooks share: forms, signed with the account's token."""

    def __init__(self, *, auth_token: str) -> None:
        self._auth_token = auth_token

    def verify(self, request: WebhookRequest) -> bool:
        """Tell whether Twilio signed the request."""
        return signature.verify(
            secret=self._auth_token,
            url=request.url,
            form=_fields(request),
            signature=request.headers.get(signature.HEADER.lower(), ""),
            settings=request.headers.get(signature.SETTINGS_HEADER.lower(), ""),
        )


class SmsWebhook(_Signed):
    """`/twilio/sms`: somebody sent us a text message. The answer is TwiML."""

    path = "/twilio/sms"

    def parse(self, request: WebhookRequest) -> Inbound | None:
        """Return the message as a reply."""
        return inbound.reply(dict(_fields(request)))

    def answer(self, text: str) -> tuple[str, str]:
        """Return TwiML that sends `text` back."""
        return answer.CONTENT_TYPE, answer.twiml(text)


class StatusWebhook(_Signed):
    """`/twilio/status`: what became of a message we sent."""

    path = "/twilio/status"

    def parse(self, request: WebhookRequest) -> Inbound | None:
        """Return the delivery report; the page is named in the address's query."""
        query = dict(parse_qsl(request.query))
        return inbound.status(dict(_fields(request)), query)

    def answer(self, text: str) -> tuple[str, str]:
        """Return nothing: reports are not answered."""
        del text
        return "text/plain", ""


def _fields(request: WebhookRequest) -> list[tuple[str, str]]:
    body = request.body.decode("utf-8", "replace")
    return parse_qsl(body, keep_blank_values=True)
