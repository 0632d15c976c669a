"""The worst night: everybody writes at once, to one node or two; and one dies."""

import asyncio
import os
import signal
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import aiohttp
from databases import BOTH, POSTGRES, fresh
from figures import Figure
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
LEASES_END = timedelta(seconds=75)
WITHIN_S = 150
"""Longer than a lease, which is what a node that dies costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One storm: seconds from its first POST on, and pages."""

    taken_s: float
    first_s: float
    last_s: float
    critical_s: float
    overtaken: int
    lost: int
    doubled: int


async def storm() -> list[Figure]:
    """Play it on one node on SQLite, and on two on PostgreSQL."""
    figures: list[Figure] = []
    for kind in BOTH:
        nodes = 2 if kind == POSTGRES else 1
        figures += _told(f"{kind}, {_nodes(nodes)}", await _play(kind, nodes))
    return figures


async def storm_and_death() -> list[Figure]:
    """Play it again with a node killed in the middle; that takes a lease's time."""
    seen = await _play(POSTGRES, 2, kill=True)
    return [
        *await storm(),
        *_counted("PostgreSQL, one node of two killed", seen),
    ]


def _nodes(count: int) -> str:
    return "one node" if count == 1 else f"{count} nodes"


def _told(where: str, seen: Seen) -> list[Figure]:
    return [
        _seconds(f"storm: last of {ISSUES} pages ({where})", seen.last_s, aim=10),
        _seconds(f"storm: all taken in ({where})", seen.taken_s),
        _seconds(f"storm: first page ({where})", seen.first_s, aim=1),
        _seconds(f"storm: critical one, posted last ({where})", seen.critical_s),
        Figure(
            name=f"storm: pages that it overtook ({where})",
            samples=[seen.overtaken],
            unit="",
        ),
        *_counted(where, seen),
    ]


def _counted(where: str, seen: Seen) -> list[Figure]:
    counted = {"lost": seen.lost, "doubled": seen.doubled}
    return [
        Figure(
            name=f"storm: pages {what} ({where})", samples=[many], unit="", aim_p50=0
        )
        for what, many in counted.items()
    ]


def _seconds(name: str, value: float, aim: float | None = None) -> Figure:
    return Figure(name=name, samples=[value], unit="s", aim_p50=aim)


async def _play(kind: str, nodes: int, *, kill: bool = False) -> Seen:
    async with AsyncExitStack() as stack:
        database = stack.enter_context(fresh(kind))
        provider = await stack.enter_async_context(Provider(THINKS))
        services = [
            await stack.enter_async_context(_node(stack, provider, database))
            for _ in range(nodes)
        ]
        client = await stack.enter_async_context(session())
        urls = [service.url for service in services]
        await _warm(client, urls, provider)
        dying = [services[0]] if kill else []
        return await _watch(client, urls, provider, dying)


def _node(
    stack: AsyncExitStack, provider: Provider, database: str
) -> AbstractAsyncContextManager[Running]:
    folder = stack.enter_context(TemporaryDirectory())
    people = PEOPLE + WARM
    settings = config(folder, provider.url, people=people, database=database)
    return running(Path(folder), settings)


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
    dying: list[Running],
) -> Seen:
    provider.arrived.clear()
    provider.taken.clear()
    begun = perf_counter()
    killing = [asyncio.create_task(_kill(provider, each)) for each in dying]
    numbers = await asyncio.gather(
        *(post(client, urls, words(n, people=PEOPLE), n) for n in range(ISSUES))
    )
    taken = perf_counter()
    critical = words(PEOPLE, people=PEOPLE + WARM, severity="critical")
    last = await post(client, urls, critical, 0)
    posted = {*numbers, last}
    with suppress(TimeoutError):
        await until_arrived(provider, posted, WITHIN_S)
    await asyncio.gather(*killing)
    if killing:
        await SystemClock().sleep(LEASES_END)  # what the dead held may be sent again
    arrived = provider.arrived
    return Seen(
        taken_s=taken - begun,
        first_s=min(arrived.values()) - begun,
        last_s=max(arrived.values()) - begun,
        critical_s=arrived[last] - taken,
        overtaken=sum(at > arrived[last] for at in arrived.values()),
        lost=len(posted - arrived.keys()),
        doubled=sum(many - 1 for many in provider.taken.values()),
    )


async def _kill(provider: Provider, service: Running) -> None:
    """Kill a node when half of the pages are out."""
    while len(provider.arrived) < ISSUES / 2:
        await SystemClock().sleep(timedelta(milliseconds=10))
    os.kill(service.pid, signal.SIGKILL)
