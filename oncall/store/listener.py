"""Hearing at once what other nodes wrote. Only a hint: each node polls all the same."""

from datetime import timedelta

import psycopg
import structlog
from sqlalchemy import make_url

from oncall.clock import SystemClock
from oncall.store.database import Database
from oncall.store.due import AT_ONCE, Due, Dues, earliest, read
from oncall.store.writer import CHANNEL

log = structlog.get_logger()

PAUSE = timedelta(seconds=2)
MEANWHILE = timedelta(milliseconds=50)
"""The node that wrote something looks at once, so that others need not race it; in a
storm they hear of much together."""
EVERYTHING: Dues = dict.fromkeys(Due, AT_ONCE)


class Listener:
    """Listens on PostgreSQL for ever and pokes this node's loops."""

    name = "listener"

    def __init__(self, database: Database) -> None:
        self._database = database
        self._heard: list[Dues] = []

    async def run(self) -> None:
        """Listen until cancelled; a lost connection is made anew."""
        while True:
            try:
                await self._listen()
            except psycopg.OperationalError as error:
                log.warning(
                    "other nodes are not heard now; they are polled",
                    action="listen",
                    error=type(error).__name__,
                )
            await SystemClock().sleep(PAUSE)

    async def _listen(self) -> None:
        address = plain_address(self._database.url)
        async with await psycopg.AsyncConnection.connect(
            address, autocommit=True
        ) as connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            self._database.heard(EVERYTHING)  # that came while nobody listened
            while True:
                async for told in connection.notifies(stop_after=1):
                    self._hear(told.payload)
                await SystemClock().sleep(MEANWHILE)
                async for told in connection.notifies(timeout=0):
                    self._hear(told.payload)
                self._tell()

    def _hear(self, words: str) -> None:
        node, dues = read(words)
        if node != self._database.node:  # what we wrote ourselves we know
            self._heard.append(dues or EVERYTHING)

    def _tell(self) -> None:
        heard, self._heard = self._heard, []
        if heard:
            self._database.heard(earliest(*heard))


def plain_address(url: str) -> str:
    """Return a database's address as psycopg itself takes it."""
    plain = make_url(url).set(drivername="postgresql")
    return plain.render_as_string(hide_password=False)
