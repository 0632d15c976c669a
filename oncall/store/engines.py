"""SQLAlchemy's engines for both databases, and what it means when they fail."""

from pathlib import Path

from pydantic_core import to_json
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from oncall.errors import StoreUnavailable
from oncall.store.private_files import keep_private

READERS = 4
POSTGRES_WRITERS = 2
PAUSED_MS = 10_000
"""A node that leaves a transaction standing for so long is paused or cut off: what it
holds is let go, and when it comes back its unit begins anew."""
WAIT_MS = PAUSED_MS + 5_000
"""Nobody waits longer for a row or a lock: whoever held it would have been ended."""
LEFT_STANDING = "25P03"
"""PostgreSQL's code for it."""
TOO_LARGE = "54"
"""PostgreSQL's codes for a value that is too long, for an index above all."""
ALIVE = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""How soon a server that was cut off is noticed: seconds, seconds, times, milliseconds."""
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=5000",
    "foreign_keys=ON",
    "journal_size_limit=67108864",
)


def postgres_engine(url: str) -> Engine:
    """Make the engine that reads and writes on PostgreSQL.

    Nothing asks beforehand whether a connection is still there: a unit that finds its
    own gone is run again.
    """
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=POSTGRES_WRITERS + READERS,
        max_overflow=2,
        pool_timeout=5,
        hide_parameters=True,
        connect_args={"connect_timeout": 5, **ALIVE},
        json_serializer=_as_json,
    )

    @event.listens_for(engine, "connect")
    def _(raw: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = raw.cursor()
        cursor.execute(f"SET idle_in_transaction_session_timeout = {PAUSED_MS}")
        cursor.execute(f"SET lock_timeout = {WAIT_MS}")
        cursor.close()
        raw.commit()

    return engine


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
        json_serializer=_as_json,
    )
    pragmas = (*PRAGMAS, "query_only=ON") if reads else PRAGMAS

    @event.listens_for(engine, "do_connect")
    def _(*_: object) -> None:
        keep_private(Path(str(make_url(url).database)))

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


def _as_json(value: object) -> str:
    """Return what is kept as JSON. Raises ValueError for what JSON cannot say."""
    return to_json(value).decode()


def lost_its_connection(error: BaseException) -> bool:
    """Tell whether only this connection is gone; another may do."""
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or sqlstate(error) == LEFT_STANDING


def concerns_all(error: BaseException) -> bool:
    """Tell whether an error is its whole transaction's: a lock, the disk, the line."""
    if lost_its_connection(error):
        return True
    if not isinstance(error, OperationalError):
        return False
    return not (sqlstate(error) or "").startswith(TOO_LARGE)


def sqlstate(error: DBAPIError) -> str | None:
    """Return PostgreSQL's code of an error."""
    return getattr(error.orig, "sqlstate", None)


def unavailable(error: BaseException) -> StoreUnavailable:
    """Say that the database is away, without its statement or parameters."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return StoreUnavailable(f"the database cannot be used now: {type(cause).__name__}")
