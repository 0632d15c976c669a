"""Bodies have a size: what is larger is refused before it is read whole."""

import asyncio
from collections.abc import Mapping

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oncall.web.parts import Parts
from oncall.web.problems import problem

LARGEST_BODY = 256 * 1024
INTAKE = "/intake/"
LARGE_AT_ONCE = 2
"""Letters with files that are held at the same time: memory is for pages."""
LARGE_WITHIN_S = 60
"""So long one of them may take to come, or nobody else's would."""


class BodyLimit:
    """ASGI middleware: answers 413 for a body over `LARGEST_BODY` bytes.

    Only what brings letters with their files may be larger, a few at a time. The body
    is gathered here, so that the size is known before anything acts on it.
    """

    def __init__(
        self, app: ASGIApp, parts: Parts, within_s: float = LARGE_WITHIN_S
    ) -> None:
        self._app = app
        self._parts = parts
        self._within_s = within_s
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Gather the body, or refuse it."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        declared = _declared(headers)
        largest = LARGEST_BODY
        if declared > LARGEST_BODY and _in_parts(headers):
            largest = self._largest(scope["path"])
        if declared > largest:
            await _too_large(largest)(scope, receive, send)
        elif largest > LARGEST_BODY:
            async with self._large:
                await self._gathered(scope, receive, send, largest, self._within_s)
        else:
            await self._gathered(scope, receive, send, largest, None)

    async def _gathered(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        largest: int,
        within_s: float | None,
    ) -> None:
        try:
            async with asyncio.timeout(within_s):
                body = await _gather(receive, largest)
        except ClientDisconnect:  # what came is only a part: it must not be acted on
            return
        except TimeoutError:
            await problem(408, "the body did not come in time")(scope, receive, send)
            return
        if body is None:
            await _too_large(largest)(scope, receive, send)
            return
        await self._app(scope, replay(body, receive), send)

    def _largest(self, path: str) -> int:
        """Return how many bytes may come there."""
        called = path.removeprefix(INTAKE) if path.startswith(INTAKE) else ""
        source = self._parts.sources.get(called)
        return (source.product.largest if source else None) or LARGEST_BODY


def _too_large(largest: int) -> Response:
    return problem(413, f"a body may have {largest} bytes at most")


def _declared(headers: Mapping[bytes, bytes]) -> int:
    told = headers.get(b"content-length", b"")
    return int(told) if told.isdigit() else 0


def _in_parts(headers: Mapping[bytes, bytes]) -> bool:
    """Tell whether it is a form with files: nothing else is quick to read if large."""
    told = headers.get(b"content-type", b"")
    return told.strip().lower().startswith(b"multipart/form-data")


async def _gather(receive: Receive, largest: int) -> bytes | None:
    """Return the whole body; None when it is too large."""
    chunks, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > largest:
            return None
        chunks.append(chunk)
        more = message.get("more_body", False)
    return b"".join(chunks)


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
