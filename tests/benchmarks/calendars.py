"""Calendar feeds: made for the first time, fetched again, and found unchanged."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import aiohttp
from figures import Aim, Figure
from floors import HEALTHZ, healthz, healthz_rate, lone, many
from rate import rate
from setting import NOWHERE, config

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
            packed = {"Accept-Encoding": "gzip"}
            asked = await healthz(service.url)
            before = await healthz_rate(service.url)
            whole = await rate(url, headers=packed)
            unchanged = await rate(url, headers={"If-None-Match": tag}, status=304)
            after = await healthz_rate(service.url)
    aims = [Aim(bound=0.8, floor=many([before, after], HEALTHZ))]
    return [
        Figure(
            name="calendar of 365 daily shifts, first",
            samples=first,
            unit="ms",
            aims=[Aim(bound=150, floor=lone(asked))],
            beside="Grafana OnCall 15.8 ms",
        ),
        Figure(name="calendar over HTTP, first fetch", samples=[took], unit="ms"),
        Figure(
            name="calendar over HTTP, kept",
            samples=[whole],
            unit="/s",
            aims=aims,
            more_is_better=True,
            beside="Grafana OnCall 0.28 ms cached; LinkedIn 155/s",
        ),
        Figure(
            name="calendar over HTTP, 304",
            samples=[unchanged],
            unit="/s",
            aims=aims,
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
