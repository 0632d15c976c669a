"""Who catches all of one thing's errors cannot hide those of its transaction."""

import random
import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlalchemy import text, update

from oncall.clock import SystemClock
from oncall.model import Customer
from oncall.store import Database, Tx, customers, nodes
from oncall.store.nodes import NODE
from support.writers import writers_held

HUNG_S = 20
ON_POSTGRES = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def whole(tx: Tx) -> list[str]:
    rows = tx.run(text("SELECT id FROM node ORDER BY id"))
    return list(rows.scalars())


def making_light(work: Callable[[Tx], None]) -> Callable[[Tx], str]:
    """Do as the engine does with each of many issues, and then go on."""

    def unit(tx: Tx) -> str:
        with suppress(Exception), tx.attempt():
            work(tx)
        with suppress(Exception):
            nodes.ticked(tx, "after", SystemClock().now(), "")
        return "done"

    return unit


@ON_POSTGRES
@pytest.mark.parametrize("many", [1, 2])
def test_a_unit_that_lost_its_connection_unnoticed_is_run_again(
    database_url: str, many: int
):
    database = Database(database_url)
    ran: list[int] = []

    def loses_it_once(tx: Tx) -> None:
        ran.append(len(ran))
        if len(ran) <= many:
            tx.run(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        nodes.ticked(tx, "within", SystemClock().now(), "")

    with writers_held(database) as let_one_go:
        units = [database.submit(making_light(loses_it_once)) for _ in range(many)]
        let_one_go()
        assert [unit.result(HUNG_S) for unit in units] == ["done"] * many
    assert database.read_now(whole) == ["after", "within"]
    database.close()


@ON_POSTGRES
def test_a_lock_that_was_not_had_at_once_is_waited_for_alone(database_url: str):
    database, other = Database(database_url), Database(database_url)
    now = SystemClock().now()
    database.write_now(lambda tx: nodes.ticked(tx, "row", now, ""))
    holds, let_go = threading.Event(), threading.Event()

    def keeps(tx: Tx) -> None:
        written(tx, "o")
        holds.set()
        assert let_go.wait(HUNG_S)

    def meets_it(tx: Tx) -> None:
        tries.append("")
        if len(tries) > 1:
            let_go.set()
        written(tx, "u")

    tries: list[str] = []
    held = other.submit(keeps)
    assert holds.wait(HUNG_S)
    with writers_held(database) as let_one_go:
        units = [
            database.submit(making_light(meets_it)),
            database.submit(lambda tx: nodes.ticked(tx, "mate", now, "")),
        ]
        let_one_go()
        units[0].result(HUNG_S)
        units[1].result(HUNG_S)
    held.result(HUNG_S)
    assert database.read_now(release) == "ou"
    database.close()
    other.close()


def written(tx: Tx, by: str) -> None:
    row = NODE.c.id == "row"
    tx.run(update(NODE).where(row).values(release=NODE.c.release + by))


def release(tx: Tx) -> str:
    return str(tx.run(text("SELECT release FROM node WHERE id = 'row'")).scalar())


@ON_POSTGRES
def test_a_value_too_long_for_an_index_is_its_own_units_trouble(database_url: str):
    database = Database(database_url)
    now = SystemClock().now()
    chance = random.Random(7)  # noqa: S311 (so that it cannot be packed)
    long = "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(3000))
    with writers_held(database) as let_one_go:
        units = [
            database.submit(lambda tx: nodes.ticked(tx, "one", now, "")),
            database.submit(lambda tx: customers.add(tx, Customer(email=long), now)),
            database.submit(lambda tx: nodes.ticked(tx, "two", now, "")),
        ]
        let_one_go()
        with pytest.raises(Exception, match="ProgramLimitExceeded"):
            units[1].result(HUNG_S)
        assert [units[0].result(HUNG_S), units[2].result(HUNG_S)] == [None, None]
    assert database.read_now(whole) == ["one", "two"]
    database.close()


def test_what_a_neighbour_put_is_not_lost_when_it_fails_within_an_attempt(
    database_url: str,
):
    database = Database(database_url)
    now = SystemClock().now()

    def puts(tx: Tx) -> None:
        # no database takes the second
        tx.insert_all_new(NODE, [node(name) for name in ("put", "half \ud800")])

    def node(name: str) -> dict[str, object]:
        return {"id": name, "started_at": now, "ticked_at": now, "release": ""}

    with writers_held(database) as let_one_go:
        units = [
            database.submit(puts),
            database.submit(making_light(lambda tx: tx.first(nodes.LAST_TICK))),
        ]
        let_one_go()
        with pytest.raises(UnicodeEncodeError):
            units[0].result(HUNG_S)
        assert units[1].result(HUNG_S) == "done"
    assert database.read_now(whole) == ["after"]
    database.close()
