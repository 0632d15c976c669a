"""Answers kept for a moment: the very same request again is answered with the same bytes.

Who is on call, and calendars, are asked for far more often than they change. A route
says of an answer how long it is true; it is given again for a quarter of a second at
most, and not after anything was written through this node or heard of from another.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oncall.web.parts import LONGEST, Parts

MOST = 256
LARGEST = 1024 * 1024
"""Bytes of one answer."""
KEY = "oncall.keep"

_Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Mark:
    """What an answer rests on, beside time. Both are compared by identity."""

    config: object
    written: object

    def holds(self, other: "_Mark") -> bool:
        return self.config is other.config and self.written is other.written


@dataclass(slots=True)
class _Answer:
    """An answer under way or whole, and in which span it is true."""

    mark: _Mark
    start: datetime
    end: datetime | None = None
    messages: list[Message] = field(default_factory=list)


def keep(request: Request, until: datetime | None) -> None:
    """Say that this answer may be given again, before `until` if there is one.

    It must rest on nothing but the request, the configuration, the database, and time.
    """
    answer: _Answer | None = request.scope.get(KEY)
    if answer is not None:
        latest = answer.start + LONGEST
        answer.end = latest if until is None else min(latest, until)


class KeptAnswers:
    """ASGI middleware: gives answers again that routes have said may be kept.

    Two requests are the same when their every header is: also the token, and what the
    client can unpack or has already.
    """

    def __init__(self, app: ASGIApp, parts: Parts) -> None:
        self._app = app
        self._parts = parts
        self._kept: dict[_Key, _Answer] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer at once, or let the app answer and perhaps keep that."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        key = _key(scope)
        now, mark = self._parts.clock.now(), self._mark()
        known = self._kept.get(key)
        if known is not None and _is_true(known, mark, now):
            for message in known.messages:
                await send(message)
            return
        answer = _Answer(mark, now)
        scope[KEY] = answer
        await self._app(scope, receive, _noting(answer, send))
        if answer.end is not None and _is_worth_it(answer):
            if len(self._kept) >= MOST:
                self._kept.clear()
            self._kept[key] = answer

    def _mark(self) -> _Mark:
        return _Mark(self._parts.house.config, self._parts.database.written)


def _key(scope: Scope) -> _Key:
    return (
        scope["method"],
        scope["path"],
        scope["query_string"],
        tuple(scope["headers"]),
    )


def _is_true(known: _Answer, mark: _Mark, now: datetime) -> bool:
    if known.end is None or not known.mark.holds(mark):
        return False
    return known.start <= now < known.end


def _is_worth_it(answer: _Answer) -> bool:
    size = sum(len(message.get("body", b"")) for message in answer.messages)
    return answer.messages[0]["status"] in (200, 304) and size <= LARGEST


def _noting(answer: _Answer, send: Send) -> Send:
    async def noted(message: Message) -> None:
        if answer.end is not None:
            answer.messages.append(message)
        await send(message)

    return noted
