"""The bot: pages with buttons, answers to presses, and the reading of updates."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from integrations.contract import Button, OutboundMessage, Receipt
from integrations.errors import Rejected
from integrations.telegram.codes import Code
from integrations.telegram.limits import NOTE_UNITS, check_buttons, fitting

if TYPE_CHECKING:
    from integrations.telegram.connection import Connection

ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")
CUSTOMERS_UPDATES = (
    *("message", "edited_message"),
    *("business_message", "edited_business_message", "deleted_business_messages"),
)
"""What the bot that customers write to is told of."""


class TelegramBot:
    """The contact method `telegram`; addresses are chat ids.

    Text is sent as it is, without markup or link previews, and cut to what Telegram
    takes. All methods raise Rejected, Unavailable or Uncertain as the contract says.
    """

    name = "telegram"

    def __init__(
        self,
        *,
        token: str,
        api_url: str = "https://api.telegram.org",
        timeout_s: float = 10,
        allowed: Sequence[str] = ALLOWED_UPDATES,
    ) -> None:
        self._token = token
        self._api_url = api_url
        self._timeout_s = timeout_s
        self._allowed = allowed
        self._opened: Connection | None = None

    async def send(self, message: OutboundMessage) -> Receipt:
        """Hand `message` over once; the receipt has Telegram's message id.

        Raises ValueError for a button with more than 64 bytes of data.
        """
        check_buttons(message.buttons)
        message_id = await self._connection().send(
            message.to, fitting(message.text), message.buttons
        )
        return Receipt(provider_id=message_id)

    async def edit(
        self,
        *,
        chat: str,
        message_id: str,
        text: str,
        buttons: tuple[tuple[Button, ...], ...] = (),
    ) -> None:
        """Replace a message in place; to the same text as it has is no error."""
        check_buttons(buttons)
        try:
            await self._connection().edit(chat, message_id, fitting(text), buttons)
        except Rejected as refused:
            if refused.code != Code.NOT_MODIFIED:
                raise

    async def answer_callback(self, callback_id: str, text: str = "") -> None:
        """Stop the pressed button's spinning; too late or once more is no error."""
        try:
            await self._connection().answer_callback(
                callback_id, fitting(text, NOTE_UNITS)
            )
        except Rejected as refused:
            if refused.code != Code.QUERY_EXPIRED:
                raise

    async def get_updates(
        self, *, offset: int = 0, timeout_s: int = 0
    ) -> tuple[Mapping[str, Any], ...]:
        """Wait up to `timeout_s` seconds for updates, and return them as JSON objects.

        Telegram forgets those before `offset`, and only those: pass the last handled
        `update_id` plus one, and each update comes at least once. One poller only.
        """
        found = await self._connection().updates(
            offset=offset, wait_s=timeout_s, allowed=self._allowed
        )
        return tuple(update for update in found if isinstance(update, dict))

    async def set_webhook(self, *, url: str, secret_token: str) -> None:
        """Have updates posted to `url` with the secret in a header; ends polling."""
        await self._connection().set_webhook(url, secret_token, self._allowed)

    async def delete_webhook(self) -> None:
        """Go back to polling; updates that wait are kept."""
        await self._connection().delete_webhook()

    async def me(self) -> str:
        """Return the bot's user name, for links `https://t.me/<name>?start=<code>`."""
        return await self._connection().username()

    async def close(self) -> None:
        """Let go of connections; a later call opens them again."""
        if self._opened is not None:
            opened, self._opened = self._opened, None
            await opened.close()

    def _connection(self) -> "Connection":
        # imported when first used: a command line must not wait for the library
        from integrations.telegram.connection import Connection  # noqa: PLC0415

        if self._opened is None:
            self._opened = Connection(
                token=self._token, api_url=self._api_url, timeout_s=self._timeout_s
            )
        return self._opened
