"""Connections: how long a client may keep us waiting, and how many there may be.

Each connection takes a file descriptor, and so do the database and the calls to
providers. So there is a bound. When it is reached whoever has kept us waiting longest
makes room: a client that sends its request in one go, as all do who mean it, is served
beside any number that send theirs by halves.
"""

import asyncio
import sys
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus
from typing import Any

from typing_extensions import override
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import (
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.server import ServerState

from oncall import metrics
from oncall.ids import new_id
from oncall.web.problems import MEDIA_TYPE, problem

PATIENCE_S = 10.0
GRACE_S = 5.0
"""A body that stands still is given up by what reads it, which can say so better."""
LONGEST_HEAD = 64 * 1024
"""Bytes of a request's first line and headers."""
WANTED = 4096
"""Descriptors, where the system lets us have so many."""
OWN = 256
"""Descriptors kept for the database, providers, and files."""
BACKLOG = 1024
"""Connections the system accepts for us meanwhile: they come all at once, and whoever
finds no place among them tries again a second later."""
MOST = 2000
"""Connections, however many descriptors there are: each takes memory, too."""


class Phase(Enum):
    """What is expected of the client next."""

    IDLE = auto()
    HEAD = auto()
    BODY = auto()
    NOTHING = auto()


class Guard:
    """Knows which clients we wait for, in the order in which that began."""

    def __init__(self, most: int, patience_s: float = PATIENCE_S) -> None:
        self.most = most
        self._patience_s = patience_s
        self._waiting: dict[Connection, float] = {}

    def waits(self, connection: "Connection") -> None:
        """Note that we wait for the client from now on."""
        self._waiting.pop(connection, None)
        self._waiting[connection] = connection.loop.time()

    def serves(self, connection: "Connection") -> None:
        """Note that it is our turn, or that the connection is gone."""
        self._waiting.pop(connection, None)

    def admits(self, count: int) -> bool:
        """Tell whether there is room for one of so many, which may have to be made."""
        if count <= self.most:
            return True
        longest = next(iter(self._waiting), None)
        if longest is None:  # all of them are being served
            return False
        self.serves(longest)
        longest.drop()
        metrics.REFUSED.labels("connection").inc()
        return True

    def sweep(self, now: float) -> None:
        """Let go of all who have kept us waiting for too long."""
        for connection, since in list(self._waiting.items()):
            if now - since < self._patience_s:
                return
            if connection.flow.read_paused:  # it is we who do not read on
                self.waits(connection)
            elif connection.phase is not Phase.BODY or (
                now - since >= self._patience_s + GRACE_S
            ):
                self.serves(connection)
                connection.give_up()
                metrics.REFUSED.labels("slow").inc()


class Connection(HttpToolsProtocol):
    """uvicorn's connection, which tells its guard whenever the turn changes."""

    def __init__(
        self,
        guard: Guard,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.phase = Phase.IDLE
        self._guard = guard
        self._head = 0

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the client, unless there is no room."""
        super().connection_made(transport)
        if self._guard.admits(len(self.connections)):
            self._guard.waits(self)
        else:
            self._answer(503, "too many connections are open; try again in a moment")

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the client."""
        self._guard.serves(self)
        super().connection_lost(exc)

    @override
    def data_received(self, data: bytes) -> None:
        """Read what came; the head of a request has a size."""
        super().data_received(data)
        if self.phase is Phase.HEAD and not self.transport.is_closing():
            self._head += len(data)
            if self._head > LONGEST_HEAD:
                self._answer(431, f"headers may have {LONGEST_HEAD} bytes at most")

    @override
    def on_message_begin(self) -> None:
        """Begin to wait for the headers: all of them within the time, not each."""
        super().on_message_begin()
        self._head = 0
        self.phase = Phase.HEAD
        before: RequestResponseCycle | None = self.cycle
        if before is None or before.response_complete:
            self._guard.waits(self)

    @override
    def on_headers_complete(self) -> None:
        """Begin to wait for the body, unless another request is being served."""
        super().on_headers_complete()
        self.phase = Phase.BODY
        if not self.pipeline:
            self._guard.waits(self)

    @override
    def on_body(self, body: bytes) -> None:
        """Give a body that goes on its time anew; none that nobody reads."""
        super().on_body(body)
        if not (self.cycle.response_complete or self.pipeline):
            self._guard.waits(self)

    @override
    def on_message_complete(self) -> None:
        """Stop waiting: the request is whole."""
        super().on_message_complete()
        self.phase = Phase.IDLE if self.cycle.response_complete else Phase.NOTHING
        if self.phase is Phase.NOTHING:
            self._guard.serves(self)

    @override
    def on_response_complete(self) -> None:
        """Wait for the next request, or for the rest of one that was refused unread."""
        super().on_response_complete()
        if not self.pipeline:
            # what is left of a refused body is not read by anybody: no grace for it
            self.phase = Phase.IDLE
            self._guard.waits(self)

    @override
    def pause_writing(self) -> None:
        """Wait for the client to take its answer."""
        super().pause_writing()
        self._guard.waits(self)

    @override
    def resume_writing(self) -> None:
        """Go on answering."""
        super().resume_writing()
        if self.phase is Phase.NOTHING:
            self._guard.serves(self)

    @override
    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP."""
        self._answer(400, "this is no HTTP request that can be read")

    def drop(self) -> None:
        """Make room at once."""
        self.transport.abort()

    def give_up(self) -> None:
        """Say that the request did not come in time, where the client may hear it."""
        if self.phase is Phase.HEAD and not self.transport.get_write_buffer_size():
            self._answer(408, "the headers did not come in time")
        else:
            self.transport.abort()

    def _answer(self, status: int, detail: str) -> None:
        """Answer without a request, and hang up."""
        body = bytes(problem(status, detail).body)
        lines = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
            f"content-type: {MEDIA_TYPE}",
            f"content-length: {len(body)}",
            f"x-request-id: {new_id()}",
            "connection: close",
            "\r\n",
        )
        self.transport.write("\r\n".join(lines).encode() + body)
        self.transport.close()


@dataclass(frozen=True, slots=True)
class Room:
    """How many connections may be open, and how many more may wait to be accepted."""

    most: int
    backlog: int


def room() -> Room:
    """Return the room that leaves us the descriptors we need ourselves.

    Asks the system for as many descriptors as we want, if it gives them.
    """
    if sys.platform == "win32":
        return Room(MOST, BACKLOG)
    import resource  # noqa: PLC0415 (is not everywhere)

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    wanted = WANTED if hard == unlimited else min(WANTED, hard)
    if soft != unlimited and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return Room(MOST, BACKLOG) if soft == unlimited else room_in(soft)


def room_in(descriptors: int) -> Room:
    """Share out so many descriptors: ours first, then half and half."""
    shared = descriptors - min(OWN, descriptors // 2)
    most = max(1, min(MOST, shared // 2))
    return Room(most, max(1, min(BACKLOG, shared - most)))
