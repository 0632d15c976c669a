"""How long until one can count on it: the service's start, the command line's help."""

import asyncio
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from figures import Figure
from setting import config

from service import running

STARTS = 3
HELPS = 5
NOWHERE = "http://127.0.0.1:9"


async def starting() -> list[Figure]:
    """Start the service on an empty database, and again on the same one."""
    empty, existing = [], []
    for _ in range(STARTS):
        with TemporaryDirectory() as folder:
            empty.append(await _start(folder))
            existing.append(await _start(folder))
    return [
        Figure(
            name="start to ready, empty database", samples=empty, unit="s", aim_p50=3
        ),
        Figure(
            name="start to ready, existing one", samples=existing, unit="s", aim_p50=3
        ),
    ]


async def _start(folder: str) -> float:
    async with running(Path(folder), config(folder, NOWHERE)) as service:
        return service.ready_after_s


async def helping() -> list[Figure]:
    """Ask the command line for help, as a person in a hurry does."""
    taken = [await asyncio.to_thread(_help) for _ in range(HELPS)]
    return [Figure(name="oncall --help", samples=taken, unit="s", aim_p50=0.4)]


def _help() -> float:
    begun = perf_counter()
    command = [str(Path(sys.executable).with_name("oncall")), "--help"]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 (our own)
    return perf_counter() - begun
