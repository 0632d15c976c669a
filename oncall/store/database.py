"""The database: units of work in transactions, off the event loop.

A unit is a plain function of a `Tx`. It runs in a worker thread to its end whatever
becomes of the task that asked for it, so cancellation can never leave a transaction
half done. On SQLite one thread writes; units that wait together share one commit,
each under its own savepoint. On PostgreSQL units run side by side, and one that loses
a race, for a lock or for a key that two wanted, is run again and sees who won.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from typing import Any, Protocol, TypeVar, cast
from uuid import uuid4

from sqlalchemy import (
    Connection,
    Engine,
    bindparam,
    create_engine,
    event,
    func,
    make_url,
    select,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry

from oncall.errors import StoreUnavailable
from oncall.store.due import Dues, earliest, written
from oncall.store.prepared import Prepared
from oncall.store.tx import Tx

T = TypeVar("T")
Work = Callable[[Tx], T]

CHANNEL = "oncall_due"
"""What nodes notify each other on after writing something due."""
SHARE_ONE_COMMIT = 50
"""Few enough that what is urgent soon has its turn."""
URGENT, IN_TURN, LAST = range(3)
READERS = 4
POSTGRES_WORKERS = 8
NOTIFY = Prepared(select(func.pg_notify(bindparam("channel"), bindparam("told"))))
LOST_RACES = {"40001", "40P01", "23505"}
"""PostgreSQL's codes: serialization failure, deadlock, unique violation."""
TRIES = 4


