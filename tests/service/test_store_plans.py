"""No statement reads what is over: the planner of each database is asked about all.

The database is full of closed issues with all that belonged to them. Whatever it is
asked on a busy day is then shown to its planner. On SQLite the work is counted too: a
plan may look right and still read all that an index has of one value.
"""

import ast
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from functools import partial
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from oncall.actions.house import LOOK_BACK
from oncall.config import example
from oncall.store import Database
from oncall.store.prepared import Prepared
from support import rarely_asked
from support.asked import STORE, Asked, Heard, listening
from support.busy_day import BusyDay, configured
from support.command_line import CommandLine
from support.history import TABLES, fill
from support.history_rows import OF_AN_ISSUE
from support.night import FRIDAY_22_12, Night
from support.plans import condition, scanned

CLOSED = 6_000
APART = timedelta(minutes=5)
LONG_AGO = FRIDAY_22_12 - timedelta(days=41)
EXCEPTIONS = ("override", "swap", "absence")
"""Much more of these is looked back to, whatever it is."""
SWEPT = ("idempotency", "delivery", "announcement")
"""What is so old is swept out of these, so they are filled anew for the planner."""
STEPS = 6_000
"""SQLite's instructions for a statement, beside those for each row of its outcome: fewer
than going through any table takes."""

SMALL: Mapping[str, str] = {
    "absence_calendar": "one row for each person",
    "alembic_version": "one row",
    "departure": "one row for each person who has left; all are wanted",
    "mailbox": "one row for each mailbox of the configuration",
    "method": "one row for each address that a person ever had",
    "node": "one row for each node of the last day",
    "revision": "one row for each change of a rotation by people; all are wanted",
    "sqlite_sequence": "one row for each table",
    "store_format": "one row for each part of the store",
    "telegram_account": "one row for each person",
    "version": "one row for each mark",
}
"""Tables that do not grow with what happens. All others do, also those yet to come."""
GROWING = TABLES.keys() - SMALL.keys()

NEWEST = "from the newest back to the limit; nothing is passed over"
SCANS: Mapping[str, str] = {
    "customers.listed": NEWEST,
    "incidents.listed": NEWEST,
    "incidents.listed where incident.closed_at IS NOT NULL": "only open ones are passed over",
    "intake.listed": NEWEST,
    "issues.listed": NEWEST,
    "issues.listed where issue.status = ?": "resolved ones: only open ones are passed over",
}
"""Statements that may go through a table, and why that does not grow with it."""
SCANS_OF_ONE: Mapping[str, Mapping[str, str]] = {
    "sqlite": {},
    "postgresql": {
        "erasure._erase_answers where delivery.received_at >= ? AND length… > ?": "somebody asked for it; what is answered is kept for 30 days",
        "erasure._erase_answers where idempotency.created_at >= ? AND CAST… IN …": "somebody asked for it; what is answered is kept for 30 days",
        "retention._delete_pages where sent_answer.page IN …": "cheaper while there are few answers; with more it goes by their pages",
        "intake.forget_before where intake_delivery.received_at < ? AND"
        " intake_delivery.due_at IS NULL AND NOT …": "every six hours; of repeats, which"
        " are few and kept for 90 days",
    },
}
"""The same, of one database."""
LARGE: Mapping[str, str] = {
    "acting.rows": "the exceptions of the year before; longer ones are marked",
}
"""Functions that may take more than STEPS, and why."""
NOT_ASKED: Mapping[str, str] = {
    "formats.bring": "writes only when a release begins that has other tables",
}
ASKED_OF_POSTGRES: Mapping[str, str] = {
    "alike.serialise": "a lock; SQLite has one writer",
    "customers.serialise_merges": "a lock; SQLite has one writer",
}
QUERIES = {"run", "all", "first", "do", "insert_new"}
"""Methods of a transaction that ask at once."""


