"""Bodies have a size: what is larger is refused before it is read whole."""

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oncall.web.problems import problem

LARGEST_BODY = 256 * 1024


class BodyLimit:
    """ASGI middleware: answers 413 for a body over `LARGEST_BODY` bytes.

    The body is gathered here, so that the size is known before anything acts on it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Gather the body, or refuse it."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        try:
            body = await _gather(scope, receive)
        except ClientDisconnect:  # what came is only a part: it must not be acted on
            return
        if body is None:
            detail = f"a body may have {LARGEST_BODY} bytes at most"
            await problem(413, detail)(scope, receive, send)
            return
        await self._app(scope, replay(body, receive), send)


async def _gather(scope: Scope, receive: Receive) -> bytes | None:
    """Return the whole body; None when it is too large."""
    headers = dict(scope["headers"])
    declared = headers.get(b"content-length", b"0")
    if declared.isdigit() and int(declared) > LARGEST_BODY:
        return None
    chunks, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > LARGEST_BODY:
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
