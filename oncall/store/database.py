"""The database: units of work in transactions, off the event loop.

A unit is a plain function of a `Tx`. It runs in a worker thread to its end whatever
becomes of the task that asked for it, so cancellation can never leave a transaction
half done. Units that wait together share one commit and fail alone: on SQLite one
thread writes, on PostgreSQL a few do, and a unit that loses a race there, for
a lock or for a key that two wanted, is run again and sees who won.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TypeVar, cast
from uuid import uuid4

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from oncall.store.due import Dues, written
from oncall.store.engines import (
    POSTGRES_WRITERS,
    READERS,
    lost_its_connection,
    postgres_engine,
    sqlite_engine,
    unavailable,
)
from oncall.store.job import Job, Work
from oncall.store.tx import Tx
from oncall.store.writer import Writer

T = TypeVar("T")

SHARE_ONE_COMMIT = 50
"""On SQLite: few enough that what is urgent soon has its turn."""
SHARE_ONE_ROUND = 25
"""On PostgreSQL, where locks are held until all of them are through."""


class Database:
    """A place where units of work are run.

    `on_due` is called, in a worker thread, after a commit that wrote something due;
    other nodes hear of it too.
    `written` is another object after every commit through here, before whoever waits
    for it is told, and when another node is heard of.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.on_due: Callable[[Dues], None] = lambda _: None
        self.node = uuid4().hex
        self.written = object()
        self.shared = make_url(url).get_backend_name() == "postgresql"
        self._writer = self._postgres_writer() if self.shared else self._sqlite_writer()
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="read")
        self._read_engine = (
            self._writer.engine if self.shared else sqlite_engine(url, reads=True)
        )

    def _sqlite_writer(self) -> Writer:
        engine = sqlite_engine(self.url, reads=False)
        return Writer(engine, threads=1, together=SHARE_ONE_COMMIT, heard=self.heard)

    def _postgres_writer(self) -> Writer:
        return Writer(
            postgres_engine(self.url),
            threads=POSTGRES_WRITERS,
            together=SHARE_ONE_ROUND,
            heard=self.heard,
            tell=partial(written, self.node),
        )

    async def write(self, work: Work[T], *, urgent: bool = False) -> T:
        """Run `work` in a transaction and return its result once it is on disk.

        What is `urgent` goes before all that waits: pages do not queue behind a storm.
        Raises whatever `work` raises (nothing of it is kept then), and
        StoreUnavailable when the database does not answer or cannot write.
        """
        job = Job(work, urgent=urgent, home=asyncio.get_running_loop())
        self._writer.put(job)
        return await cast("asyncio.Future[T]", job.outcome)

    def write_now(self, work: Work[T]) -> T:
        """Do as `write` does, for code without a loop."""
        return self.submit(work).result()

    def submit(self, work: Work[T]) -> Future[T]:
        """Queue `work`; the future is settled after the commit."""
        job = Job(work)
        self._writer.put(job)
        return cast("Future[T]", job.outcome)

    async def read(self, work: Work[T]) -> T:
        """Run `work` against a snapshot; it must not write."""
        reading = self._readers.submit(self.read_now, work)
        return await asyncio.wrap_future(reading)

    def read_now(self, work: Work[T]) -> T:
        """Do as `read` does, for code without a loop."""
        for left in (1, 0):
            try:
                with self._read_engine.connect() as connection, connection.begin():
                    return work(Tx(connection))
            except (OperationalError, InternalError, PoolTimeout) as error:
                if not (left and lost_its_connection(error)):
                    raise unavailable(error) from error
        raise AssertionError

    @property
    def engine(self) -> Engine:
        """The engine that writes, for migrations."""
        return self._writer.engine

    def heard(self, dues: Dues) -> None:
        """Note that something was written, here or by another node, and what is due."""
        self.written = object()
        if dues:
            self.on_due(dues)

    def close(self) -> None:
        """Finish what is queued and let go of all connections."""
        self._writer.close()
        self._readers.shutdown()
        self._read_engine.dispose()
        self._writer.engine.dispose()
