"""A Telegram on loopback that speaks the Bot API and refuses what Telegram refuses."""

import itertools
import re
from collections.abc import Iterable, Mapping
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from typing_extensions import override

from support.provider_server import Journal, ProviderServer
from support.published import TelegramApi
from support.telegram_wire import (
    BOT,
    DATA_BYTES,
    DATE,
    NOTE_UNITS,
    TEXT_UNITS,
    TOKEN,
    Json,
    Refusal,
    SentMessage,
    fields_of,
    person,
    refusal,
    units,
)

FAR_AHEAD = 10
"""An offset further beyond the next update than this is none to Telegram's server."""


class FakeTelegram(ProviderServer):
    """One bot and the people who talk to it.

    `people` have started the bot; other chats are not found. What the bot sent is in
    `messages`, in order and as it looks now; `edits` and `answers` hold what it
    edited and the presses it answered. In webhook mode updates go through
    `transport` when given.
    """

    def __init__(
        self,
        people: Iterable[int] = (),
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        token: str = TOKEN,
    ) -> None:
        super().__init__()
        self.token = token
        self.people = set(people)
        self.blocked: set[int] = set()
        self.messages: Journal[SentMessage] = Journal()
        self.edits: Journal[SentMessage] = Journal()
        self.answers: Journal[tuple[str, str]] = Journal()
        self.updates: Journal[Json] = Journal()
        self.webhook = ""
        self.secret_token = ""
        self._api = TelegramApi()
        self.transport = transport
        self._allowed: frozenset[str] = frozenset()
        self._presses: set[str] = set()
        self._press_ids = itertools.count(1)
        self._confirmed = 0
        self._forgotten = 0
        self._next_update = 700_000_001
        self._message_id = 100

    # -- people ----------------------------------------------------------------

    async def user_sends(self, user: int, text: str, *, name: str = "Sara") -> Json:
        """Let a person write to the bot; starting it makes the chat known."""
        self.people.add(user)
        message = self._message(user, text, sender=person(user, name))
        return await self._happens("message", message)

    async def user_shares(self, user: int, **content: Any) -> Json:  # noqa: ANN401  any JSON
        """Let a person send what is no text: a photo, a document, a place."""
        self.people.add(user)
        message = self._message(user, "", sender=person(user, "Sara"))
        del message["text"]
        return await self._happens("message", message | content)

    async def user_edits(self, sent: Json, text: str) -> Json:
        """Let a person change a message that was sent before."""
        changed = sent["message"] | {"text": text, "edit_date": DATE + 60}
        return await self._happens("edited_message", changed)

    async def user_presses(
        self,
        user: int,
        data: str,
        *,
        message: SentMessage | None = None,
        says_message: bool = True,
    ) -> Json:
        """Let a person press a button with `data`, on the last message that has it.

        Telegram does not always say which message that is.
        """
        pressed = message or self._with_button(data)
        press_id = f"press-{next(self._press_ids)}"
        self._presses.add(press_id)
        press = {
            "id": press_id,
            "from": person(user, "Sara"),
            "message": self._message(pressed.chat, pressed.text, pressed.message_id),
            "chat_instance": "-1",
            "data": data,
        }
        if not says_message:
            del press["message"]
        return await self._happens("callback_query", press)

    async def user_blocks(self, user: int) -> Json:
        """Let a person block the bot: it is told, and can send nothing more."""
        self.blocked.add(user)
        return await self._happens(
            "my_chat_member",
            {
                "chat": {"id": user, "type": "private"},
                "from": person(user, "Sara"),
                "date": DATE,
                "old_chat_member": {"user": BOT, "status": "member"},
                "new_chat_member": {"user": BOT, "status": "kicked", "until_date": 0},
            },
        )

    def count_anew(self, number: int) -> None:
        """Give the next update this number, as Telegram does after a week of silence."""
        self._next_update = number
        self._confirmed = 0
        self._forgotten = len(self.updates)

    def pending(self) -> list[Json]:
        """Return the updates that nobody has confirmed."""
        return [
            update
            for update in self.updates[self._forgotten :]
            if update["update_id"] >= self._confirmed
            and (not self._allowed or self._allowed & update.keys())
        ]

    async def deliver_pending(self) -> None:
        """Post what waits to the webhook, in order, until one is not taken."""
        async with httpx.AsyncClient(transport=self.transport) as client:
            for update in self.pending():
                answer = await client.post(
                    self.webhook,
                    json=update,
                    headers={"X-Telegram-Bot-Api-Secret-Token": self.secret_token},
                )
                if not answer.is_success:
                    return
                self._confirmed = update["update_id"] + 1

    def _with_button(self, data: str) -> SentMessage:
        for sent in reversed(self.messages):
            if any(data == its for row in sent.buttons for _, its in row):
                return sent
        message = f"no message has a button {data!r}"
        raise LookupError(message)

    async def _happens(self, kind: str, content: Json) -> Json:
        update = {"update_id": self._next_update, kind: content}
        self._next_update += 1
        problems = self._api.problems("Update", update)
        self.violations += [f"the fake's own update: {p}" for p in problems]
        self.updates.append(update)
        if self.webhook:
            await self.deliver_pending()
        return update

    def _message(
        self,
        chat: int,
        text: str,
        message_id: int = 0,
        *,
        sender: Json | None = None,
    ) -> Json:
        if not message_id:
            self._message_id += 1
        return {
            "message_id": message_id or self._message_id,
            "from": sender or BOT,
            "chat": {"id": chat, "type": "private"},
            "date": DATE,
            "text": text,
        }

    # -- the Bot API -----------------------------------------------------------

    @override
    async def answer(self, request: Request) -> Response:
        prefix, _, method = request.url.path.rpartition("/")
        if prefix != f"/bot{self.token}":
            return refusal(401, "Unauthorized").response()
        fault = self.next_fault()
        if fault and not fault.taken:
            return await self.give_up(fault, request)
        try:
            result = await self._call(method, await fields_of(request))
        except Refusal as refused:
            return refused.fault.response()
        if fault:
            return await self.give_up(fault, request)
        return JSONResponse({"ok": True, "result": result})

    async def _call(self, method: str, fields: list[tuple[str, str]]) -> Any:  # noqa: ANN401  any JSON
        calls = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "sendMessage": self._send_message,
            "editMessageText": self._edit_message_text,
            "answerCallbackQuery": self._answer_callback_query,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
        }
        if method not in calls or not self._api.knows(method):
            self._violate(404, f"Not Found: {method}")
        values, problems = self._api.decode(method, fields)
        if problems:
            self._violate(400, f"Bad Request: {method}: {'; '.join(problems)}")
        return await calls[method](values)

    def _violate(self, status: int, description: str) -> None:
        self.violations.append(description)
        raise Refusal(status, description)

    async def _get_me(self, _: Json) -> Json:
        return BOT

    async def _get_updates(self, values: Json) -> list[Json]:
        if self.webhook:
            words = "Conflict: can't use getUpdates method while webhook is active"
            raise Refusal(409, words)
        if "allowed_updates" in values:
            self._allowed = frozenset(values["allowed_updates"])
        offset = values.get("offset", 0)
        if offset <= self._next_update + FAR_AHEAD:  # else it counts as not given
            self._confirmed = max(self._confirmed, offset)
        try:
            await self.updates.wait_for(
                lambda _: bool(self.pending()), within=values.get("timeout", 0)
            )
        except TimeoutError:
            return []
        return self.pending()[: values.get("limit", 100)]

    async def _send_message(self, values: Json) -> Json:
        chat = self._chat(values)
        self._check_text(values["text"])
        made = self._message(chat, values["text"])
        self.messages.append(
            SentMessage(
                chat=chat,
                message_id=made["message_id"],
                text=values["text"],
                buttons=self._buttons(values),
                fields=values,
            )
        )
        return made

    async def _edit_message_text(self, values: Json) -> Json:
        chat = self._chat(values)
        text, buttons = values.get("text", ""), self._buttons(values)
        self._check_text(text)
        found = [
            message
            for message in self.messages
            if (message.chat, message.message_id) == (chat, values.get("message_id"))
        ]
        if not found:
            raise Refusal(400, "Bad Request: message to edit not found")
        (message,) = found
        if (message.text, message.buttons) == (text, buttons):
            words = "Bad Request: message is not modified: specified new message content and reply markup are exactly the same"
            raise Refusal(400, words)
        message.history.append(message.text)
        message.text, message.buttons = text, buttons
        self.edits.append(message)
        return self._message(chat, text, message.message_id)

    async def _answer_callback_query(self, values: Json) -> bool:
        press = values["callback_query_id"]
        if press not in self._presses:
            words = "Bad Request: query is too old and response timeout expired or query ID is invalid"
            raise Refusal(400, words)
        if units(values.get("text", "")) > NOTE_UNITS:
            self._violate(400, "Bad Request: MESSAGE_TOO_LONG")
        self._presses.discard(press)
        self.answers.append((press, values.get("text", "")))
        return True

    async def _set_webhook(self, values: Json) -> bool:
        secret = values.get("secret_token", "")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            self._violate(
                400, "Bad Request: secret token contains unallowed characters"
            )
        self.webhook, self.secret_token = values["url"], secret
        self._allowed = frozenset(values.get("allowed_updates", self._allowed))
        return True

    async def _delete_webhook(self, _: Json) -> bool:
        self.webhook = self.secret_token = ""
        return True

    def _chat(self, values: Json) -> int:
        chat = values.get("chat_id")
        if not isinstance(chat, int) or chat not in self.people:
            raise Refusal(400, "Bad Request: chat not found")
        if chat in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        return chat

    def _check_text(self, text: str) -> None:
        if not text.strip():
            raise Refusal(400, "Bad Request: message text is empty")
        if units(text) > TEXT_UNITS:
            self._violate(400, "Bad Request: message is too long")

    def _buttons(self, values: Mapping[str, Any]) -> list[list[tuple[str, str]]]:
        rows = values.get("reply_markup", {}).get("inline_keyboard", [])
        for data in (button["callback_data"] for row in rows for button in row):
            if not 1 <= len(data.encode()) <= DATA_BYTES:
                self._violate(400, "Bad Request: BUTTON_DATA_INVALID")
        return [[(b["text"], b["callback_data"]) for b in row] for row in rows]
