"""What a request may cost before we know whose it is: headers, bytes, fields and time."""

import asyncio
from collections.abc import Mapping

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oncall.web.parts import Parts
from oncall.web.problems import RETRY_AFTER_S, problem
from oncall.web.unread import API, INTAKE, refusal

LARGEST_BODY = 256 * 1024
LARGE_AT_ONCE = 2
"""Letters with files that are held at the same time: memory is for pages."""
WITHIN_S = 60
"""So long a body may take to come."""
PAUSE_S = 10
"""So long it may stand still meanwhile."""
SMALL = 16 * 1024
"""Bytes of a stranger's body that are always held: answers by SMS are smaller."""
MOST_HELD = 32 * 1024 * 1024
"""Bytes that are held of all strangers' bodies together, beyond what is small."""
MOST_FIELDS = 200
"""Of a form, or a query; Twilio sends under 100."""
MOST_HEADERS = 100

FORM, IN_PARTS = b"application/x-www-form-urlencoded", b"multipart/form-data"


class TooMuch(Exception):
    """A body is not taken; holds the answer."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


class HeadLimit:
    """ASGI middleware: refuses what has more headers or parameters than any request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count, and let pass or refuse."""
        if scope["type"] == "http":
            if len(scope["headers"]) > MOST_HEADERS:
                detail = f"send {MOST_HEADERS} headers at most"
                await problem(431, detail)(scope, receive, send)
                return
            if scope["query_string"].count(b"&") >= MOST_FIELDS:
                detail = f"an address may have {MOST_FIELDS} parameters at most"
                await problem(400, detail)(scope, receive, send)
                return
        await self._app(scope, receive, send)


class BodyLimit:
    """ASGI middleware: gathers a body within bounds before anything acts on it.

    Who shows neither token, secret nor signature is refused unread. A body has at most
    `LARGEST_BODY` bytes; only what brings letters with their files may have more, a few
    at a time. What strangers send is held up to a bound that all of them share.
    """

    def __init__(
        self,
        app: ASGIApp,
        parts: Parts,
        within_s: float = WITHIN_S,
        pause_s: float = PAUSE_S,
    ) -> None:
        self._app = app
        self._parts = parts
        self._within_s = within_s
        self._pause_s = pause_s
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Gather the body, or refuse it."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        try:
            await self._within_bounds(scope, receive, send)
        except ClientDisconnect:  # what came is only a part: it must not be acted on
            return
        except TooMuch as refused:
            await refused.answer(scope, receive, send)

    async def _within_bounds(self, scope: Scope, receive: Receive, send: Send) -> None:
        unread = refusal(scope, self._parts)
        if unread is not None:
            raise TooMuch(unread)
        headers = dict(scope["headers"])
        in_parts = _is(IN_PARTS, headers)
        if in_parts and not scope["path"].startswith(INTAKE):
            raise TooMuch(problem(415, "send the form url-encoded, not in parts"))
        declared = _declared(headers)
        largest = self._largest(scope["path"]) if in_parts else LARGEST_BODY
        if declared > largest:
            raise _too_large(largest)
        held = _Held(self, free=scope["path"].startswith(API))
        try:
            if declared > LARGEST_BODY:
                held.free = True  # few at a time already
                async with self._large:
                    body = await self._gather(receive, largest, held)
                    await self._app(scope, replay(body, receive), send)
                return
            body = await self._gather(receive, LARGEST_BODY, held)
            if _is(FORM, headers) and body.count(b"&") >= MOST_FIELDS:
                detail = f"a form may have {MOST_FIELDS} fields at most"
                raise TooMuch(problem(413, detail))
            await self._app(scope, replay(body, receive), send)
        finally:
            held.grow(0)

    async def _gather(self, receive: Receive, largest: int, held: "_Held") -> bytes:
        """Return the whole body. Raises TooMuch, also when it stands still."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self._within_s
        chunks, size, more = [], 0, True
        while more:
            pause = min(end, loop.time() + self._pause_s)
            try:
                async with asyncio.timeout_at(pause):
                    message = await receive()
            except TimeoutError:
                raise TooMuch(problem(408, "the body did not come in time")) from None
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > largest:
                raise _too_large(largest)
            held.grow(size)
            chunks.append(chunk)
            more = message.get("more_body", False)
        return b"".join(chunks) if len(chunks) > 1 else chunks[0]

    def _largest(self, path: str) -> int:
        """Return how many bytes may come there in parts."""
        source = self._parts.sources.get(path.removeprefix(INTAKE))
        return (source.product.largest if source else None) or LARGEST_BODY

    def hold(self, more: int) -> None:
        """Count what strangers' bodies take. Raises TooMuch when that is all there is."""
        self._held += more
        if more > 0 and self._held > MOST_HELD:
            later = {"Retry-After": str(RETRY_AFTER_S)}
            detail = "too much is being sent at once; send it again"
            raise TooMuch(problem(503, detail, headers=later))


class _Held:
    """What one body takes of that which strangers' bodies may take together."""

    def __init__(self, limit: BodyLimit, *, free: bool) -> None:
        self._limit = limit
        self._counted = 0
        self.free = free

    def grow(self, size: int) -> None:
        """Note how large the body is by now; 0 lets go of all."""
        counted = 0 if self.free else max(size - SMALL, 0)
        more, self._counted = counted - self._counted, counted
        self._limit.hold(more)


def _too_large(largest: int) -> TooMuch:
    return TooMuch(problem(413, f"a body may have {largest} bytes at most"))


def _declared(headers: Mapping[bytes, bytes]) -> int:
    told = headers.get(b"content-length", b"")
    return int(told) if told.isdigit() and len(told) < len(str(2**63)) else 0


def _is(kind: bytes, headers: Mapping[bytes, bytes]) -> bool:
    return headers.get(b"content-type", b"").strip().lower().startswith(kind)


def replay(body: bytes, receive: Receive) -> Receive:
    """Return what lets an app receive a body that was read before it."""
    told = False

    async def replayed() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
