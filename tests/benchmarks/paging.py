"""From a customer's words to the provider: the figure that this service is about."""

import asyncio
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import aiohttp
from figures import Aim, Figure
from floors import healthz, lone
from provider import Provider
from setting import PEOPLE, config

from oncall.clock import SystemClock
from service import AUTHORIZED, Running, running

PER_SECOND = 20
FOR_S = 20
REST_S = 2
LAST_ONES_S = 30


async def paging() -> list[Figure]:
    """Report issues at a steady rate, whether or not earlier ones were answered."""
    with TemporaryDirectory() as folder:
        async with (
            Provider() as provider,
            running(Path(folder), config(folder, provider.url)) as service,
            aiohttp.ClientSession(headers=AUTHORIZED) as session,
        ):
            await SystemClock().sleep(timedelta(seconds=REST_S))
            idle = service.resident_mib()
            floor = await healthz(service.url)
            first = await _first(session, service, provider)
            rested = service.worked_ms()
            sent, posts = await _load(session, service)
            await _until_arrived(provider, set(sent))
            worked = (service.worked_ms() - rested) / len(sent)
            busy = service.resident_mib()
            floor += await healthz(service.url)
    paged = [1000 * (provider.arrived[number] - at) for number, at in sent.items()]
    return [
        Figure(
            name="issue POST to provider request",
            samples=paged,
            unit="ms",
            aims=[
                Aim(bound=12, floor=lone(floor)),
                Aim(bound=375, floor=lone(floor), of=99),
            ],
            beside="a Python peer: 1077 ms; a Go peer: up to 5 s",
        ),
        Figure(name="issue POST to its 201", samples=posts, unit="ms"),
        Figure(name="processor time for each issue", samples=[worked], unit="ms"),
        Figure(name="first page after a start", samples=[first], unit="ms"),
        Figure(
            name="memory, idle",
            samples=[idle],
            unit="MiB",
            aims=[Aim(bound=150)],
            beside="a Python peer: 300 MiB",
        ),
        Figure(name="memory, after the load", samples=[busy], unit="MiB"),
    ]


async def _load(
    session: aiohttp.ClientSession, service: Running
) -> tuple[dict[int, float], list[float]]:
    """Return when each issue was due to be sent, by number, and how long posts took."""
    clock, begun = SystemClock(), perf_counter()
    sent: dict[int, float] = {}
    posts: list[float] = []

    async def one(count: int) -> None:
        due = begun + count / PER_SECOND
        await clock.sleep(timedelta(seconds=max(0, due - perf_counter())))
        # Counted from when it was to be sent: a late sender hides no waiting.
        sent[await report(session, service, count)] = due
        posts.append(1000 * (perf_counter() - due))

    await asyncio.gather(*(one(count) for count in range(PER_SECOND * FOR_S)))
    return sent, posts


async def _first(
    session: aiohttp.ClientSession, service: Running, provider: Provider
) -> float:
    begun = perf_counter()
    number = await report(session, service, PEOPLE - 1)
    await _until_arrived(provider, {number})
    return 1000 * (provider.arrived[number] - begun)


async def report(session: aiohttp.ClientSession, service: Running, count: int) -> int:
    """Report an issue that pages one person; return its number."""
    body = {
        "source": f"desk{count % PEOPLE}",
        "external_id": f"{count}-{perf_counter()}",
        "customer": {"name": "Mina R", "email": f"customer{count}@example.com"},
        "subject": "The prize was not paid",
        "text": "I won on Tuesday and nothing has come. " * 5,
    }
    async with session.post(f"{service.url}/api/v1/issues", json=body) as response:
        answer = await response.json()
        if response.status != 201:
            msg = f"an issue was not taken: {response.status} {answer}"
            raise RuntimeError(msg)
        return int(answer["number"])


async def _until_arrived(provider: Provider, numbers: set[int]) -> None:
    clock = SystemClock()
    async with asyncio.timeout(LAST_ONES_S):
        while not numbers <= provider.arrived.keys():
            await clock.sleep(timedelta(milliseconds=20))
