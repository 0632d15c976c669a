"""Text messages: hand one over once, and look up whether one was taken."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from integrations.contract import OutboundMessage, Receipt
from integrations.twilio.account import Account, unreadable
from integrations.twilio.callback import for_page

VALID_AT_LEAST = timedelta(seconds=1)
VALID_AT_MOST = timedelta(seconds=36_000)
LOST = frozenset({"failed", "undelivered", "canceled"})
ARRIVED = frozenset({"delivered", "read"})


class TwilioSms:
    """The contact method `sms`.

    `sender` is a number in E.164; with a `messaging_service` (MG…) Twilio chooses one.
    `status_url` is the public address that Twilio reports to, ours with `?page=`
    added; empty for no reports.
    """

    name = "sms"

    def __init__(
        self,
        account: Account,
        *,
        sender: str = "",
        messaging_service: str = "",
        status_url: str = "",
    ) -> None:
        self._account = account
        self._sender = sender
        self._messaging_service = messaging_service
        self._status_url = status_url

    async def send(self, message: OutboundMessage) -> Receipt:
        """Hand `message` over once; never repeats. Raises as the contract says."""
        fields = self._fields(message)
        if self._status_url:
            fields["status_callback"] = for_page(self._status_url, message.reference)
        try:
            taken = await self._account.client().messages.create_async(**fields)
        except ValueError as error:
            raise unreadable() from error
        if not taken.sid:
            raise unreadable()
        return Receipt(provider_id=taken.sid)

    async def lookup(
        self, *, to: str, since: datetime, text: str, but: Collection[str] = ()
    ) -> Receipt | None:
        """Return the receipt of `text` to `to` if Twilio has it, else None.

        For use after Uncertain. `since` is when it was handed over; messages that
        Twilio itself gave up are not counted, they may be sent again.
        Raises Unavailable when Twilio cannot tell.
        """
        # Twilio stamps a message when its carrier takes it, by its own clock
        earliest = since.astimezone(UTC) - timedelta(minutes=1)
        try:
            candidates = await self._account.client().messages.list_async(
                to=self._address(to), date_sent_after=earliest, limit=100
            )
        except ValueError as error:
            raise unreadable() from error
        for found in candidates:
            ours = found.body == text and found.sid not in but
            if ours and found.status not in LOST:
                return Receipt(provider_id=found.sid, delivered=found.status in ARRIVED)
        return None

    async def close(self) -> None:
        """Let go of connections; a later send opens them again."""
        await self._account.close()

    def _address(self, number: str) -> str:
        return number

    def _fields(self, message: OutboundMessage) -> dict[str, object]:
        return {
            "to": message.to,
            "body": message.text,
            "validity_period": _validity_s(message.valid_for),
            **self._from(),
        }

    def _from(self) -> dict[str, str]:
        if self._messaging_service:
            return {"messaging_service_sid": self._messaging_service}
        return {"from_": self._sender}


def _validity_s(span: timedelta) -> int:
    """Clamp to the whole seconds that Twilio allows."""
    return int(min(max(span, VALID_AT_LEAST), VALID_AT_MOST).total_seconds())
