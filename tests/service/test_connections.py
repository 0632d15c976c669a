"""Clients that keep us waiting are let go of, and make room for those who do not."""

import asyncio
import socket
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest
import uvicorn

from oncall.running import Server
from oncall.web.connections import LONGEST_HEAD, Connection, Guard, Room, room_in

WHOLE = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
HALF = b"GET / HTTP/1.1\r\nHost: loc"
BRIEF_S = 0.2
PATIENCE_S = 20
"""So long a test waits for what comes at once on a machine that is not busy."""


async def answers(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
    """Answer at once, without reading a body."""
    del scope, receive
    head = {"type": "http.response.start", "status": 200}
    await send(head | {"headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


class Served:
    """A server of `app` on a port of its own, and clients of it."""

    def __init__(self, port: int, server: Server) -> None:
        self._port = port
        self.server = server
        self._writers: list[StreamWriter] = []

    async def sends(self, data: bytes) -> tuple[StreamReader, StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writers.append(writer)
        writer.write(data)
        return reader, writer

    async def hears(self, data: bytes) -> bytes:
        """Return the head of the answer; empty when there is none."""
        reader, _ = await self.sends(data)
        return await head(reader)

    def leave(self) -> None:
        for writer in self._writers:
            writer.transport.abort()


async def head(reader: StreamReader) -> bytes:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionResetError):
        return b""


async def ends(reader: StreamReader) -> bytes:
    """Return all that comes before the server hangs up."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await reader.read()
    except ConnectionResetError:
        return b""


@asynccontextmanager
async def serving(
    app: Any = answers,  # noqa: ANN401
    *,
    most: int = 100,
    patience_s: float = 1000,
) -> AsyncIterator[Served]:
    guard = Guard(most, patience_s)
    config = uvicorn.Config(
        app,
        http=partial(Connection, guard),  # type: ignore[arg-type]
        lifespan="off",
        log_config=None,
        timeout_keep_alive=1000,
        timeout_graceful_shutdown=0,
    )
    server = Server(config, guard)
    listener = socket.create_server(("127.0.0.1", 0))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    served = Served(listener.getsockname()[1], server)
    try:
        yield served
    finally:
        served.leave()
        server.should_exit = True
        await task


async def test_half_a_head_is_told_that_it_is_late():
    async with serving(patience_s=BRIEF_S) as served:
        reader, _ = await served.sends(HALF)
        said = await ends(reader)
        assert said.startswith(b"HTTP/1.1 408 ")
        assert b"\r\nx-request-id: " in said
        assert b'"type":"/problems/' in said


async def test_a_head_that_drips_gets_no_time_for_its_drops():
    async with serving(patience_s=BRIEF_S) as served, asyncio.timeout(PATIENCE_S):
        reader, writer = await served.sends(HALF)
        answer = asyncio.create_task(ends(reader))
        while not answer.done():
            writer.write(b"x")
            await asyncio.wait([answer], timeout=BRIEF_S / 10)
        assert b" 408 " in answer.result()


async def test_a_connection_on_which_nothing_comes_is_closed():
    async with serving(patience_s=BRIEF_S) as served:
        reader, _ = await served.sends(b"")
        assert await ends(reader) == b""


async def test_the_rest_of_a_body_that_was_refused_is_not_waited_for():
    async with serving(patience_s=BRIEF_S) as served:
        reader, writer = await served.sends(
            b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999\r\n\r\n"
        )
        answer = asyncio.create_task(ends(reader))
        async with asyncio.timeout(PATIENCE_S):
            while not answer.done():  # it goes on, and nobody reads it
                writer.write(b"x")
                await asyncio.wait([answer], timeout=BRIEF_S / 10)
        assert answer.result().startswith(b"HTTP/1.1 200 ")


async def test_whoever_has_kept_us_waiting_longest_makes_room():
    async with serving(most=5) as served:
        idle, writer = await served.sends(WHOLE)
        assert await head(idle)
        halves = [await served.sends(HALF) for _ in range(4)]
        assert (await served.hears(WHOLE)).startswith(b"HTTP/1.1 200 ")
        assert await ends(idle) == b"ok", "it waited longest, for a next request"
        writer.close()
        for _ in range(3):
            assert (await served.hears(WHOLE)).startswith(b"HTTP/1.1 200 ")
        assert await ends(halves[0][0]) == b""


async def test_with_all_of_them_being_served_a_further_client_is_told_so():
    let_go, begun = asyncio.Event(), asyncio.Semaphore(0)

    async def slowly(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
        begun.release()
        await let_go.wait()
        await answers(scope, receive, send)

    async with serving(slowly, most=2, patience_s=BRIEF_S) as served:
        served_ones = [await served.sends(WHOLE) for _ in range(2)]
        for _ in served_ones:
            await begun.acquire()
        assert (await served.hears(WHOLE)).startswith(b"HTTP/1.1 503 ")
        let_go.set()
        for reader, _ in served_ones:
            assert (await head(reader)).startswith(b"HTTP/1.1 200 ")


async def test_who_does_not_read_an_answer_does_not_hold_it_for_ever():
    done = asyncio.Event()

    async def much(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
        del scope, receive
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(1000):
            chunk = {"type": "http.response.body", "body": b"x" * 100_000}
            await send(chunk | {"more_body": True})
        done.set()

    async with serving(much, patience_s=BRIEF_S) as served:
        await served.sends(WHOLE)
        async with asyncio.timeout(PATIENCE_S):
            await done.wait()  # what is sent to nobody goes nowhere


async def test_what_is_no_http_is_told_so_with_an_id():
    async with serving() as served:
        said = await served.hears(b"\x16\x03\x01 hello\r\n\r\n")
        assert said.startswith(b"HTTP/1.1 400 ")
        assert b"\r\nx-request-id: " in said


async def test_a_head_without_an_end_is_refused():
    async with serving() as served:
        reader, writer = await served.sends(HALF)
        for _ in range(LONGEST_HEAD // 1000 + 1):
            writer.write(b"x" * 1000)
            await writer.drain()
        assert (await head(reader)).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    ("descriptors", "most", "backlog"),
    [(1024, 384, 384), (256, 64, 64), (1, 1, 1), (4096, 1920, 1024)],
)
def test_connections_leave_us_the_descriptors_we_need(
    descriptors: int, most: int, backlog: int
):
    shared = room_in(descriptors)
    assert (shared.most, shared.backlog) == (most, backlog)


def test_however_many_descriptors_there_are_connections_have_a_bound():
    assert room_in(1_000_000) == Room(2000, 1024)
