"""Who is on call, over HTTP: with few shifts and exceptions stored, and with many."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from figures import Aim, Figure
from floors import HEALTHZ, healthz_rate, many
from rate import rate
from setting import NOWHERE, config

from oncall.clock import SystemClock
from oncall.config.load import read
from oncall.store import Database, Tx, calendars
from oncall.store.calendars import Slot
from oncall.store.exceptions import OVERRIDE
from oncall.store.migrate import upgrade
from service import AUTHORIZED, ENVIRON, running

STORED = {
    50: "Grafana OnCall 5.8 ms each; LinkedIn 3,076/s with 55 shifts",
    50_000: "LinkedIn 145/s with 12,685 shifts",
}
SAMPLES = 3
HOUR = timedelta(hours=1)


async def oncall_api() -> list[Figure]:
    """Ask who is on call on 16 connections, over databases of both sizes."""
    seen = {count: await _rates(count) for count in STORED}
    few, large = (seen[count] for count in STORED)
    flat = Aim(bound=0.9, floor=many(few.other, "the same with 50"))
    return [*_figures(50, few), *_figures(50_000, large, flat)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rates:
    """Answers a second, each measured in turn with the others."""

    floor: list[float]
    alike: list[float]
    other: list[float]


async def _rates(count: int) -> _Rates:
    found = _Rates(floor=[], alike=[], other=[])
    with TemporaryDirectory() as folder:
        text = config(folder, NOWHERE)
        await asyncio.to_thread(_store, text, count)
        async with running(Path(folder), text) as service:
            url = f"{service.url}/api/v1/on-call"
            for _ in range(SAMPLES):
                found.floor.append(await healthz_rate(service.url))
                found.alike.append(await rate(url, headers=AUTHORIZED))
                found.other.append(await rate(url, headers=AUTHORIZED, alike=False))
    return found


def _figures(count: int, rates: _Rates, *flat: Aim) -> list[Figure]:
    name = f"GET on-call, {count:,} shifts and exceptions"
    floor = many(rates.floor, HEALTHZ)
    return [
        Figure(
            name=name,
            samples=rates.alike,
            unit="/s",
            aims=[Aim(bound=1.2, floor=floor)],
            more_is_better=True,
            beside=STORED[count],
        ),
        Figure(
            name=f"{name}, no two requests alike",
            samples=rates.other,
            unit="/s",
            aims=[Aim(bound=0.9, floor=floor), *flat],
            more_is_better=True,
        ),
    ]


def _store(text: str, count: int) -> None:
    """Keep so many shifts as published, half behind us, and as many overrides."""
    database = Database(read(text, environ=ENVIRON).service.database.reveal())
    upgrade(database)
    database.write_now(lambda tx: _fill(tx, count))
    database.close()


def _fill(tx: Tx, count: int) -> None:
    now = SystemClock().now().replace(minute=0, second=0, microsecond=0)
    spans = [
        (now + n * HOUR, now + (n + 1) * HOUR) for n in range(-count // 2, count // 2)
    ]
    slots = [
        Slot(
            uid=f"s{n}",
            rotation="daily",
            person="p1",
            start_at=start,
            end_at=end,
            because="turn",
            title="Daily",
            name="Person 1",
            revised_at=now,
        )
        for n, (start, end) in enumerate(spans)
    ]
    calendars.add_slots(tx, slots)
    rows = [
        {
            "id": f"o{n}",
            "rotation": "daily",
            "start_at": start,
            "end_at": end,
            "person": f"p{n % 5}",
            "instead_of": None,
            "adds": False,
            "remove": None,
            "reason": "",
            "created_at": now,
            "ended_at": None,
        }
        for n, (start, end) in enumerate(spans)
    ]
    tx.run(OVERRIDE.insert(), rows)
