"""The contact method `apprise`: one way, and no word on what became of a message."""

from collections.abc import Mapping

from integrations.contract import OutboundMessage, Receipt
from integrations.errors import Rejected, Unavailable
from integrations.header import header


class AppriseChannel:
    """Sends to the Apprise addresses in `urls`, which are by person and secret.

    A message's `to` is the person's id, so that no address is ever stored or logged.
    Needs the package `apprise`: `pip install 'customer-oncall[apprise]'`.
    """

    name = "apprise"

    def __init__(self, urls: Mapping[str, str]) -> None:
        self._urls = urls

    async def send(self, message: OutboundMessage) -> Receipt:
        """Hand over once. Raises Rejected for an address apprise does not know."""
        try:
            # slow to import, and there only for those who asked for it
            from apprise import Apprise, NotifyFormat, NotifyType  # noqa: PLC0415
        except ImportError:
            msg = (
                "the package apprise is missing: pip install 'customer-oncall[apprise]'"
            )
            raise Unavailable(msg) from None
        there = Apprise()
        if not there.add(self._urls.get(message.to, "")):
            msg = "apprise does not know this kind of address"
            raise Rejected(msg)
        title, _, body = message.text.partition("\n")
        sent = await there.async_notify(
            title=header(title),  # a letter's subject, where apprise sends by mail
            body=body or title,
            notify_type=NotifyType.WARNING,
            body_format=NotifyFormat.TEXT,  # else words are read as HTML or Markdown
        )
        if not sent:
            msg = "the service behind apprise did not take it"
            raise Unavailable(msg)
        return Receipt(provider_id="")

    async def close(self) -> None:
        """Nothing is held open."""
