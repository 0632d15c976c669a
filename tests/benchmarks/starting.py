"""How long until one can count on it: the service's start, the command line's help."""

import asyncio
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from figures import Aim, Figure
from floors import healthz, lone
from setting import NOWHERE, config

from service import running

STARTS = 3
HELPS = 5


async def starting() -> list[Figure]:
    """Start the service on an empty database, and again on the same one."""
    empty, existing, asked = [], [], []
    for _ in range(STARTS):
        with TemporaryDirectory() as folder:
            for samples in (empty, existing):
                after, floor = await _start(folder)
                samples.append(after)
                asked += floor
    aims = [Aim(bound=7500, floor=lone(asked))]
    return [
        Figure(
            name="start to ready, empty database", samples=empty, unit="s", aims=aims
        ),
        Figure(
            name="start to ready, existing one", samples=existing, unit="s", aims=aims
        ),
    ]


async def _start(folder: str) -> tuple[float, list[float]]:
    """Return the seconds until the service was ready, and the floor of that moment."""
    async with running(Path(folder), config(folder, NOWHERE)) as service:
        return service.ready_after_s, await healthz(service.url)


async def helping() -> list[Figure]:
    """Ask the command line for help, as a person in a hurry does."""
    with TemporaryDirectory() as folder:
        _, floor = await _start(folder)
    taken = [await asyncio.to_thread(_help) for _ in range(HELPS)]
    aims = [Aim(bound=1000, floor=lone(floor))]
    return [Figure(name="oncall --help", samples=taken, unit="s", aims=aims)]


def _help() -> float:
    begun = perf_counter()
    command = [str(Path(sys.executable).with_name("oncall")), "--help"]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 (our own)
    return perf_counter() - begun
