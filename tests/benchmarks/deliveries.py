"""What products deliver: how soon their webhooks are answered, and how fast it is read."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from os import times
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

import aiohttp
from figures import Aim, Figure
from floors import healthz, healthz_work, lone, work
from provider import Provider
from reporting import session
from setting import NOWHERE, config

from integrations.intake.contract import IntakeRequest
from oncall.actions import deliveries as action
from oncall.actions.house import House
from oncall.actions.sources import Sources
from oncall.clock import SystemClock
from oncall.config.load import read
from oncall.engine.loop import Did
from oncall.engine.parsing import ParsingProcess
from oncall.engine.reader import Reader
from oncall.model import Via
from oncall.store import Database, Tx
from oncall.store.migrate import upgrade
from oncall.wiring.sources import sources_of
from service import ENVIRON, running

SECRET = "benchmark-secret-not-real"
SOURCE = f"""
[integrations.intake.bank]
kind = "generic"
secret = "{SECRET}"
[integrations.intake.bank.mapping]
conversation_id = "ref"
message_id = "message"
subject = "subject"
text = "text"
"customer.id" = "who"
"customer.email" = "mail"
"""
PER_SECOND = 100
FOR_S = 20
FIRST_ONES, REST_S = 50, 2
"""What a process does once in its life is not measured."""
STORED = 10_000
ROOM = 500
"""Deliveries kept in one transaction while the store is filled."""
NOW = datetime(2027, 1, 1, tzinfo=UTC)


async def deliveries() -> list[Figure]:
    """Have a product call at a steady rate; then read what was stored before."""
    answered, floor = await _answered()
    before = await _floor()
    taken, busy = await _read()
    after = await _floor()
    return [
        Figure(
            name=f"webhook at {PER_SECOND}/s to its answer (SQLite)",
            samples=answered,
            unit="ms",
            aims=[Aim(bound=60, floor=lone(floor), of=99)],
        ),
        Figure(
            name=f"processor time for each of {STORED:,} stored deliveries",
            samples=[1000 * busy / STORED],
            unit="ms",
            aims=[Aim(bound=2.5, floor=work([before, after]))],
            beside=f"{busy:.1f} s for all, read in {taken:.1f} s",
        ),
    ]


def said(count: int) -> bytes:
    """Return what a product says of one customer's message."""
    words = {
        "ref": f"case-{count}",
        "message": f"m{count}",
        "subject": "The prize was not paid",
        "text": "I won on Tuesday and nothing has come. " * 5,
        "who": f"{count}",
        "mail": f"customer{count}@example.com",
    }
    return json.dumps(words).encode()


def signed(body: bytes) -> dict[str, str]:
    """Return the headers that prove a body to be the product's own."""
    digest = hmac.digest(SECRET.encode(), body, hashlib.sha256).hex()
    return {
        "X-Oncall-Signature": f"sha256={digest}",
        "Content-Type": "application/json",
    }


async def _floor() -> float:
    with TemporaryDirectory() as folder:
        async with running(Path(folder), config(folder, NOWHERE)) as service:
            return await healthz_work(service)


async def _answered() -> tuple[list[float], list[float]]:
    """Return the milliseconds to each answer, from when the call was due; the floor."""
    with TemporaryDirectory() as folder:
        async with (
            Provider() as provider,
            running(Path(folder), config(folder, provider.url) + SOURCE) as service,
            session() as client,
        ):
            url = f"{service.url}/intake/bank"
            for count in range(FIRST_ONES):
                await _call(client, url, -1 - count, perf_counter())
            await SystemClock().sleep(timedelta(seconds=REST_S))
            floor = await healthz(service.url)
            begun = perf_counter()
            calls = (_call(client, url, n, begun) for n in range(PER_SECOND * FOR_S))
            answered = await asyncio.gather(*calls)
            floor += await healthz(service.url)
            return answered, floor


async def _call(
    client: aiohttp.ClientSession, url: str, count: int, begun: float
) -> float:
    due, body = begun + max(0, count) / PER_SECOND, said(count)
    await SystemClock().sleep(timedelta(seconds=max(0, due - perf_counter())))
    async with client.post(url, data=body, headers=signed(body)) as response:
        response.raise_for_status()
        await response.read()
    return 1000 * (perf_counter() - due)


async def _read(stored: int = STORED) -> tuple[float, float]:
    """Return the seconds that reading takes, and those of the processor."""
    with TemporaryDirectory() as folder:
        settings = read(config(folder, NOWHERE) + SOURCE, environ=ENVIRON)
        database = Database(settings.service.database.reveal())
        upgrade(database)
        sources = sources_of(settings)
        for first in range(0, stored, ROOM):
            await database.write(_kept(sources, range(first, first + ROOM)))
        house = House(settings, [Via.SMS])
        parsing = ParsingProcess()
        reader = Reader(database, house, sources, parsing)
        begun, worked = perf_counter(), process_time()
        while await reader.tick(NOW) is not Did.NOTHING:
            pass
        await parsing.close()
        of_children = sum(times()[2:4])  # those that have ended: there was one
        taken = perf_counter() - begun, process_time() - worked + of_children
        database.close()
    return taken


def _kept(sources: Sources, numbers: range) -> Callable[[Tx], None]:
    def work(tx: Tx) -> None:
        for count in numbers:
            request = IntakeRequest(
                url="http://127.0.0.1:8000/intake/bank",
                method="POST",
                query={},
                headers={"content-type": "application/json"},
                body=said(count),
                received_at=NOW,
            )
            action.keep(tx, sources["bank"].arrival(request), NOW)

    return work
