"""Letters that mail servers bring: each is on disk before it is answered for."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from integrations.errors import Unavailable
from integrations.intake.email.delivery import Brought
from oncall import metrics
from oncall.engine.letters import Letters
from oncall.errors import StoreUnavailable

log = structlog.get_logger()


class Door(Protocol):
    """Where mail servers knock. `port` is known once it is open."""

    host: str
    port: int

    async def open(self, take: Callable[[Brought], Awaitable[None]]) -> None:
        """Listen; `take` raises ChannelError for a letter that should come again."""
        ...

    async def close(self) -> None:
        """Let nobody in any more."""
        ...


class Porter:
    """Opens a door for letters, and keeps what is brought there."""

    def __init__(self, door: Door, letters: Letters) -> None:
        self.name = f"door {letters.source}"
        self._door = door
        self._letters = letters

    @property
    def port(self) -> int:
        """Where it listens; known once it does."""
        return self._door.port

    async def run(self) -> None:
        """Take letters until cancelled. Raises OSError when we cannot listen there."""
        await self._door.open(self._take)
        log.info(
            "letters are taken in",
            action="listen",
            source=self._letters.source,
            host=self._door.host,
            port=self._door.port,
        )
        try:
            await asyncio.Event().wait()
        finally:
            await self._door.close()

    async def _take(self, brought: Brought) -> None:
        """Keep a letter. Raises Unavailable: its sender is to come again."""
        try:
            await self._letters.keep(brought)
        except StoreUnavailable as error:
            self._note_trouble(log.warning, detail=error.detail)
            raise Unavailable(error.detail) from error
        except Exception as error:
            self._note_trouble(log.exception)
            msg = "by a mistake of ours"
            raise Unavailable(msg) from error

    def _note_trouble(self, tell: Callable[..., object], **more: str) -> None:
        tell(
            "a letter could not be stored; its sender will try again",
            action="listen",
            source=self._letters.source,
            **more,
        )
        metrics.TROUBLE.labels("letter").inc()
