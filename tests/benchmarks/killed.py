"""A single node on SQLite, killed again and again while customers write."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
from databases import SQLITE, fresh
from figures import Aim, Figure
from provider import Provider
from reporting import session, until_arrived, words
from setting import config

from oncall.clock import SystemClock
from service import Running, running

KILLS = 10
PEOPLE = 1_000
LIVES_FOR = timedelta(milliseconds=1500)
WRITERS = 8
LEASES_END = timedelta(seconds=75)
WITHIN_S = 180


async def killed() -> list[Figure]:
    """Measure what is lost and doubled over so many deaths, and how soon it is back."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        database = stack.enter_context(fresh(SQLITE))
        provider = await stack.enter_async_context(Provider(timedelta(0)))
        client = await stack.enter_async_context(session())
        settings = config(folder, provider.url, people=PEOPLE, database=database)
        accepted: set[int] = set()
        turns = count()
        back = [
            await _one_life(client, Path(folder), settings, accepted, turns)
            for _ in range(KILLS)
        ]
        async with running(Path(folder), settings):
            await SystemClock().sleep(LEASES_END)
            await until_arrived(provider, accepted, WITHIN_S)
    doubled = sum(many - 1 for many in provider.taken.values())
    name = f"killed {KILLS} times"
    lost = len(accepted - provider.arrived.keys())
    return [
        Figure(name=f"{name}: accepted", samples=[len(accepted)], unit=""),
        Figure(name=f"{name}: lost", samples=[lost], unit="", aims=[Aim(bound=0)]),
        Figure(
            name=f"{name}: doubled", samples=[doubled], unit="", aims=[Aim(bound=0)]
        ),
        Figure(name=f"{name}: ready again", samples=back, unit="s"),
    ]


async def _one_life(
    client: aiohttp.ClientSession,
    folder: Path,
    settings: str,
    accepted: set[int],
    turns: Iterator[int],
) -> float:
    """Let customers write until the service is killed; return how soon it was ready."""
    async with running(folder, settings) as service:
        writers = [
            asyncio.create_task(_write(client, service, accepted, turns))
            for _ in range(WRITERS)
        ]
        await SystemClock().sleep(LIVES_FOR)
        os.kill(service.pid, signal.SIGKILL)
        await asyncio.gather(*writers)
        return service.ready_after_s


async def _write(
    client: aiohttp.ClientSession,
    service: Running,
    accepted: set[int],
    turns: Iterator[int],
) -> None:
    """Report one issue after the other, each to the next person, till nobody answers."""
    url = f"{service.url}/api/v1/issues"
    for turn in turns:
        try:
            async with client.post(url, json=words(turn, people=PEOPLE)) as answer:
                if answer.status == 201:
                    accepted.add((await answer.json())["number"])
        except aiohttp.ClientError:
            return
