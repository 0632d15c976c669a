"""Where Twilio calls us: what people write and press, and what became of ours."""

from integrations.contract import Inbound, Said, WebhookRequest
from integrations.twilio import answer, inbound, signature
from integrations.twilio.callback import (
    fields,
    for_page,
    form,
    page_in,
    too_many_fields,
)


class _Signed:
    """What all its webhooks share: forms, signed with the account's token."""

    def __init__(self, *, auth_token: str) -> None:
        self._auth_token = auth_token

    def plausible(self, request: WebhookRequest) -> bool:
        """Tell whether it is signed at all."""
        return bool(request.headers.get(signature.HEADER.lower()))

    def verify(self, request: WebhookRequest) -> bool:
        """Tell whether Twilio signed the request."""
        return not too_many_fields(request) and signature.verify(
            secret=self._auth_token,
            url=request.url,
            form=fields(request),
            signature=request.headers.get(signature.HEADER.lower(), ""),
            settings=request.headers.get(signature.SETTINGS_HEADER.lower(), ""),
        )


class SmsWebhook(_Signed):
    """`/twilio/sms`: somebody wrote to us, also by WhatsApp. The answer is TwiML."""

    path = "/twilio/sms"

    def parse(self, request: WebhookRequest) -> Inbound | None:
        """Return the message as a reply."""
        return inbound.reply(form(request))

    def answer(self, said: Said) -> tuple[str, str]:
        """Return TwiML that sends the text back."""
        return answer.CONTENT_TYPE, answer.twiml(said.text)


class VoiceWebhook(_Signed):
    """`/twilio/voice`: somebody picked up our call, or pressed a key in it.

    `url` is the public address of this webhook: pressed keys come there.
    """

    path = "/twilio/voice"

    def __init__(self, *, auth_token: str, url: str) -> None:
        super().__init__(auth_token=auth_token)
        self._url = url

    def parse(self, request: WebhookRequest) -> Inbound | None:
        """Return the key as a reply, else that the call was answered."""
        return inbound.call(form(request), page=page_in(request.query))

    def answer(self, said: Said) -> tuple[str, str]:
        """Return TwiML that reads the text aloud, and takes a key when one is asked."""
        if said.asks:
            keys_to = for_page(self._url, said.asks)
            document = answer.asking(said.text, said.language, keys_to=keys_to)
        else:
            document = answer.telling(said.text, said.language)
        return answer.CONTENT_TYPE, document


class StatusWebhook(_Signed):
    """`/twilio/status`: what became of a message we sent, or of a call."""

    path = "/twilio/status"

    def parse(self, request: WebhookRequest) -> Inbound | None:
        """Return the delivery report; the page is named in the address's query."""
        return inbound.status(form(request), page=page_in(request.query))

    def answer(self, said: Said) -> tuple[str, str]:
        """Return nothing: reports are not answered."""
        del said
        return "text/plain", ""