class Job:
    """A unit waiting for its turn, and where its outcome goes.

    Who waits is a task of `home`, or a thread where there is no such loop. Nobody can
    call it off: one that no longer waits is not told.
    """

    def __init__(
        self,
        work: Work[Any],
        *,
        urgent: bool = False,
        home: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self.work = work
        self.urgent = urgent
        self.home = home
        self.outcome: asyncio.Future[Any] | Future[Any] = (
            Future() if home is None else home.create_future()
        )
        self.result: Any = None
        self.error: BaseException | None = None
        self.whole = False
        """Whether all of it was written, so that only the commit was left to do."""

    def settle(self) -> None:
        """Tell whoever waits, on the loop where they do."""
        if self.outcome.done():
            return
        if self.error is not None:
            self.outcome.set_exception(self.error)
        else:
            self.outcome.set_result(self.result)


def settle(jobs: Sequence[Job]) -> None:
    """Tell all who wait for these: one loop's tasks together, by waking it once."""
    homes: dict[asyncio.AbstractEventLoop, list[Job]] = {}
    for job in jobs:
        if job.home is None:
            job.settle()
        else:
            homes.setdefault(job.home, []).append(job)
    for home, theirs in homes.items():
        with suppress(RuntimeError):  # a loop that was closed meanwhile: nobody waits
            home.call_soon_threadsafe(_settle_all, theirs)


def _settle_all(jobs: Sequence[Job]) -> None:
    for job in jobs:
        job.settle()


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
        self._writer: Writer = (
            PostgresWriter(self) if self.shared else SqliteWriter(self)
        )
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="read")
        self._read_engine = (
            self._writer.engine if self.shared else sqlite_engine(url, reads=True)
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
            except (OperationalError, PoolTimeout) as error:
                lost = isinstance(error, DBAPIError) and error.connection_invalidated
                if not (left and lost):
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


class Writer(Protocol):
    """What both kinds of writer have: an engine, a way in and a way out."""

    engine: Engine

    def put(self, job: Job) -> None:
        """Take a job."""
        ...

    def close(self) -> None:
        """Finish what was taken."""
        ...


class SqliteWriter:
    """One thread, one connection; jobs that wait together share one commit."""

    def __init__(self, database: Database) -> None:
        self.engine = sqlite_engine(database.url, reads=False)
        self._database = database
        self._jobs: queue.PriorityQueue[tuple[int, int, Job | None]] = (
            queue.PriorityQueue()
        )
        self._order = count()
        self._thread = threading.Thread(target=self._serve, name="write", daemon=True)
        self._thread.start()

    def put(self, job: Job) -> None:
        """Take a job."""
        rank = URGENT if job.urgent else IN_TURN
        self._jobs.put((rank, next(self._order), job))

    def close(self) -> None:
        """Finish what was taken."""
        self._jobs.put((LAST, next(self._order), None))
        self._thread.join()

    def _serve(self) -> None:
        while batch := self._next_batch():
            self._commit(batch)

    def _next_batch(self) -> list[Job]:
        """Return what waits, as much as shares a commit; nothing when it is over."""
        batch: list[Job] = []
        with suppress(queue.Empty):
            while len(batch) < SHARE_ONE_COMMIT:
                job = self._jobs.get(block=not batch)[2]
                if job is None:
                    self._jobs.put((LAST, next(self._order), None))
                    break
                batch.append(job)
        return batch

    def _commit(self, batch: Sequence[Job]) -> None:
        dues: list[Dues] = []
        try:
            with self.engine.connect() as connection, connection.begin():
                dues += [run_under_savepoint(connection, job) for job in batch]
        except Exception as error:  # noqa: BLE001 (every waiting job must hear of it)
            for job in batch:
                job.error = unavailable(error)
        self._database.heard(earliest(*dues))
        settle(batch)


def run_under_savepoint(connection: Connection, job: Job) -> Dues:
    """Run one of several jobs in a transaction; its failure leaves the others alone.

    Return what it wrote that is due.
    """
    tx = Tx(connection)
    try:
        with tx.attempt():
            job.result = job.work(tx)
    except OperationalError:
        raise  # the disk or the lock: it is the whole transaction's trouble
    except Exception as error:  # noqa: BLE001 (it belongs to whoever asked for the job)
        job.error = error
        return {}
    return tx.dues


class PostgresWriter:
    """A few threads, each with a connection of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pool = ThreadPoolExecutor(POSTGRES_WORKERS, thread_name_prefix="write")
        self.engine = create_engine(
            make_url(database.url).set(drivername="postgresql+psycopg"),
            pool_size=POSTGRES_WORKERS + READERS,
            max_overflow=2,
            pool_timeout=5,
            hide_parameters=True,
            connect_args={"connect_timeout": 5},
        )

    def put(self, job: Job) -> None:
        """Take a job."""
        self._pool.submit(self._run, job)

    def close(self) -> None:
        """Finish what was taken."""
        self._pool.shutdown()

    def _run(self, job: Job) -> None:
        for left in reversed(range(TRIES)):
            job.whole = False
            try:
                dues = self._attempt(job)
            except DBAPIError as error:
                if left and _may_be_run_again(job, error):
                    continue
                job.error = (
                    unavailable(error) if isinstance(error, OperationalError) else error
                )
            except PoolTimeout as error:
                job.error = unavailable(error)
            except Exception as error:  # noqa: BLE001 (it belongs to whoever asked)
                job.error = error
            else:
                self._database.heard(dues)
            break
        settle([job])

    def _attempt(self, job: Job) -> Dues:
        with self.engine.connect() as connection, connection.begin():
            tx = Tx(connection)
            job.result = job.work(tx)
            if tx.dues:
                told = written(self._database.node, tx.dues)
                tx.put(NOTIFY, channel=CHANNEL, told=told)
            tx.flush()
            job.whole = True
        return tx.dues


def _may_be_run_again(job: Job, error: DBAPIError) -> bool:
    """Tell whether a unit that failed left nothing behind and may do better now.

    It lost a race, or its connection was gone: the pool's others are made anew then.
    """
    if getattr(error.orig, "sqlstate", None) in LOST_RACES:
        return True
    return error.connection_invalidated and not job.whole


def sqlite_engine(url: str, *, reads: bool) -> Engine:
    """Make an engine whose transactions are SQLite's own, durable at each commit.

    The driver's legacy transaction handling loses updates; it is switched off, and
    writers take the lock when they begin.
    """
    memory = make_url(url).database in (None, "", ":memory:")
    if memory:
        msg = "an in-memory database would forget every page; name a file"
        raise ValueError(msg)
    engine = create_engine(
        url,
        pool_size=READERS if reads else 1,
        max_overflow=0,
        hide_parameters=True,  # they are customers' words, and errors are logged
        connect_args={"check_same_thread": False},
    )
    pragmas = [
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=5000",
        "foreign_keys=ON",
        "journal_size_limit=67108864",
        *(["query_only=ON"] if reads else []),
    ]

    @event.listens_for(engine, "connect")
    def _(raw: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        raw.isolation_level = None
        cursor = raw.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def unavailable(error: BaseException) -> StoreUnavailable:
    """Say that the database is away, without its statement or parameters."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return StoreUnavailable(f"the database cannot be used now: {type(cause).__name__}")
