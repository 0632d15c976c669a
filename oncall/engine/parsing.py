"""Deliveries are parsed in a process of their own, which is killed when one takes too long.

A thread cannot be: an expression that runs away keeps the interpreter, and with it all
paging. The process is there while there is something to parse, and ends soon after.
"""

import asyncio
import os
import pickle
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Protocol, cast

import structlog

from integrations.intake.contract import Unparsed
from integrations.intake.parser import Job, Messages
from oncall import metrics
from oncall.engine import parsing_process
from oncall.engine.parsing_process import LENGTH, READY, framed

log = structlog.get_logger()

DEADLINE = timedelta(seconds=10)
"""Of real time for one delivery: the largest takes a fraction of it."""
STARTS_WITHIN = timedelta(seconds=60)
IDLE = timedelta(seconds=20)
"""So long it waits for more: between storms its memory is given back."""
TOO_LONG = "It took longer to read than a delivery may."
ENDED = "The process that read it came to an end over it."
OUR_MISTAKE = "It could not be read, by our own mistake; the log says more."

Parsed = Messages | Unparsed


class CannotParse(Exception):
    """There is no process to parse in; no delivery is to blame."""


class Parsers(Protocol):
    """Where deliveries are parsed."""

    async def parse(self, jobs: Sequence[Job]) -> Sequence[Parsed]:
        """Return what the first of these jobs came to, in order, and of one at least.

        Of all, unless one of them took too long: that one is the last. Raises
        CannotParse.
        """
        ...


class ParsingProcess:
    """Parses one delivery after the other, for whoever asks."""

    def __init__(
        self, *, deadline: timedelta = DEADLINE, idle: timedelta = IDLE
    ) -> None:
        self._deadline = deadline
        self._idle = idle
        self._alone = asyncio.Lock()
        self._process: Process | None = None
        self._ending: asyncio.TimerHandle | None = None
        self._farewell: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The process under way, if there is one."""
        return None if self._process is None else self._process.pid

    async def parse(self, jobs: Sequence[Job]) -> Sequence[Parsed]:
        """Do as `Parsers` says."""
        async with self._alone:
            self._stay()
            try:
                return await self._parsed(jobs)
            except BaseException:
                await (
                    self._kill()
                )  # what it still says would be taken for other answers
                raise
            finally:
                self._leave_later()

    async def close(self) -> None:
        """End the process; a later call starts another."""
        async with self._alone:
            self._stay()
            await self._kill()

    async def _parsed(self, jobs: Sequence[Job]) -> Sequence[Parsed]:
        process = await self._started()
        # all at once and read as they are done: a round trip for each costs more than
        # most of them take to read
        for job in jobs:
            _input(process).write(framed(job.run))
        done: list[Parsed] = []
        for _ in jobs:
            parsed = await self._next(process)
            done.append(parsed)
            if self._process is None:
                break
        return done

    async def _next(self, process: Process) -> Parsed:
        """Return the next result, within the deadline; kill whoever does not give it."""
        try:
            async with asyncio.timeout(self._deadline.total_seconds()):
                kind, what = cast("parsing_process.Result", await _received(process))
        except TimeoutError:
            return await self._lost(TOO_LONG)
        except (asyncio.IncompleteReadError, ConnectionError):
            return await self._lost(ENDED)
        if kind == "read":
            return cast("Messages", what)
        if kind == "unparsed":
            return Unparsed(str(what))
        log.error("a parser failed", action="parse", detail=what)
        metrics.TROUBLE.labels("unread").inc()
        return Unparsed(OUR_MISTAKE)

    async def _lost(self, why: str) -> Unparsed:
        log.error("a delivery was too much to read", action="parse", detail=why)
        metrics.TROUBLE.labels("unread").inc()
        await self._kill()
        return Unparsed(why)

    async def _started(self) -> Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        try:
            # -S: sites and their hooks are in our path already, and cost as much as
            # all the rest of the start
            self._process = process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-S", "-P", "-m", parsing_process.__name__),
                str(max(1, round(self._deadline.total_seconds()))),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(_path())},
            )
            async with asyncio.timeout(STARTS_WITHIN.total_seconds()):
                said = await _received(process)
        except (OSError, TimeoutError, EOFError) as error:
            msg = "the process that reads deliveries cannot be started"
            raise CannotParse(msg) from error
        assert said == READY  # noqa: S101 (it is our own)
        return process

    async def _kill(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            process.kill()
        await process.communicate()

    def _stay(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None

    def _leave_later(self) -> None:
        """End the process when nothing comes for a while."""
        if self._process is not None:
            loop = asyncio.get_running_loop()
            idle = self._idle.total_seconds()
            self._ending = loop.call_later(idle, self._leave)

    def _leave(self) -> None:
        self._ending = None
        self._farewell = asyncio.create_task(self.close())


def _path() -> list[str]:
    """Return where modules are found, for who begins without our sites."""
    return [each or str(Path.cwd()) for each in sys.path]


def _input(process: Process) -> asyncio.StreamWriter:
    assert process.stdin is not None  # noqa: S101 (it is a pipe)
    return process.stdin


async def _received(process: Process) -> object:
    """Return the next thing that it says. Raises IncompleteReadError at its end."""
    assert process.stdout is not None  # noqa: S101 (it is a pipe)
    head = await process.stdout.readexactly(LENGTH.size)
    packed = await process.stdout.readexactly(LENGTH.unpack(head)[0])
    return pickle.loads(packed)  # noqa: S301 (our own process made it)
