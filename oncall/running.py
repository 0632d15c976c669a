"""The service running: web and engine on one loop, from start to an orderly end."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
import uvicorn
from typing_extensions import override

from integrations.errors import ChannelError
from oncall.clock import SystemClock
from oncall.web.connections import (
    PATIENCE_S,
    Connection,
    Guard,
    room,
)
from oncall.wiring.service import Service

log = structlog.get_logger()

PAUSE = timedelta(seconds=5)
SWITCH_EVERY_S = 0.0005
"""A thread that writes much must not keep the loop waiting at each of its requests,
as Python's own 5 ms does: a storm is taken in more than twice as fast."""


class Server(uvicorn.Server):
    """uvicorn, but for the signals: those are the whole service's."""

    def __init__(self, config: uvicorn.Config, guard: Guard) -> None:
        super().__init__(config)
        self._guard = guard

    @override
    async def on_tick(self, counter: int) -> bool:
        """Let go of clients that keep us waiting, ten times a second."""
        self._guard.sweep(asyncio.get_running_loop().time())
        return await super().on_tick(counter)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to whoever runs the service."""
        yield


async def run(
    service: Service,
    *,
    listeners: list[socket.socket],
    reload: Callable[[], None] | None = None,
    started: Callable[[str], None] = lambda _: None,
    stop: asyncio.Event | None = None,
    patience_s: float = PATIENCE_S,
) -> None:
    """Serve at `listeners` until SIGTERM, SIGINT or `stop`; SIGHUP calls `reload`.

    `started` is told the address once it answers. A client may keep us waiting for
    `patience_s`. A part that dies ends everything,
    with its error: a service that only half works must not look alive.
    """
    sys.setswitchinterval(SWITCH_EVERY_S)
    clients = room()
    guard = Guard(clients.most, patience_s)
    server = Server(
        uvicorn.Config(
            service.app,
            http=partial(Connection, guard),  # type: ignore[arg-type]
            backlog=clients.backlog,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # whom to believe says service.proxies
            timeout_graceful_shutdown=10,
        ),
        guard,
    )
    stop = stop or asyncio.Event()
    _on_signals(stop, reload)
    engine = asyncio.create_task(service.engine.run(), name="engine")
    web = asyncio.create_task(server.serve(sockets=listeners), name="web")
    opening = asyncio.create_task(_open(service), name="open")
    try:
        await _until_started(server, web, started)
        await _until_one_ends([engine, web, asyncio.create_task(stop.wait())], opening)
    finally:
        opening.cancel()
        await _wind_down(service, server, engine, web)
    await asyncio.wait([opening])
    for part in (engine, web, opening):
        if not part.cancelled():
            part.result()


async def _until_one_ends(
    parts: list[asyncio.Task[Any]], opening: asyncio.Task[None]
) -> None:
    """Wait until a part ends. That the service was opened is no end, but its failure is."""
    waiting = {*parts, opening}
    while not any(part.done() for part in parts):
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        if opening.done() and opening.exception() is not None:
            log.error("the service could not be opened; stopping", action="stop")
            return
        waiting.discard(opening)


async def _open(service: Service) -> None:
    """Tell providers where we are; one that is down must not keep us from starting."""
    while True:
        try:
            await service.open()
        except ChannelError as error:
            log.warning(
                "a provider could not be told where we are; trying again",
                action="open",
                detail=error.detail,
            )
            await SystemClock().sleep(PAUSE)
        else:
            return


def _on_signals(stop: asyncio.Event, reload: Callable[[], None] | None) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if reload is not None:
        loop.add_signal_handler(signal.SIGHUP, reload)


async def _until_started(
    server: Server, web: asyncio.Task[None], started: Callable[[str], None]
) -> None:
    while not server.started and not web.done():
        await asyncio.wait([web], timeout=0.01)
    if server.started:
        host, port = server.servers[0].sockets[0].getsockname()[:2]
        started(f"http://{host}:{port}")


async def _wind_down(
    service: Service,
    server: Server,
    engine: asyncio.Task[None],
    web: asyncio.Task[None],
) -> None:
    """First no more requests, then no more work, then no more connections."""
    log.info("stopping", action="stop")
    server.should_exit = True
    await asyncio.wait([web])
    service.engine.stop()
    await asyncio.wait([engine])
    await service.close()
    log.info("stopped", action="stop")
