"""What the fake providers share: a loopback server, a journal, and ways to fail."""

import asyncio
import socket
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, TypeVar

import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send
from typing_extensions import override
from uvicorn.protocols.http.h11_impl import H11Protocol

T = TypeVar("T")


class Journal(list[T]):
    """What happened, in order; a test can wait for more of it."""

    def __init__(self) -> None:
        super().__init__()
        self._grown = asyncio.Event()

    @override
    def append(self, item: T) -> None:
        super().append(item)
        self._grown.set()
        self._grown = asyncio.Event()

    async def wait_for(
        self, wanted: int | Callable[[list[T]], bool], *, within: float = 2.0
    ) -> list[T]:
        """Return once there are so many, or once `wanted` says so.

        Raises TimeoutError after `within` seconds.
        """
        async with asyncio.timeout(within):
            while not (wanted(self) if callable(wanted) else len(self) >= wanted):
                await self._grown.wait()
        return list(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """How the next request goes wrong.

    `taken`: the message is taken all the same. `hangs`: no answer ever comes.
    `drops`: the connection is cut. Otherwise `status` with `body` is the answer.
    """

    status: int = 500
    body: dict[str, Any] | str = "Internal Server Error"
    headers: dict[str, str] = field(default_factory=dict)
    taken: bool = False
    hangs: bool = False
    drops: bool = False

    def response(self) -> Response:
        """Return the answer, JSON or not."""
        if isinstance(self.body, str):
            return Response(self.body, self.status, self.headers)
        return JSONResponse(self.body, self.status, self.headers)


def hang(*, taken: bool = True) -> Fault:
    """Never answer."""
    return Fault(hangs=True, taken=taken)


def drop(*, taken: bool = True) -> Fault:
    """Cut the connection instead of answering."""
    return Fault(drops=True, taken=taken)


def bad_gateway(*, taken: bool = False) -> Fault:
    """Answer as a proxy does whose server is away: a page, not JSON."""
    return Fault(status=502, body="<html>502 Bad Gateway</html>", taken=taken)


class ProviderServer:
    """An ASGI application on loopback, at a port of its own.

    `async with fake:` starts it. Requests that the provider would find faulty are
    kept in `violations`; leaving the context raises AssertionError if there are any.
    """

    url: str

    def __init__(self) -> None:
        self.violations: list[str] = []
        self._faults: deque[Fault] = deque()

    def fail(self, *faults: Fault) -> None:
        """Let the next requests go wrong, one each."""
        self._faults.extend(faults)

    def recover(self) -> None:
        """Let no further request go wrong."""
        self._faults.clear()

    def next_fault(self) -> Fault | None:
        """Take the fault that the present request meets, if any."""
        return self._faults.popleft() if self._faults else None

    async def answer(self, request: Request) -> Response:
        """Serve one request."""
        raise NotImplementedError

    async def give_up(self, fault: Fault, request: Request) -> Response:
        """Answer as `fault` says."""
        if fault.hangs:
            while (await request.receive())["type"] != "http.disconnect":
                pass
        elif fault.drops:
            request.scope["extensions"]["abort"]["call"]()
        return fault.response()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self.answer(Request(scope, receive))
        except Exception as error:
            self.violations.append(f"the fake itself failed: {error!r}")
            raise
        await response(scope, receive, send)

    async def __aenter__(self) -> Self:
        listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._server = LoopbackServer(self)
        self._serving = asyncio.create_task(self._server.serve([listener]))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.stop()
        await self._serving
        if error is None:
            assert not self.violations, self.violations


class LoopbackServer(uvicorn.Server):
    """uvicorn without its ticks: stops at once and cuts what still hangs."""

    def __init__(self, app: ProviderServer) -> None:
        config = uvicorn.Config(
            app, http=_Protocol, lifespan="off", log_config=None, access_log=False
        )
        super().__init__(config)
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        """Let `serve` return."""
        self._stopped.set()

    @override
    async def main_loop(self) -> None:
        await self._stopped.wait()

    @override
    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        await self._serve(sockets)  # without taking the process's signals

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        unfinished = list(self.server_state.tasks)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)


class _Protocol(H11Protocol):
    """Gives the application a way to cut its connection."""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        super().connection_made(transport)
        self._plain_app, self.app = self.app, self._with_abort

    async def _with_abort(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["extensions"] = {"abort": {"call": self.transport.abort}}
        await self._plain_app(scope, receive, send)
