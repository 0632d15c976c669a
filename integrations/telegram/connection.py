"""The Telegram library's calls, in our words and with our errors.

Importing this module imports the library, which takes a third of a second.
"""

import json
import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.request import HTTPXRequest

from integrations.contract import Button
from integrations.errors import Unavailable
from integrations.telegram.codes import Code
from integrations.telegram.quiet import hide_token
from integrations.telegram.refusal import translated

# the library's own switch: pauses are timedeltas, without a warning at each
os.environ.setdefault("PTB_TIMEDELTA", "true")

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
SENDING = 320
"""Connections: more than messages are ever under way, so that none waits for one and
runs out of time without having been sent."""


class Connection:
    """A bot with two pools of connections, so that a long poll delays no message."""

    def __init__(self, *, token: str, api_url: str, timeout_s: float) -> None:
        if not token:
            detail = "Telegram's token is empty; set it"
            raise Unavailable(detail, code=Code.TOKEN)
        self._timeout_s = timeout_s
        self._unhide = hide_token(token)
        self._sending = _pool(SENDING, timeout_s)
        self._polling = _pool(1, timeout_s)
        self._bot = Bot(
            token,
            base_url=f"{api_url.rstrip('/')}/bot",
            request=self._sending,
            get_updates_request=self._polling,
        )

    async def send(
        self, chat: str, text: str, buttons: tuple[tuple[Button, ...], ...]
    ) -> str:
        """Send a message and return its id."""
        with translated():
            sent = await self._bot.send_message(
                chat,
                text,
                reply_markup=_keyboard(buttons),
                link_preview_options=NO_PREVIEW,
            )
        return str(sent.message_id)

    async def edit(
        self,
        chat: str,
        message_id: str,
        text: str,
        buttons: tuple[tuple[Button, ...], ...],
    ) -> None:
        """Replace a message's text and buttons. Raises ValueError: not an id."""
        number = int(message_id)
        with translated():
            await self._bot.edit_message_text(
                text,
                chat,
                number,
                reply_markup=_keyboard(buttons),
                link_preview_options=NO_PREVIEW,
            )

    async def answer_callback(self, callback_id: str, text: str) -> None:
        """Stop the pressed button's spinning, with a short note."""
        with translated():
            await self._bot.answer_callback_query(callback_id, text)

    async def updates(
        self, *, offset: int, wait_s: int, allowed: Sequence[str]
    ) -> list[Any]:
        """Return the raw updates from `offset` on; all before it are then forgotten.

        Raw, because one update that the library cannot read would block the rest.
        """
        query = {"timeout": wait_s, "allowed_updates": json.dumps(allowed)}
        if offset:
            query["offset"] = offset
        with translated():
            payload = await self._polling.retrieve(
                f"{self._bot.base_url}/getUpdates?{urlencode(query)}",
                read_timeout=wait_s + self._timeout_s,
            )
            return list(json.loads(payload)["result"])

    async def set_webhook(
        self, url: str, secret_token: str, allowed: Sequence[str]
    ) -> None:
        """Have updates posted to `url`."""
        with translated():
            await self._bot.set_webhook(
                url, secret_token=secret_token, allowed_updates=allowed
            )

    async def delete_webhook(self) -> None:
        """Have updates kept for polling."""
        with translated():
            await self._bot.delete_webhook()

    async def username(self) -> str:
        """Return the bot's user name, without @."""
        with translated():
            return (await self._bot.get_me()).username or ""

    async def close(self) -> None:
        """Close both pools."""
        await self._sending.shutdown()
        await self._polling.shutdown()
        self._unhide()


def _keyboard(rows: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(b.label, callback_data=b.data) for b in row]
            for row in rows
        ]
    )


def _pool(size: int, timeout_s: float) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=size,
        read_timeout=timeout_s,
        write_timeout=timeout_s,
        connect_timeout=timeout_s,
        pool_timeout=timeout_s,
    )
