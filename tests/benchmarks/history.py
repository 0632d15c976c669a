"""What a million closed issues cost: the same load beside that on an empty database.

Both services run at the same time and are measured in turns, so that whatever else the
machine does slows both.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import aiohttp
from databases import BOTH, fresh
from figures import Aim, Figure, Floor, percentile
from floors import at_once
from provider import Provider
from reporting import post, session, until_arrived, words
from setting import config
from sqlalchemy import text

from escalation_policies.decide import start
from escalation_policies.policy import to_json
from escalation_policies.progress import progress_to_json
from oncall.clock import SystemClock, TurnedClock
from oncall.config.load import read
from oncall.store import Database
from oncall.store.migrate import upgrade
from oncall.wiring.service import build
from service import ENVIRON, running

CLOSED = 1_000_000
ROUNDS = 4
STARTS = 3
PEOPLE = 1000
"""Nobody gets more than three pages, so that none are bundled."""
PAGED, STORMS, POSTED, ASKED = 60, 4, 80, 80
"""In a round: issues one by one, storms and the issues of each, requests."""
TICKS = 60
LAST_ONES_S = 120
BOUND = 1.2
SWEPT = ("idempotency", "delivery", "announcement")
"""They are kept for 30 days, and what products delivered for 90."""
RARE = ("override", "swap", "absence", "feed", "link_code", "slot")
"""A few a day, however many customers write."""
A_DAY = 24 * 60
TESTS = Path(__file__).parents[1]


async def history() -> list[Figure]:
    """Measure on each kind of database in turn."""
    found = [await _on(kind) for kind in BOTH]
    return [figure for figures in found for figure in figures]


@dataclass(slots=True)
class Side:
    """One of the two services, with what was seen of it by name."""

    settings: str
    folder: Path
    provider: Provider
    seen: dict[str, list[float]] = field(default_factory=dict)
    count: int = 0

    def note(self, name: str, value: float) -> None:
        """Keep one sample."""
        self.seen.setdefault(name, []).append(value)


UNITS = {
    "tick of all loops": "ms",
    "start to ready": "s",
    "issue POST to provider request": "ms",
    "issues taken in and paged": "/s",
    "GET on-call": "ms",
    "GET issues": "ms",
    "GET metrics": "ms",
    "memory": "MiB",
}
ASKED_FOR = {
    "GET on-call": "/api/v1/on-call?at={at}",
    "GET issues": "/api/v1/issues?limit=20",
    "GET metrics": "/metrics",
}


async def _on(kind: str) -> list[Figure]:
    async with AsyncExitStack() as stack:
        sides = [
            await stack.enter_async_context(_side(kind, closed))
            for closed in (0, CLOSED)
        ]
        await _idle(sides)
        for _ in range(STARTS):
            for side in sides:
                async with running(side.folder, side.settings) as service:
                    side.note("start to ready", service.ready_after_s)
        services = [
            await stack.enter_async_context(running(side.folder, side.settings))
            for side in sides
        ]
        for _ in range(ROUNDS):
            await _round(sides, [service.url for service in services])
        for side, service in zip(sides, services, strict=True):
            side.note("memory", service.resident_mib())
    empty, full = sides
    return [
        _figure(kind, name, empty.seen[name], full.seen[name], unit)
        for name, unit in UNITS.items()
    ]


def _figure(
    kind: str, name: str, empty: list[float], full: list[float], unit: str
) -> Figure:
    floor = Floor(name="with none", value=percentile(empty, 50), unit=unit)
    more = unit == "/s"
    return Figure(
        name=f"a million closed: {name} ({kind})",
        samples=full,
        unit=unit,
        aims=[Aim(bound=1 / BOUND if more else BOUND, floor=floor)],
        more_is_better=more,
    )


@asynccontextmanager
async def _side(kind: str, closed: int) -> AsyncIterator[Side]:
    """Yield a provider and a database, full of closed issues or empty."""
    with TemporaryDirectory() as folder, fresh(kind) as database:
        async with Provider() as provider:
            settings = config(folder, provider.url, people=PEOPLE, database=database)
            await asyncio.to_thread(_prepare, settings, closed)
            yield Side(settings, Path(folder), provider)


def _prepare(settings: str, closed: int) -> None:
    """Make the tables, and fill them as years of work would."""
    sys.path.append(str(TESTS))  # what tests share; this folder goes before it
    from support.history import fill  # noqa: PLC0415 (found only now)
    from support.history_rows import OF_AN_ISSUE  # noqa: PLC0415 (as above)

    found = read(settings, environ=ENVIRON)
    now = SystemClock().now()
    policy = found.policies["p1"]
    frozen = {
        "policy": json.dumps(to_json(policy)),
        "progress": json.dumps(progress_to_json(start(policy, now))),
    }
    database = Database(found.service.database.reveal())
    upgrade(database)
    if closed:
        often = [*SWEPT, *RARE, "intake_delivery"]
        others = [name for name in OF_AN_ISSUE if name not in often]
        with database.engine.connect() as connection, connection.begin():
            put = partial(fill, connection, until=now)
            put(closed, only=others, **frozen)
            put(min(closed, 30 * A_DAY), only=SWEPT)
            put(min(closed, 90 * A_DAY), only=["intake_delivery"])
            put(min(closed, 2000), only=RARE, every=timedelta(hours=8))
        with database.engine.connect() as connection, connection.begin():
            if database.shared:
                connection.execute(text("ANALYZE"))
    database.close()


async def _idle(sides: Sequence[Side]) -> None:
    """Let all loops look once, when there is nothing to do, again and again."""
    clock = TurnedClock(SystemClock().now())
    services = [
        build(read(side.settings, environ=ENVIRON), tzdata="pinned", clock=clock)
        for side in sides
    ]
    for service in services:
        await service.engine.settle()
    for _ in range(TICKS):
        clock.turn(timedelta(seconds=10))
        for side, service in zip(sides, services, strict=True):
            begun = perf_counter()
            await service.engine.settle()
            side.note("tick of all loops", 1000 * (perf_counter() - begun))
    for service in services:
        await service.close()


async def _round(sides: Sequence[Side], urls: Sequence[str]) -> None:
    """Report one issue after the other, then many at once, and ask: each in turn."""
    async with session() as client:
        posts = [
            partial(_post, side, url, client)
            for side, url in zip(sides, urls, strict=True)
        ]
        for _ in range(PAGED):
            for side, report in zip(sides, posts, strict=True):
                await _paged(side, report)
        for _ in range(STORMS):
            for side, report in zip(sides, posts, strict=True):
                await _stormed(side, report)
        for name, path in ASKED_FOR.items():
            for count in range(ASKED):
                at = SystemClock().now() + timedelta(seconds=count)
                wanted = path.format(at=at.isoformat().replace("+00:00", "Z"))
                for side, url in zip(sides, urls, strict=True):
                    side.note(name, await _get(client, url + wanted))


async def _paged(side: Side, report: Callable[[], Awaitable[int]]) -> None:
    begun = perf_counter()
    number = await report()
    await until_arrived(side.provider, {number}, LAST_ONES_S)
    took = side.provider.arrived[number] - begun
    side.note("issue POST to provider request", 1000 * took)


async def _stormed(side: Side, report: Callable[[], Awaitable[int]]) -> None:
    numbers: set[int] = set()

    async def one(_: int) -> None:
        numbers.add(await report())

    side.note("issues taken in and paged", await at_once(one, POSTED))
    await until_arrived(side.provider, numbers, LAST_ONES_S)


async def _post(side: Side, url: str, client: aiohttp.ClientSession) -> int:
    side.count += 1
    return await post(client, [url], words(side.count, people=PEOPLE), 0)


async def _get(client: aiohttp.ClientSession, url: str) -> float:
    begun = perf_counter()
    async with client.get(url) as response:
        await response.read()
        response.raise_for_status()
    return 1000 * (perf_counter() - begun)
