"""Every answer has an id, which stands in the log lines of its request too.

A caller, or a proxy before us, may give the id as X-Request-Id: then one id finds the
request in the logs of all of them.
"""

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, reset_contextvars

from oncall.ids import new_id

HEADER = b"x-request-id"
FIT = re.compile(rb"[A-Za-z0-9._:+/=@-]{1,128}")
"""What is neither long nor could be mistaken for more than an id in a log."""


class RequestIds:
    """ASGI middleware: sets X-Request-Id. It stands outermost, so that no answer lacks it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Name the request, for its answer and for the logs."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = given(scope) or new_id()
        header = (HEADER, told.encode())

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                # a new message: kept answers send the same one many times
                headers = [*message.get("headers", ()), header]
                message = {**message, "headers": headers}
            await send(message)

        bound = bind_contextvars(request_id=told)
        try:
            await self._app(scope, receive, named)
        finally:
            reset_contextvars(**bound)


def given(scope: Scope) -> str:
    """Return the caller's own id; empty when there is none that will do, or two."""
    sent = [value for name, value in scope["headers"] if name == HEADER]
    return sent[0].decode() if len(sent) == 1 and FIT.fullmatch(sent[0]) else ""
