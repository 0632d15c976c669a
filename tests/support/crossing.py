"""Two units on two nodes: the one goes on when it is waited for by the other."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import text

from oncall.store import Database, Tx
from oncall.store.job import Work

S = TypeVar("S")
T = TypeVar("T")
HUNG_S = 10
"""Less than anybody waits for a lock: two that wait for each other are not through."""
LATE_S = 60
A_MOMENT_S = 0.01


@contextmanager
def two_nodes(database_url: str) -> Iterator[tuple[Database, Database]]:
    """Let two nodes work on one database."""
    both = Database(database_url), Database(database_url)
    try:
        yield both
    finally:
        for database in both:
            database.close()


def crossed(
    one: Database,
    first: Work[S],
    other: Database,
    second: Work[T],
    *,
    then: Work[object] = lambda _: None,
) -> tuple[S, T]:
    """Do `second` while `first` is done and not kept yet; return what came of both.

    `first` goes on with `then` and is kept when `second` waits for it, or is through.
    """
    done, goes_on = threading.Event(), threading.Event()

    def stays_in_it(tx: Tx) -> S:
        try:
            result = first(tx)
            tx.flush()
        finally:  # also when it went wrong: then that is what the test shows
            done.set()
        assert goes_on.wait(HUNG_S)
        then(tx)
        return result

    begun = one.submit(stays_in_it)
    assert done.wait(HUNG_S)
    crossing = other.submit(second)
    until_it_waits(one, crossing)
    goes_on.set()
    return begun.result(HUNG_S), crossing.result(HUNG_S)


def look_late_for_deadlocks(database: Database) -> None:
    """Let PostgreSQL not look for them as long as a test lasts."""

    def sets(tx: Tx) -> None:
        name = tx.run(text("SELECT current_database()")).scalar_one()
        late = f"ALTER DATABASE \"{name}\" SET deadlock_timeout = '{LATE_S}s'"
        tx.run(text(late))

    database.write_now(sets)
    database.engine.dispose()  # only new connections know of it


def until_it_waits(database: Database, crossing: Future[T], *, behind: int = 0) -> None:
    """Return once it waits for a lock `behind` so many others, or is through."""
    while not wait([crossing], timeout=A_MOMENT_S).done:
        if database.read_now(_how_many_wait) > behind:
            return


def _how_many_wait(tx: Tx) -> int:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    return int(tx.run(waiting).scalar_one())
