"""Two nodes on PostgreSQL that want the same rows, and one that stands still."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import bindparam, text, update

from oncall.clock import SystemClock
from oncall.store import Database, Tx, engines, nodes, sole
from oncall.store.nodes import NODE
from oncall.store.prepared import Prepared
from oncall.store.sole import Sole
from oncall.store.tx import LOCK_TIMEOUT_MS
from support.crossing import HUNG_S, look_late_for_deadlocks, two_nodes
from support.writers import writers_held

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
ADD = Prepared(
    update(NODE)
    .where(NODE.c.id == bindparam("its"))
    .values(release=NODE.c.release + bindparam("more"))
)


@pytest.fixture
def two(database_url: str) -> Iterator[tuple[Database, Database]]:
    now = SystemClock().now()
    with two_nodes(database_url) as both:
        for row in ("one", "two"):
            both[0].write_now(lambda tx, row=row: nodes.ticked(tx, row, now, ""))
        yield both


def written(tx: Tx, row: str, by: str) -> None:
    release = NODE.c.release + by
    tx.run(update(NODE).where(NODE.c.id == row).values(release=release))


def put_last(tx: Tx, row: str, by: str) -> None:
    """Write it together with something else."""
    with tx.attempt():
        tx.put(ADD, its=row, more=by)
        tx.put(ADD, its=row, more="")


def read_last(tx: Tx, row: str, by: str) -> None:
    """Write it together with what is read after it."""
    tx.put(ADD, its=row, more=by)
    assert nodes.last_tick(tx)


def releases(tx: Tx) -> dict[str, str]:
    return dict(tx.run(text("SELECT id, release FROM node")).all())  # type: ignore[arg-type]


def test_two_that_wait_for_each_other_do_not_wait_for_the_database_to_look(
    two: tuple[Database, Database],
):
    for database in two:
        look_late_for_deadlocks(database)
    one, another = threading.Event(), threading.Event()
    with writers_held(two[0]) as let_one_go, writers_held(two[1]) as let_another_go:
        units = [
            two[0].submit(_Crossing("one", one, another)),
            two[1].submit(_Crossing("two", another, one)),
            two[0].submit(lambda tx: written(tx, "two", "+")),
            two[1].submit(lambda tx: written(tx, "one", "+")),
        ]
        let_one_go()
        let_another_go()
        for unit in units:
            unit.result(timeout=HUNG_S)
    assert two[0].read_now(releases) == {"one": "++", "two": "++"}


class _Crossing:
    """Writes a row, and goes on when another node holds one too."""

    def __init__(
        self, row: str, mine: threading.Event, theirs: threading.Event
    ) -> None:
        self._row = row
        self._mine = mine
        self._theirs = theirs

    def __call__(self, tx: Tx) -> None:
        written(tx, self._row, "+")
        self._mine.set()
        assert self._theirs.wait(HUNG_S)


@pytest.mark.parametrize("last", [written, put_last, read_last])
def test_what_a_node_that_stands_still_holds_is_let_go(
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    last: Callable[[Tx, str, str], None],
):
    monkeypatch.setattr(engines, "PAUSED_MS", 5 * LOCK_TIMEOUT_MS)
    stopped, other = Database(database_url), Database(database_url)
    now = SystemClock().now()
    other.write_now(lambda tx: nodes.ticked(tx, "row", now, ""))
    holds, goes_on = threading.Event(), threading.Event()

    def stands_still(tx: Tx) -> None:
        last(tx, "row", "s")
        holds.set()
        assert goes_on.wait(HUNG_S)

    unit = stopped.submit(stands_still)
    assert holds.wait(HUNG_S)
    other.submit(lambda tx: written(tx, "row", "o")).result(timeout=HUNG_S)
    goes_on.set()
    unit.result(timeout=HUNG_S)
    assert other.read_now(releases) == {"row": "os"}
    stopped.close()
    other.close()


async def test_a_node_that_stands_still_does_not_remain_the_sole_one_for_ever(
    two: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
):
    stopped, other = (Sole(database, sole.lock_of("a bot")) for database in two)
    assert await stopped.held()
    assert not await other.held()
    await stopped.let_go()
    monkeypatch.setattr(sole, "SILENT_MS", 200)
    assert await stopped.held()
    deadline = time.monotonic() + HUNG_S
    while not await other.held():
        assert time.monotonic() < deadline
    assert not await stopped.held()
    await other.let_go()
    await stopped.let_go()
