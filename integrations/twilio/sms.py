"""Text messages: hand one over once, and look up whether one was taken."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from integrations.contract import OutboundMessage, Receipt
from integrations.errors import Unavailable, Uncertain

VALID_AT_LEAST = timedelta(seconds=1)
VALID_AT_MOST = timedelta(seconds=36_000)
LOST = frozenset({"failed", "undelivered", "canceled"})
ARRIVED = frozenset({"delivered", "read"})


class TwilioSms:
    """The contact method `sms`.

    `sender` is a number in E.164; with a `messaging_service` (MG…) Twilio chooses one.
    `status_url` is the public address that Twilio reports to, ours with `?page=`
    added; empty for no reports. Give `api_url` to speak to a compatible gateway.
    """

    name = "sms"

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        sender: str = "",
        messaging_service: str = "",
        api_url: str = "https://api.twilio.com",
        status_url: str = "",
        timeout_s: float = 10,
    ) -> None:
        self._account_sid = account_sid
        self._auth_token = auth_token
        self._sender = sender
        self._messaging_service = messaging_service
        self._api_url = api_url
        self._status_url = status_url
        self._timeout_s = timeout_s
        self._client: Any = None  # twilio.rest.Client: the library carries no types

    async def send(self, message: OutboundMessage) -> Receipt:
        """Hand `message` over once; never repeats. Raises as the contract says."""
        fields = {
            "to": message.to,
            "body": message.text,
            "validity_period": _validity_s(message.valid_for),
            **self._from(),
        }
        if self._status_url:
            page = urlencode({"page": message.reference})
            fields["status_callback"] = f"{self._status_url}?{page}"
        try:
            taken = await self._messages().create_async(**fields)
        except ValueError as error:
            raise _unreadable() from error
        if not taken.sid:
            raise _unreadable()
        return Receipt(provider_id=taken.sid)

    async def lookup(self, *, to: str, since: datetime, text: str) -> Receipt | None:
        """Return the receipt of `text` to `to` if Twilio has it, else None.

        For use after Uncertain. `since` is when it was handed over; messages that
        Twilio itself gave up are not counted, they may be sent again.
        Raises Unavailable when Twilio cannot tell.
        """
        # Twilio stamps a message when its carrier takes it, by its own clock
        earliest = since.astimezone(UTC) - timedelta(minutes=1)
        try:
            candidates = await self._messages().list_async(
                to=to, date_sent_after=earliest, limit=100
            )
        except ValueError as error:
            raise _unreadable() from error
        for found in candidates:
            if found.body == text and found.status not in LOST:
                return Receipt(provider_id=found.sid, delivered=found.status in ARRIVED)
        return None

    async def close(self) -> None:
        """Let go of connections; a later send opens them again."""
        if self._client is not None:
            client, self._client = self._client, None
            await client.http_client.close()

    def _from(self) -> dict[str, str]:
        if self._messaging_service:
            return {"messaging_service_sid": self._messaging_service}
        return {"from_": self._sender}

    def _messages(self) -> Any:  # noqa: ANN401  the library carries no types
        if self._client is None:
            self._client = self._open()
        return self._client.messages

    def _open(self) -> Any:  # noqa: ANN401  the library carries no types
        if not self._account_sid or not self._auth_token:
            # the library would look for them in the environment
            detail = "Twilio needs account_sid and auth_token; set both"
            raise Unavailable(detail, code="20003")
        # imported when the first message goes out: a command line must not wait for it
        from twilio.rest import Client  # type: ignore[import-untyped]  # noqa: PLC0415

        from integrations.twilio.transport import Transport  # noqa: PLC0415

        transport = Transport(api_url=self._api_url, timeout_s=self._timeout_s)
        return Client(self._account_sid, self._auth_token, http_client=transport)


def _validity_s(span: timedelta) -> int:
    """Clamp to the whole seconds that Twilio allows."""
    return int(min(max(span, VALID_AT_LEAST), VALID_AT_MOST).total_seconds())


def _unreadable() -> Uncertain:
    return Uncertain("Twilio's answer cannot be read; check api_url", code="unreadable")