async def test_no_statement_of_a_busy_day_reads_what_is_over(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with connected(database_url) as connection:
        fill_with_history(connection)
    analyze(database_url)
    oncall = CommandLine(tmp_path, monkeypatch)
    oncall.configure(example.render(), database=database_url)
    async with a_busy_day(database_url, oncall) as heard:
        pass
    with connected(database_url) as connection:
        fill(connection, CLOSED, FRIDAY_22_12 - timedelta(days=1), only=SWEPT)
    analyze(database_url)
    with connected(database_url) as connection:
        check_plans(connection, heard)
        check_work(connection, heard)
        check_coverage(connection, heard)
    with connected(
        database_url
    ) as connection:  # another: SQLite keeps what it explained
        check_that_a_scan_would_be_seen(connection, heard)


def fill_with_history(connection: Connection) -> None:
    """Put there what is over, all of it before what is looked back to."""
    fill_table = partial(fill, connection, CLOSED, every=APART, at_least=2_000)
    others = [name for name in OF_AN_ISSUE if name not in EXCEPTIONS]
    fill_table(LONG_AGO, only=others)
    fill_table(LONG_AGO - LOOK_BACK, only=EXCEPTIONS)


def check_plans(connection: Connection, heard: Heard) -> None:
    """Assert which statements go through a table that grows: those, and no others."""
    names = prepared(connection)
    allowed = SCANS | SCANS_OF_ONE[connection.dialect.name]
    found = {
        label(asked, names): tables
        for asked in heard
        if (tables := scanned(connection, asked) & GROWING)
    }
    more = sorted(found.keys() - allowed.keys())
    assert not more, more
    assert allowed.keys() - found.keys() == set(), "these need no exception any more"


def check_work(connection: Connection, heard: Heard) -> None:
    """Assert that SQLite had little to do for what it found, and for what it did not."""
    names = prepared(connection)
    large = {label(each, names) for each in heard if each.steps > STEPS}
    assert sorted(one for one in large if one.split()[0] not in LARGE) == []
    if connection.dialect.name == "sqlite":
        assert {one.split()[0] for one in large} == LARGE.keys(), "not needed any more"


def check_coverage(connection: Connection, heard: Heard) -> None:
    """Assert that all that the store can ask was asked: else add it to `rarely_asked`."""
    asked = {name for each in heard for name in each.names}
    unasked = functions() - asked - NOT_ASKED.keys()
    if connection.dialect.name == "sqlite":
        unasked -= ASKED_OF_POSTGRES.keys()
    assert not unasked, sorted(unasked)
    assert NOT_ASKED.keys() - asked == NOT_ASKED.keys(), "these are asked by now"
    names = prepared(connection)
    unseen = set(names.values()) - {names.get(each.sql) for each in heard}
    assert not unseen, sorted(unseen)


def check_that_a_scan_would_be_seen(connection: Connection, heard: Heard) -> None:
    """Assert that without an index the statement that needs it is told of."""
    names = prepared(connection)
    (asked,) = (each for each in heard if names.get(each.sql) == "pages.EXPIRE")
    connection.execute(text("DROP INDEX ix_page_lease"))
    assert scanned(connection, asked) == {"page"}


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """Yield a connection of its own, in a transaction."""
    database = Database(url)
    with database.engine.connect() as connection, connection.begin():
        yield connection
    database.close()


def analyze(url: str) -> None:
    """Let PostgreSQL look at what there is, as it does by itself; SQLite never does."""
    with connected(url) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ANALYZE"))


@asynccontextmanager
async def a_busy_day(url: str, oncall: CommandLine) -> AsyncIterator[Heard]:
    """Let the day pass and what is rare happen, and yield all that was asked."""
    with listening() as heard:
        async with Night(url, change=configured, first_number=CLOSED + 1) as night:
            await BusyDay(night, oncall).passes()
            number, now = await night.report("friday-night"), night.clock.now()
            await night.service.database.write(
                lambda tx: rarely_asked.ask(tx, now, number)
            )
            for person in night.service.config.people:
                night.phone(person).drop()
    yield heard


def label(asked: Asked, names: Mapping[str, str]) -> str:
    """Return what a statement is called: by whom it is asked, and under which condition."""
    name = names.get(asked.sql) or " ".join(sorted(asked.names))
    where = condition(asked.sql)
    return f"{name} where {where}" if where else name


def prepared(connection: Connection) -> dict[str, str]:
    """Return the names of the statements that were put together once, by how they read."""
    found = {}
    for path in STORE.glob("*.py"):
        module = import_module(f"oncall.store.{path.stem}")
        for name, value in vars(module).items():
            if isinstance(value, Prepared):
                for key, form in value._forms.items():  # noqa: SLF001 (nobody else asks)
                    if key[0] == connection.dialect.name:
                        found[form.sql] = f"{path.stem}.{name}"
                        if form.for_many:
                            found[form.for_many.sql] = f"{path.stem}.{name}"
    return found


def functions() -> set[str]:
    """Return the names of all functions of the store that ask something at once."""
    return {
        f"{path.stem}.{node.name}"
        for path in STORE.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
        and path.name != "tx.py"
        and any(map(_asks, _own(node)))
    }


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what stands in a function, but not in one that stands in it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef):
            yield child
            yield from _own(child)


def _asks(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    of = node.func.value
    return isinstance(of, ast.Name) and of.id == "tx" and node.func.attr in QUERIES
