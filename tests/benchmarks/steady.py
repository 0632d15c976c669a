"""A busy hour: issues at a steady rate, and how long until each is at the provider."""

import asyncio
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from databases import BOTH, POSTGRES, SQLITE, fresh
from figures import Aim, Figure
from floors import healthz, lone
from provider import Provider
from reporting import post, session, until_arrived, words
from setting import config

from oncall.clock import SystemClock
from service import running

PER_SECOND = 50
FOR_S = 20
LONG_S = 60
PEOPLE = 1000
"""At most three issues for each in a minute, so that nothing is bundled."""
WARM = 1
"""Who gets the first page, which is not counted, and none after it."""
REST_S = 2
LAST_ONES_S = 60
P99_AIM = {SQLITE: 50, POSTGRES: 80}


async def steady(for_s: int = FOR_S) -> list[Figure]:
    """Report on each kind of database in turn."""
    found = [await _on(kind, for_s) for kind in BOTH]
    return [figure for figures in found for figure in figures]


steady_long = partial(steady, LONG_S)


async def _on(kind: str, for_s: int) -> list[Figure]:
    with TemporaryDirectory() as folder, fresh(kind) as database:
        async with Provider() as provider:
            people = PEOPLE + WARM
            settings = config(folder, provider.url, people=people, database=database)
            async with running(Path(folder), settings) as service:
                await SystemClock().sleep(timedelta(seconds=REST_S))
                floor = await healthz(service.url)
                worked = service.worked_ms()
                paged = await _paged(service.url, provider, for_s)
                worked = (service.worked_ms() - worked) / len(paged)
                floor += await healthz(service.url)
    return [
        Figure(
            name=f"{PER_SECOND}/s: issue POST to provider request ({kind})",
            samples=paged,
            unit="ms",
            aims=[
                Aim(bound=37.5, floor=lone(floor)),
                Aim(bound=P99_AIM[kind], floor=lone(floor), of=99),
            ],
        ),
        Figure(
            name=f"{PER_SECOND}/s: processor time for each issue ({kind})",
            samples=[worked],
            unit="ms",
        ),
    ]


async def _paged(url: str, provider: Provider, for_s: int) -> list[float]:
    """Return the milliseconds each issue took, from when it was due to be sent."""
    async with session() as client:
        first = await post(client, [url], words(PEOPLE, people=PEOPLE + WARM), 0)
        await until_arrived(provider, {first}, LAST_ONES_S)
        begun = perf_counter()

        async def one(count: int) -> tuple[int, float]:
            due = begun + count / PER_SECOND
            await SystemClock().sleep(timedelta(seconds=max(0, due - perf_counter())))
            return await post(client, [url], words(count, people=PEOPLE), 0), due

        sent = await asyncio.gather(*(one(n) for n in range(PER_SECOND * for_s)))
        await until_arrived(provider, {number for number, _ in sent}, LAST_ONES_S)
    return [1000 * (provider.arrived[number] - due) for number, due in sent]
