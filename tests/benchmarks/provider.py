"""A Twilio on loopback that only takes messages, and notes when they came.

The fake that the tests use holds every request against the published description;
that takes time which is not the service's, so here is one that does not.
"""

import asyncio
import json
import re
from collections import Counter
from datetime import timedelta
from socket import socket
from time import perf_counter
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs

import uvicorn
from starlette.types import Receive, Scope, Send
from typing_extensions import override

from oncall.clock import SystemClock

ACCOUNT_SID = "AC" + "0" * 32
AUTH_TOKEN = "a-token-for-loopback"
NUMBER = re.compile(r"#(\d+)")


class Provider:
    """Takes every message, and answers when `thinks` has passed.

    By the number of an issue, `arrived` holds when its first message came, and `taken`
    how many did.
    """

    def __init__(self, thinks: timedelta = timedelta()) -> None:
        self.arrived: dict[int, float] = {}
        self.taken: Counter[int] = Counter()
        self._count = 0
        self._messages: dict[str, list[dict[str, object]]] = {}
        self._thinks = thinks
        self._server = _Server(
            uvicorn.Config(
                self, port=0, lifespan="off", log_config=None, access_log=False
            )
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one message, or list those to a number."""
        body, more = b"", True
        while more:
            event = await receive()
            body += event.get("body", b"")
            more = event.get("more_body", False)
        if scope["method"] == "GET":
            await _answer(send, 200, self._listed(scope["query_string"].decode()))
            return
        message = self._take(body.decode())
        if self._thinks:
            await SystemClock().sleep(self._thinks)
        await _answer(send, 201, message)

    def _take(self, body: str) -> dict[str, object]:
        """Note a message; the moment that counts is when its body is here."""
        now = perf_counter()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        if found := NUMBER.search(form["Body"]):
            number = int(found[1])
            self.arrived.setdefault(number, now)
            self.taken[number] += 1
        self._count += 1
        message = _message(form, self._count)
        self._messages.setdefault(form["To"], []).append(message)
        return message

    def _listed(self, query: str) -> dict[str, object]:
        """Return what was taken, so that nothing in doubt need be sent twice."""
        to = parse_qs(query)["To"][0]
        return {"messages": self._messages.get(to, []), "page": 0, "page_size": 100}

    async def __aenter__(self) -> Self:
        self._serving = asyncio.create_task(self._server.serve())
        while not self._server.started:
            await asyncio.wait([self._serving], timeout=0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._server.force_exit = True
        await self._serving


class _Server(uvicorn.Server):
    """uvicorn without the process's signals."""

    @override
    async def serve(self, sockets: list[socket] | None = None) -> None:
        await self._serve(sockets)


def _message(form: dict[str, str], count: int) -> dict[str, object]:
    sid = f"SM{count:032x}"
    return {
        "sid": sid,
        "account_sid": ACCOUNT_SID,
        "api_version": "2010-04-01",
        "to": form["To"],
        "from": form["From"],
        "body": form["Body"],
        "status": "queued",
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "num_segments": "1",
        "uri": f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{sid}.json",
    }


async def _answer(send: Send, status: int, said: dict[str, object]) -> None:
    body = json.dumps(said).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
