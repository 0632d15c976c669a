"""The real service as a process of its own, on a port of its own."""

import json
import os
import signal
import sys
from asyncio import StreamReader, create_subprocess_exec, subprocess, timeout
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import httpx

PATIENCE_S = 60
SECRET = "process-admin-secret"


class ServiceProcess:
    """`oncall serve` on a configuration; `log` holds what it has said so far.

    `under` is a command that runs it, in its own place.
    """

    def __init__(
        self, config: Path, environ: Mapping[str, str], under: Sequence[str] = ()
    ) -> None:
        self._config = config
        self._under = under
        self._environ = {**os.environ, "ONCALL_ADMIN_TOKEN": SECRET, **environ}
        self.log: list[dict[str, Any]] = []
        self.url = ""

    async def __aenter__(self) -> Self:
        python = [*self._under, sys.executable]
        command = [*python, "-m", "oncall", "--config", str(self._config)]
        self._process = await create_subprocess_exec(
            *command,
            "serve",
            "--port",
            "0",
            env=self._environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        self.url = str((await self.says("serve"))["url"])
        self.client = httpx.AsyncClient(
            base_url=self.url, headers={"Authorization": f"Bearer {SECRET}"}
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()
        if self._process.returncode is None:
            self._process.kill()
        await self.ended()

    @property
    def _errors(self) -> StreamReader:
        assert self._process.stderr is not None
        return self._process.stderr

    async def says(self, action: str) -> dict[str, Any]:
        """Wait for the next line about this and return it."""
        async with timeout(PATIENCE_S):
            while line := await self._errors.readline():
                said = self._read(line)
                if said.get("action") == action:
                    return said
        message = f"it ended without saying {action!r}; it said: {self.log}"
        raise AssertionError(message)

    def _read(self, line: bytes) -> dict[str, Any]:
        try:
            said = dict(json.loads(line))
        except ValueError:
            said = {"event": line.decode()}
        self.log.append(said)
        return said

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    def tell(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    async def ended(self) -> int:
        """Wait for its end and return its exit code."""
        async with timeout(PATIENCE_S):
            while line := await self._errors.readline():
                self._read(line)
            return await self._process.wait()
