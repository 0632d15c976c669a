"""Units that wait together share one commit, and not one another's failures."""

import threading

import pytest

from oncall.clock import SystemClock
from oncall.store import Database, Tx, nodes


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
