"""The service itself, as a process of its own on a database in a folder of its own."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import aiohttp
from provider import AUTH_TOKEN

from oncall.clock import SystemClock

TOKEN = "a-token-for-the-benchmark"
AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}
ENVIRON = {"ONCALL_BENCH_TOKEN": TOKEN, "TWILIO_AUTH_TOKEN": AUTH_TOKEN}
LOOK_EVERY = timedelta(milliseconds=10)
UP_WITHIN_S = 30
STOPPED_WITHIN_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A service that is ready. `ready_after_s` counts from the start of its process."""

    url: str
    port: int
    pid: int
    ready_after_s: float

    def resident_mib(self) -> float:
        """Return how much memory the process holds."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def worked_ms(self) -> float:
        """Return the processor time that the process has taken so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def running(
    folder: Path, config: str, *, port: int = 0
) -> AsyncIterator[Running]:
    """Run the service on `config`; `folder` holds its file, database and log.

    Port 0 is any that is free.
    """
    path = folder / "oncall.toml"
    path.write_text(config, encoding="utf-8")
    port = port or _free_port()
    command = [sys.executable, "-m", "oncall", "--config", str(path)]
    command += ["serve", "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        started = perf_counter()
        process = subprocess.Popen(  # noqa: S603, ASYNC220 (our own command; forks once)
            command, env=os.environ | ENVIRON, stderr=log, stdout=log
        )
    url = f"http://127.0.0.1:{port}"
    try:
        await _until_ready(url, process, folder / "log")
        after = perf_counter() - started
        yield Running(url=url, port=port, pid=process.pid, ready_after_s=after)
    finally:
        await asyncio.to_thread(_stop, process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOPPED_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


async def _until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    clock = SystemClock()
    async with asyncio.timeout(UP_WITHIN_S), aiohttp.ClientSession() as session:
        while not await _ready(session, url):
            if process.poll() is not None:
                said = await asyncio.to_thread(log.read_text)
                msg = f"the service ended before it was ready:\n{said}"
                raise RuntimeError(msg)
            await clock.sleep(LOOK_EVERY)


async def _ready(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(f"{url}/readyz") as response:
            return response.status == 200
    except aiohttp.ClientError:
        return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
