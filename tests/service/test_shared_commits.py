"""Units that wait together share one commit, and not one another's failures."""

import asyncio
import threading
from concurrent.futures import Future
from contextlib import suppress
from datetime import timedelta

import pytest

from oncall.clock import SystemClock
from oncall.store import Database, Tx, nodes, versions
from oncall.store.engines import POSTGRES_WRITERS


def writers_held(database: Database, until: threading.Event) -> list[Future[bool]]:
    """Keep all who write busy, so that what comes meanwhile waits together."""
    begun = threading.Semaphore(0)

    def hold(_: Tx) -> bool:
        begun.release()
        return until.wait(5)

    held = []
    for _ in range(POSTGRES_WRITERS if database.shared else 1):
        held.append(database.submit(hold))
        assert begun.acquire(timeout=5)
    return held


def test_a_unit_that_fails_keeps_nothing_and_leaves_its_neighbours_alone(
    database_url: str,
):
    database = Database(database_url)
    now = SystemClock().now()
    gathered = threading.Event()

    def alive(tx: Tx) -> None:
        nodes.ticked(tx, "kept", now, "1")

    def fails(tx: Tx) -> None:
        nodes.ticked(tx, "lost", now, "1")
        msg = "halfway"
        raise ValueError(msg)

    def seen(tx: Tx) -> list[str]:
        found = tx.connection.exec_driver_sql("SELECT id FROM node ORDER BY id")
        return list(found.scalars())

    held = database.submit(lambda _: gathered.wait(5))
    units = [database.submit(unit) for unit in (alive, fails, alive)]
    gathered.set()
    assert held.result()
    assert units[0].result() is None
    with pytest.raises(ValueError, match="halfway"):
        units[1].result()
    assert units[2].result() is None
    assert database.read_now(seen) == ["kept"]
    database.close()


def test_an_attempt_within_a_unit_fails_alone_however_little_was_done_before(
    database_url: str,
):
    database = Database(database_url)
    now = SystemClock().now()

    def attempts(tx: Tx) -> None:
        with suppress(ValueError), tx.attempt():
            raise ValueError
        nodes.ticked(tx, "between", now, "1")
        with suppress(ValueError), tx.attempt():
            nodes.ticked(tx, "lost", now, "1")
            raise ValueError
        with tx.attempt(), tx.attempt():
            nodes.ticked(tx, "kept", now, "1")

    def seen(tx: Tx) -> list[str]:
        found = tx.connection.exec_driver_sql("SELECT id FROM node ORDER BY id")
        return list(found.scalars())

    database.write_now(attempts)
    assert database.read_now(seen) == ["between", "kept"]
    database.close()


def test_what_is_urgent_goes_before_all_that_waits(database_url: str):
    database = Database(database_url)
    done: list[str] = []
    gathered = threading.Event()
    held = writers_held(database, gathered)

    async def ask() -> None:
        async with asyncio.TaskGroup() as waiting:
            for _ in range(3):
                waiting.create_task(database.write(lambda _: done.append("in turn")))
            urgent = database.write(lambda _: done.append("urgent"), urgent=True)
            waiting.create_task(urgent)
            await SystemClock().sleep(timedelta(0))
            gathered.set()

    asyncio.run(ask())
    assert all(each.result() for each in held)
    assert done[0] == "urgent"
    database.close()


def test_what_a_unit_undid_is_not_remembered_for_its_neighbours(database_url: str):
    database = Database(database_url)
    gathered = threading.Event()

    def fails(tx: Tx) -> None:
        versions.touch(tx, "roster")
        assert "roster" in versions.all_of(tx)
        raise ValueError

    writers_held(database, gathered)
    failed = database.submit(fails)
    known = database.submit(versions.all_of)
    gathered.set()
    with pytest.raises(ValueError, match=r"^$"):
        failed.result()
    assert "roster" not in known.result()
    database.close()
