"""Calendar feeds: made for the first time, fetched again, and found unchanged."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import aiohttp
from figures import Figure
from setting import config
from starting import NOWHERE

from oncall.actions.calendar import rendered
from oncall.actions.house import House
from oncall.config.load import read
from oncall.model import Via
from oncall.store import Database, Tx
from oncall.store.calendars import Feed
from oncall.store.migrate import upgrade
from service import AUTHORIZED, ENVIRON, Running, running

NOW = datetime(2027, 1, 1, tzinfo=UTC)
YEAR = NOW, datetime(2028, 1, 1, tzinfo=UTC)
BUILDS = 5
AT_ONCE = 8
FOR_S = 3


async def calendars() -> list[Figure]:
    """Build a year of daily shifts in process; then fetch one from the service."""
    first = await asyncio.to_thread(lambda: [_first_build() for _ in range(BUILDS)])
    with TemporaryDirectory() as folder:
        async with (
            running(Path(folder), config(folder, NOWHERE)) as service,
            aiohttp.ClientSession() as session,
        ):
            url = await _link(session, service)
            tag, took = await _fetch(session, url)
            whole = await _rate(session, url, {}, 200)
            unchanged = await _rate(session, url, {"If-None-Match": tag}, 304)
    return [
        Figure(name="calendar of 365 daily shifts, first", samples=first, unit="ms"),
        Figure(name="calendar over HTTP, first fetch", samples=[took], unit="ms"),
        Figure(
            name="calendar over HTTP, kept",
            samples=[whole],
            unit="/s",
            more_is_better=True,
        ),
        Figure(
            name="calendar over HTTP, 304",
            samples=[unchanged],
            unit="/s",
            more_is_better=True,
        ),
    ]


def _first_build() -> float:
    """Return the milliseconds until shifts are found, written down and rendered."""
    with TemporaryDirectory() as folder:
        found = read(config(folder, NOWHERE), environ=ENVIRON)
        database = Database(found.service.database.reveal())
        upgrade(database)
        house = House(found, [Via.SMS])
        feed = Feed(
            id="f", kind="rotation", person=None, rotation="daily", created_at=NOW
        )

        def build(tx: Tx) -> object:
            view = house.view(tx, NOW)
            return rendered(tx, view, feed, NOW, busy=False, span=YEAR)

        begun = perf_counter()
        database.write_now(build)
        taken = 1000 * (perf_counter() - begun)
        database.close()
        return taken


async def _link(session: aiohttp.ClientSession, service: Running) -> str:
    """Return the address of a link to the daily rotation."""
    async with session.post(
        f"{service.url}/api/v1/feeds", json={"rotation": "daily"}, headers=AUTHORIZED
    ) as response:
        url: str = (await response.json())["url"]
    return f"{service.url}/feeds/{url.rpartition('/')[2]}"


async def _fetch(session: aiohttp.ClientSession, url: str) -> tuple[str, float]:
    begun = perf_counter()
    async with session.get(url) as response:
        await response.read()
        return response.headers["ETag"], 1000 * (perf_counter() - begun)


async def _rate(
    session: aiohttp.ClientSession, url: str, headers: dict[str, str], status: int
) -> float:
    """Return how many requests a second are answered, a few of them at a time."""
    begun = perf_counter()

    async def fetch_on() -> int:
        count = 0
        while perf_counter() - begun < FOR_S:
            async with session.get(url, headers=headers) as response:
                await response.read()
                assert response.status == status
            count += 1
        return count

    counts = await asyncio.gather(*(fetch_on() for _ in range(AT_ONCE)))
    return sum(counts) / (perf_counter() - begun)
