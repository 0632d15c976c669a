"""A database whose units run at once, on one connection, so that a seed replays.

The statements, the transactions and the savepoints are the product's own, on a real
SQLite; only threads, files and waiting are left out. A fault can be put on the next
write.
"""

import sqlite3
from enum import StrEnum
from functools import cache
from typing import TypeVar, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, NullPool
from sqlmodel import SQLModel
from typing_extensions import override

from oncall.errors import StoreUnavailable
from oncall.store import Database, Tx
from oncall.store.job import Work

T = TypeVar("T")


class StoreFault(StrEnum):
    """What may go wrong with a commit."""

    FAILS = "fails"
    ANSWER_LOST = "answer_lost"


class InlineDatabase(Database):
    """A Database without threads. `fault` strikes the next write, once.

    `suffered` counts the writes that were struck.
    """

    def __init__(self) -> None:
        self.shared = False
        self.fault: StoreFault | None = None
        self.suffered = 0
        self._connection = _sqlite().connect()
        self._raw = _raw(self._connection)
        self._raw.deserialize(_empty())

    @property
    def changes(self) -> int:
        """How many rows were ever written: the same number means nothing is new."""
        return self._raw.total_changes

    @override
    async def write(self, work: Work[T], *, urgent: bool = False) -> T:
        return self.write_now(work)

    @override
    def write_now(self, work: Work[T]) -> T:
        fault, self.fault = self.fault, None
        with self._connection.begin() as transaction:
            tx = Tx(self._connection)
            result = work(tx)
            tx.do_what_was_left()
            tx.must_be_whole()
            tx.flush()
            if fault is StoreFault.FAILS:
                transaction.rollback()
        if fault is not None:
            self.suffered += 1
            raise StoreUnavailable(fault)
        tx.is_kept()
        return result

    @override
    async def read(self, work: Work[T]) -> T:
        return self.read_now(work)

    @override
    def read_now(self, work: Work[T]) -> T:
        with self._connection.begin():
            return work(Tx(self._connection))

    @override
    def close(self) -> None:
        self._connection.close()


@cache
def _sqlite() -> Engine:
    """Return the engine of all worlds, so that each statement is compiled once.

    Every connection is a database of its own, in memory.
    """
    engine = create_engine("sqlite://", poolclass=NullPool)
    event.listen(engine, "connect", _own_transactions)
    event.listen(engine, "begin", _begin)
    return engine


@cache
def _empty() -> bytes:
    """Return a database with all tables and no rows."""
    with _sqlite().connect() as connection:
        SQLModel.metadata.create_all(connection)
        connection.commit()
        return _raw(connection).serialize()


def _raw(connection: Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.driver_connection)


def _own_transactions(raw: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    raw.isolation_level = None  # type: ignore[attr-defined]


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
