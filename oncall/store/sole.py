"""One of all nodes: who holds a lock of PostgreSQL's own, as long as it lives."""

import hashlib
from typing import TYPE_CHECKING

from oncall.store.database import Database

if TYPE_CHECKING:
    import psycopg

SILENT_MS = 180_000
"""Who holds a lock asks for it more often; one that is silent for so long is paused."""
END_WHEN_SILENT = """
    SELECT set_config(name, %s, false) FROM pg_settings
    WHERE name = 'idle_session_timeout'  -- there since PostgreSQL 14
"""


def lock_of(name: str) -> int:
    """Return the key of the lock for what is called so: 64 bits, as PostgreSQL's are."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


class Sole:
    """Tells whether this node is the one that does a thing only one may do.

    The lock is the session's: a node that dies loses it by itself. One that is paused or
    cut off would keep it: its session is ended by the server. On SQLite there is one
    node, and it is the one.
    """

    def __init__(self, database: Database, key: int) -> None:
        self._database = database
        self._key = key
        self._connection: psycopg.AsyncConnection | None = None

    async def held(self) -> bool:
        """Take the lock if it is free; tell whether it is ours now."""
        if not self._database.shared:
            return True
        import psycopg  # noqa: PLC0415 (who works on SQLite does not pay for it)

        try:
            return await self._try()
        except psycopg.OperationalError:
            await self.let_go()
            return False

    async def let_go(self) -> None:
        """Leave it to another node."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.close()

    async def _try(self) -> bool:
        if self._connection is not None:
            await self._connection.execute(
                "SELECT 1"
            )  # still there, and so is the lock
            return True
        import psycopg  # noqa: PLC0415 (as above)

        from oncall.store.listener import plain_address  # noqa: PLC0415 (as above)

        address = plain_address(self._database.url)
        connection = await psycopg.AsyncConnection.connect(address, autocommit=True)
        await connection.execute(END_WHEN_SILENT, (str(SILENT_MS),))
        cursor = await connection.execute(
            "SELECT pg_try_advisory_lock(%s)", (self._key,)
        )
        row = await cursor.fetchone()
        if row and row[0]:
            self._connection = connection
            return True
        await connection.close()
        return False
