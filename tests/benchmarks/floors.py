"""The floors under the other figures: what the disk and the web server take alone.

Each part measures those it is held against itself, on its own service, before its load
and after it: what slows the machine down for a while slows both.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import aiohttp
from figures import Figure, Floor, percentile
from rate import rate
from reporting import CONNECTIONS, session
from setting import NOWHERE, config

from service import Running, running

COMMITS = 500
REQUESTS = 250
POSTS = 1000
WORKED = 2000
ROW = "x" * 500
HEALTHZ = "GET /healthz"
WORK = "the processor's for GET /healthz"
EMPTY_POST = "empty POST"
COMMIT = "insert and commit"


async def floors() -> list[Figure]:
    """Commit rows one by one, durably as the service does; ask for nothing over HTTP."""
    commits = await asyncio.to_thread(_commits)
    with TemporaryDirectory() as folder:
        async with running(Path(folder), config(folder, NOWHERE)) as service:
            asked = await healthz(service.url) + await healthz(service.url)
            many = await healthz_rate(service.url)
            posted = await empty_posts(service.url)
    return [
        Figure(name=f"floor: {COMMIT}", samples=commits, unit="ms"),
        Figure(name=f"floor: {HEALTHZ}", samples=asked, unit="ms"),
        Figure(
            name=f"floor: {HEALTHZ}, 16 connections",
            samples=[many],
            unit="/s",
            more_is_better=True,
        ),
        Figure(
            name=f"floor: {EMPTY_POST}, {CONNECTIONS} connections",
            samples=[posted],
            unit="/s",
            more_is_better=True,
        ),
    ]


def lone(samples: Sequence[float]) -> Floor:
    """Return the floor under spans: one request after the other."""
    return Floor(name=HEALTHZ, value=percentile(samples, 50), unit="ms")


def work(samples: Sequence[float]) -> Floor:
    """Return the floor under processor time."""
    return Floor(name=WORK, value=sum(samples) / len(samples), unit="ms")


def many(rates: Sequence[float], name: str) -> Floor:
    """Return the floor under rates, over what was measured before and after."""
    return Floor(name=name, value=sum(rates) / len(rates), unit="/s")


async def healthz(url: str) -> list[float]:
    """Return the milliseconds of requests for nothing, one after the other."""
    async with aiohttp.ClientSession() as client:
        return [await _get(client, f"{url}/healthz") for _ in range(REQUESTS)]


async def healthz_rate(url: str) -> float:
    """Return how many requests for nothing are answered a second, on 16 connections."""
    return await rate(f"{url}/healthz", headers={})


async def healthz_work(service: Running) -> float:
    """Return the milliseconds that the service itself works on a request for nothing."""
    async with session() as client:
        before = service.worked_ms()
        await at_once(lambda _: _get(client, f"{service.url}/healthz"), WORKED)
    return (service.worked_ms() - before) / WORKED


async def empty_posts(url: str) -> float:
    """Return how many POSTs of nothing are answered a second."""
    async with session() as client:

        async def nothing(_: int) -> None:
            async with client.post(f"{url}/healthz") as response:
                await response.read()

        return await at_once(nothing, POSTS)


async def at_once(ask: Callable[[int], Awaitable[object]], times: int) -> float:
    """Ask as many at once as there are lines; return how many are answered a second."""
    left = iter(range(times))

    async def on() -> None:
        for count in left:
            await ask(count)

    begun = perf_counter()
    await asyncio.gather(*(on() for _ in range(CONNECTIONS)))
    return times / (perf_counter() - begun)


def _commits() -> list[float]:
    with TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "floor.db", isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE said (id INTEGER PRIMARY KEY, words TEXT)")
        taken = [_commit(database) for _ in range(COMMITS)]
        database.close()
    return taken


def _commit(database: sqlite3.Connection) -> float:
    begun = perf_counter()
    database.execute("BEGIN IMMEDIATE")
    database.execute("INSERT INTO said (words) VALUES (?)", (ROW,))
    database.execute("COMMIT")
    return 1000 * (perf_counter() - begun)


async def _get(client: aiohttp.ClientSession, url: str) -> float:
    begun = perf_counter()
    async with client.get(url) as response:
        await response.read()
    return 1000 * (perf_counter() - begun)
