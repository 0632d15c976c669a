"""Customers who write: issues posted to one node or several."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from time import perf_counter
from typing import Any

import aiohttp
from provider import Provider

from oncall.clock import SystemClock
from service import AUTHORIZED

CONNECTIONS = 128
LOOK_EVERY = timedelta(milliseconds=20)
TRY_AGAIN = timedelta(milliseconds=200)


def session() -> aiohttp.ClientSession:
    """Return a session that may post, over so many connections at the same time."""
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    return aiohttp.ClientSession(headers=AUTHORIZED, connector=connector)


def words(count: int, *, people: int, severity: str = "normal") -> dict[str, Any]:
    """Return an issue that pages one person: as many in turn as there are people."""
    return {
        "source": f"desk{count % people}",
        "external_id": f"{count}-{perf_counter()}",
        "customer": {"name": "Mina R", "email": f"customer{count}@example.com"},
        "subject": "The prize was not paid",
        "text": "I won on Tuesday and nothing has come. " * 5,
        "severity": severity,
    }


async def post(
    session: aiohttp.ClientSession, urls: Sequence[str], body: dict[str, Any], turn: int
) -> int:
    """Report an issue to one of the nodes, or to the next if it is gone; its number.

    The external id makes it the same issue however often it is sent.
    """
    while True:
        url = urls[turn % len(urls)]
        try:
            async with session.post(f"{url}/api/v1/issues", json=body) as response:
                answer = await response.json()
        except aiohttp.ClientConnectionError:
            turn += 1
            await SystemClock().sleep(TRY_AGAIN)
            continue
        if response.status not in (200, 201):
            msg = f"an issue was not taken: {response.status} {answer}"
            raise RuntimeError(msg)
        return int(answer["number"])


async def until_arrived(provider: Provider, numbers: set[int], within_s: float) -> None:
    """Wait until every one of these issues has been paged. Raises TimeoutError."""
    async with asyncio.timeout(within_s):
        while not numbers <= provider.arrived.keys():
            await SystemClock().sleep(LOOK_EVERY)
