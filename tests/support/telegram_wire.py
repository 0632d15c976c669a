"""How the Bot API looks on the wire: refusals, parameters, and what is kept of each."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from support.provider_server import Fault

TOKEN = "123456:test-token-not-real"
BOT = {
    "id": 123456,
    "is_bot": True,
    "first_name": "Oncall",
    "username": "example_oncall_bot",
}
DATE = 1795203731  # Friday night
TEXT_UNITS = 4096
NOTE_UNITS = 200
DATA_BYTES = 64

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class SentMessage:
    """A message in a chat as it looks now; `buttons` are rows of (label, data)."""

    chat: int
    message_id: int
    text: str
    buttons: list[list[tuple[str, str]]]
    fields: Json
    history: list[str] = field(default_factory=list)


class Refusal(Exception):
    """Telegram's refusal of a call."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.fault = refusal(status, description, **parameters)


def refusal(status: int, description: str, **parameters: int) -> Fault:
    """Return the answer in which Telegram refuses."""
    body: Json = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return Fault(status=status, body=body)


def too_many(retry_after: int = 7) -> Fault:
    """Return the answer to one message too many."""
    words = f"Too Many Requests: retry after {retry_after}"
    return refusal(429, words, retry_after=retry_after)


def person(user: int, name: str) -> Json:
    return {"id": user, "is_bot": False, "first_name": name}


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


async def fields_of(request: Request) -> list[tuple[str, str]]:
    """Read a call's parameters, from the query, a form or JSON, as Telegram does."""
    raw = (await request.body()).decode()
    query = parse_qsl(request.url.query, keep_blank_values=True)
    if request.headers.get("Content-Type", "").startswith("application/json"):
        values = json.loads(raw).items()
        return query + [
            (name, value if isinstance(value, str) else json.dumps(value))
            for name, value in values
        ]
    return query + parse_qsl(raw, keep_blank_values=True)
