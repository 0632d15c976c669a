"""Units that wait together share one commit, and not one another's failures."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from oncall.clock import SystemClock
from oncall.model import Via
from oncall.store import Database, Tx, methods, nodes, versions
from oncall.store.due import Dues
from oncall.store.nodes import NODE
from support.api import Api
from support.writers import writers_held


def test_a_unit_that_fails_keeps_nothing_and_leaves_its_neighbours_alone(
    database_url: str,
):
    database = Database(database_url)
    now = SystemClock().now()

    def alive(tx: Tx) -> None:
        nodes.ticked(tx, "kept", now, "1")

    def fails(tx: Tx) -> None:
        nodes.ticked(tx, "lost", now, "1")
        msg = "halfway"
        raise ValueError(msg)

    def seen(tx: Tx) -> list[str]:
        found = tx.connection.exec_driver_sql("SELECT id FROM node ORDER BY id")
        return list(found.scalars())

    with writers_held(database) as let_one_go:
        units = [database.submit(unit) for unit in (alive, fails, alive)]
        let_one_go()
        assert units[0].result() is None
        with pytest.raises(ValueError, match="halfway"):
            units[1].result()
        assert units[2].result() is None
    assert database.read_now(seen) == ["kept"]
    database.close()


@pytest.mark.parametrize("wrote", [False, True])
def test_a_unit_that_only_looked_and_failed_has_nobody_run_again(
    database_url: str, *, wrote: bool
):
    database = Database(database_url)
    now = SystemClock().now()
    ran: list[str] = []

    def writes(tx: Tx) -> None:
        ran.append("writes")
        nodes.ticked(tx, "kept", now, "1")

    def fails(tx: Tx) -> None:
        ran.append("fails")
        tx.all(select(NODE.c.id))
        if wrote:
            nodes.ticked(tx, "lost", now, "1")
        msg = "not found"
        raise LookupError(msg)

    with writers_held(database) as let_one_go:
        units = [database.submit(writes), database.submit(fails)]
        let_one_go()
        units[0].result()
        with pytest.raises(LookupError):
            units[1].result()
    assert ran == ["writes", "fails"] * (2 if wrote else 1)
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


def test_what_is_left_for_the_end_is_done_once_for_those_that_succeeded(
    database_url: str,
):
    database = Database(database_url)
    now = SystemClock().now()
    done: list[list[str]] = []

    def at_last(_: Tx, names: list[str]) -> None:
        done.append(names)

    def unit(name: str, *, fails: bool) -> Callable[[Tx], None]:
        def work(tx: Tx) -> None:
            nodes.ticked(tx, name, now, "1")
            tx.at_the_end(at_last, name)
            if fails:
                raise ValueError(name)

        return work

    with writers_held(database) as let_one_go:
        units = [
            database.submit(unit(name, fails=name == "lost"))
            for name in ("one", "lost", "two")
        ]
        let_one_go()
        units[0].result()
        with pytest.raises(ValueError, match="lost"):
            units[1].result()
        units[2].result()
    assert done == [["one", "two"]]
    database.close()


def test_what_is_counted_is_counted_once_and_only_if_it_was_kept(database_url: str):
    database = Database(database_url)
    now = SystemClock().now()
    counted: list[str] = []

    def unit(name: str, *, fails: bool = False) -> Callable[[Tx], None]:
        def work(tx: Tx) -> None:
            nodes.ticked(tx, name, now, "1")
            tx.once_kept(lambda: counted.append(name))
            with suppress(ValueError), tx.attempt():
                tx.once_kept(lambda: counted.append(f"undone by {name}"))
                raise ValueError
            assert not counted
            if fails:
                raise ValueError(name)

        return work

    with writers_held(database) as let_one_go:
        units = [database.submit(unit("one")), database.submit(unit("x", fails=True))]
        let_one_go()
        units[0].result()
        with pytest.raises(ValueError, match="x"):
            units[1].result()
    assert counted == ["one"]
    database.close()


def test_what_is_urgent_goes_before_all_that_waits(database_url: str):
    database = Database(database_url)
    done: list[str] = []

    async def ask(let_one_go: Callable[[], None]) -> None:
        async with asyncio.TaskGroup() as waiting:
            for _ in range(3):
                waiting.create_task(database.write(lambda _: done.append("in turn")))
            urgent = database.write(lambda _: done.append("urgent"), urgent=True)
            waiting.create_task(urgent)
            await SystemClock().sleep(timedelta(0))
            let_one_go()

    with writers_held(database) as let_one_go:
        asyncio.run(ask(let_one_go))
    assert done[0] == "urgent"
    database.close()


def test_what_a_unit_undid_is_not_remembered_for_its_neighbours(database_url: str):
    database = Database(database_url)

    def fails(tx: Tx) -> None:
        versions.touch(tx, "roster")
        assert "roster" in versions.all_of(tx)
        raise ValueError

    with writers_held(database) as let_one_go:
        failed = database.submit(fails)
        known = database.submit(versions.all_of)
        let_one_go()
        with pytest.raises(ValueError, match=r"^$"):
            failed.result()
        assert "roster" not in known.result()
    database.close()


async def test_what_was_seen_in_a_transaction_that_came_to_nothing_is_forgotten(
    database_url: str,
):
    async with Api(database_url) as api:
        house, database, now = api.service.house, api.service.database, api.clock.now()

        def breaks(tx: Tx, via: Via) -> frozenset[tuple[str, Via, str]]:
            methods.mark_broken(tx, "sara", via, "an address", now, "gone")
            return frozenset(house.view(tx, now).broken)

        def fails(tx: Tx) -> None:
            assert breaks(tx, Via.SMS)
            msg = "halfway"
            raise ValueError(msg)

        with pytest.raises(ValueError, match="halfway"):
            await database.write(fails)
        seen = await database.write(lambda tx: breaks(tx, Via.TELEGRAM))
        assert seen == {("sara", Via.TELEGRAM, "an address")}


def test_a_wake_up_that_fails_ends_no_writer_and_undoes_nothing(database_url: str):
    database = Database(database_url)

    def nobody(_: Dues) -> None:
        msg = "the loop is closed"
        raise RuntimeError(msg)

    database.on_due = nobody
    for name in ("roster", "methods", "exceptions", "definitions"):
        database.submit(partial(versions.touch, name=name)).result(30)
    assert len(database.read_now(versions.all_of)) == 4
    database.close()


def test_what_follows_a_commit_and_fails_does_not_undo_it(database_url: str):
    database = Database(database_url)
    told: list[str] = []

    def fails() -> None:
        msg = "a mistake"
        raise ValueError(msg)

    def work(tx: Tx) -> str:
        versions.touch(tx, "roster")
        tx.once_kept(fails)
        tx.once_kept(lambda: told.append("kept"))
        return "done"

    assert database.submit(work).result(30) == "done"
    assert told == ["kept"]
    assert set(database.read_now(versions.all_of)) == {"roster"}
    database.close()
