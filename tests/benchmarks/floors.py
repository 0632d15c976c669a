"""The floors under the other figures: what the disk and the web server take alone."""

import asyncio
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import aiohttp
from figures import Figure
from setting import config
from starting import NOWHERE

from service import running

COMMITS = 500
REQUESTS = 500
ROW = "x" * 500


async def floors() -> list[Figure]:
    """Commit rows one by one, durably as the service does; ask for nothing over HTTP."""
    return [
        Figure(
            name="floor: insert and commit",
            samples=await asyncio.to_thread(_commits),
            unit="ms",
        ),
        Figure(name="floor: GET /healthz", samples=await _healthz(), unit="ms"),
    ]


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


async def _healthz() -> list[float]:
    with TemporaryDirectory() as folder:
        async with (
            running(Path(folder), config(folder, NOWHERE)) as service,
            aiohttp.ClientSession() as session,
        ):
            return [
                await _get(session, f"{service.url}/healthz") for _ in range(REQUESTS)
            ]


async def _get(session: aiohttp.ClientSession, url: str) -> float:
    begun = perf_counter()
    async with session.get(url) as response:
        await response.read()
    return 1000 * (perf_counter() - begun)
