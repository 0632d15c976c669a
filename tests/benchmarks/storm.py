"""The worst night: everybody writes at once, to one node or two; and one dies."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import timedelta
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import aiohttp
from databases import POSTGRES, SQLITE, fresh
from figures import Aim, Figure, Floor
from floors import EMPTY_POST, empty_posts, healthz, lone, many
from provider import Provider
from reporting import post, session, until_arrived, words
from setting import config

from oncall.clock import SystemClock
from service import Running, running

ISSUES = 6000
PEOPLE = 2000
"""Three issues for each: one more, and they would be bundled."""
THINKS = timedelta(milliseconds=50)
WARM = 20
NODES = {SQLITE: 1, POSTGRES: 2}
PAGES_AIM = {SQLITE: 0.4, POSTGRES: 0.35}
LEASES_END = timedelta(seconds=75)
A_LEASE_S = 50
"""What comes so long after a death was held: a lease is 60 s, from when it was taken."""
WITHIN_S = 150
"""Longer than a lease, which is what a node that dies costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One storm: seconds from its first POST on, and pages.

    `held` are those that the dead held a lease of: they come when it is over, and
    `last_s` is without them.
    """

    taken_s: float
    first_s: float
    last_s: float
    critical_s: float
    overtaken: int
    held: int
    lost: int
    doubled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """What one node of that storm answered before and after it."""

    empty_posts: Floor
    healthz: Floor


async def storm() -> list[Figure]:
    """Play it on one node on SQLite, and on two on PostgreSQL."""
    figures: list[Figure] = []
    for kind, nodes in NODES.items():
        seen, floors = await _play(kind, nodes)
        figures += _told(_where(kind, nodes), seen, floors, aim=PAGES_AIM[kind])
    return figures


async def storm_and_death() -> list[Figure]:
    """Play it again with a node killed in the middle; that takes a lease's time."""
    figures = await storm()
    for kind, nodes in NODES.items():
        where = f"{_where(kind, nodes)}, one killed"
        seen, floors = await _play(kind, nodes, kill=True)
        figures += [
            *_pages(where, seen, floors, aim=0.22),
            _count(f"storm: pages that the dead held ({where})", seen.held),
            *_counted(where, seen),
        ]
    return figures


def _where(kind: str, nodes: int) -> str:
    return f"{kind}, {_nodes(nodes)}"


def _nodes(count: int) -> str:
    return "one node" if count == 1 else f"{count} nodes"


def _told(where: str, seen: Seen, floors: Floors, *, aim: float) -> list[Figure]:
    first = Aim(bound=2500, floor=floors.healthz)
    return [
        *_pages(where, seen, floors, aim=aim),
        _seconds(f"storm: all taken in ({where})", seen.taken_s),
        _seconds(f"storm: first page ({where})", seen.first_s, first),
        _seconds(f"storm: critical one, posted last ({where})", seen.critical_s),
        _count(f"storm: pages that it overtook ({where})", seen.overtaken),
        *_counted(where, seen),
    ]


def _pages(where: str, seen: Seen, floors: Floors, *, aim: float) -> list[Figure]:
    return [
        Figure(
            name=f"storm: pages a second ({where})",
            samples=[(ISSUES + 1) / seen.last_s],
            unit="/s",
            aims=[Aim(bound=aim, floor=floors.empty_posts)],
            more_is_better=True,
        ),
        _seconds(f"storm: last of {ISSUES} pages ({where})", seen.last_s),
    ]


def _counted(where: str, seen: Seen) -> list[Figure]:
    counted = {"lost": seen.lost, "doubled": seen.doubled}
    return [
        _count(f"storm: pages {what} ({where})", count, Aim(bound=0))
        for what, count in counted.items()
    ]


def _count(name: str, count: int, *aims: Aim) -> Figure:
    return Figure(name=name, samples=[count], unit="", aims=aims)


def _seconds(name: str, value: float, *aims: Aim) -> Figure:
    return Figure(name=name, samples=[value], unit="s", aims=aims)


async def _play(kind: str, nodes: int, *, kill: bool = False) -> tuple[Seen, Floors]:
    async with AsyncExitStack() as stack:
        database = stack.enter_context(fresh(kind))
        provider = await stack.enter_async_context(Provider(THINKS))
        folders = [
            Path(stack.enter_context(TemporaryDirectory())) for _ in range(nodes)
        ]
        settings = config(
            str(folders[0]), provider.url, people=PEOPLE + WARM, database=database
        )
        services = [
            await stack.enter_async_context(running(folder, settings))
            for folder in folders
        ]
        client = await stack.enter_async_context(session())
        urls = [service.url for service in services]
        await _warm(client, urls, provider)
        empty = [await empty_posts(urls[-1])]
        asked = await healthz(urls[-1])

        async def one_dies() -> float:
            died = await _killed(provider, services[0])
            if nodes == 1:  # whoever watches over it starts it again
                again = running(folders[0], settings, port=services[0].port)
                await stack.enter_async_context(again)
            return died

        seen = await _watch(client, urls, provider, one_dies if kill else None)
        empty.append(await empty_posts(urls[-1]))
        asked += await healthz(urls[-1])
        floors = Floors(empty_posts=many(empty, EMPTY_POST), healthz=lone(asked))
        return seen, floors


async def _warm(
    client: aiohttp.ClientSession, urls: list[str], provider: Provider
) -> None:
    """Let every node have sent something; but to nobody who is paged later."""
    people = PEOPLE + WARM
    numbers = {
        await post(client, urls, words(n, people=people), n)
        for n in range(PEOPLE, people)
    }
    await until_arrived(provider, numbers, WITHIN_S)


async def _watch(
    client: aiohttp.ClientSession,
    urls: list[str],
    provider: Provider,
    one_dies: Callable[[], Awaitable[float]] | None,
) -> Seen:
    provider.arrived.clear()
    provider.taken.clear()
    begun = perf_counter()
    dying = asyncio.ensure_future(one_dies()) if one_dies else None
    numbers = await asyncio.gather(
        *(post(client, urls, words(n, people=PEOPLE), n) for n in range(ISSUES))
    )
    taken = perf_counter()
    critical = words(PEOPLE, people=PEOPLE + WARM, severity="critical")
    last = await post(client, urls, critical, 0)
    posted = {*numbers, last}
    with suppress(TimeoutError):
        await until_arrived(provider, posted, WITHIN_S)
    held_until = inf
    if dying:
        held_until = await dying + A_LEASE_S
        await SystemClock().sleep(LEASES_END)  # what the dead held may be sent again
    arrived = provider.arrived
    return Seen(
        taken_s=taken - begun,
        first_s=min(arrived.values()) - begun,
        last_s=max(at for at in arrived.values() if at < held_until) - begun,
        critical_s=arrived[last] - taken,
        overtaken=sum(at > arrived[last] for at in arrived.values()),
        held=sum(at >= held_until for at in arrived.values()),
        lost=len(posted - arrived.keys()),
        doubled=sum(times - 1 for times in provider.taken.values()),
    )


async def _killed(provider: Provider, service: Running) -> float:
    """Kill a node when half of the pages are out; return when."""
    while len(provider.arrived) < ISSUES / 2:
        await SystemClock().sleep(timedelta(milliseconds=10))
    os.kill(service.pid, signal.SIGKILL)
    return perf_counter()
