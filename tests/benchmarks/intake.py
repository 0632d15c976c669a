"""Taking issues in, beside what the disk and the web server allow together.

The floor of a POST that is on disk once it is answered is an empty POST to the same
server and then a bare row in a shared commit, one after the other.
Pages are planned with them, but their provider has no room: none is sent meanwhile.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import aiohttp
from figures import Figure
from floors import ROW
from reporting import CONNECTIONS, post, session, words
from setting import config
from starting import NOWHERE

from service import running

POSTS = 2000
WARM = 200
SLOWLY = 0.1
"""Pages a second that the provider takes."""
COMMITS = 200
TOGETHER = 50
"""Rows in one commit, as many as the service lets share one."""
PEOPLE = 200
BOTH_FLOORS = "floor: empty POST, then a row in a shared commit"


async def intake() -> list[Figure]:
    """Post as fast as can be: issues that are on disk once answered, and nothing."""
    floor = await asyncio.to_thread(_rows_a_second)
    with TemporaryDirectory() as folder:
        async with (
            running(
                Path(folder), config(folder, NOWHERE, per_second=SLOWLY)
            ) as service,
            session() as client,
        ):
            issues, empty = _issue(client, service.url), _nothing(client, service.url)
            empties = await _rate(empty, POSTS)
            await _rate(issues, WARM)
            durable = await _rate(issues, POSTS)
    both = 1 / (1 / empties + 1 / floor)
    return [
        _figure("floor: rows a second, 50 in each commit", floor),
        _figure("floor: empty POST", empties),
        _figure(BOTH_FLOORS, both),
        _figure("intake: issues on disk", durable, aim=both / 2),
    ]


def _figure(name: str, value: float, aim: float | None = None) -> Figure:
    return Figure(
        name=name, samples=[value], unit="/s", aim_p50=aim, more_is_better=True
    )


def _rows_a_second() -> float:
    with TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "floor.db", isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE said (id INTEGER PRIMARY KEY, words TEXT)")
        begun = perf_counter()
        for _ in range(COMMITS):
            database.execute("BEGIN IMMEDIATE")
            for _ in range(TOGETHER):
                database.execute("INSERT INTO said (words) VALUES (?)", (ROW,))
            database.execute("COMMIT")
        taken = perf_counter() - begun
        database.close()
    return COMMITS * TOGETHER / taken


Post = Callable[[int], Awaitable[object]]


def _issue(client: aiohttp.ClientSession, url: str) -> Post:
    return lambda count: post(client, [url], words(count, people=PEOPLE), 0)


def _nothing(client: aiohttp.ClientSession, url: str) -> Post:
    async def nothing(_: int) -> None:
        async with client.post(f"{url}/healthz") as response:
            await response.read()

    return nothing


async def _rate(ask: Post, posts: int) -> float:
    """Return how many are answered a second, as many at once as there are lines."""
    left = iter(range(posts))

    async def on() -> None:
        for count in left:
            await ask(count)

    begun = perf_counter()
    await asyncio.gather(*(on() for _ in range(CONNECTIONS)))
    return posts / (perf_counter() - begun)
