"""A database full of what is over: customers, issues, pages, deliveries, shifts.

Filled by SQL, a table at a time, so that a million issues take minutes. Nothing of it
waits for anything: only what cannot be told from history by an index is slowed by it.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import JSON, Boolean, Column, Connection, Numeric, Table, func, text
from sqlalchemy.types import Float, Integer
from sqlmodel.sql.sqltypes import UTCDateTime

from oncall.store.tables import IssueRow
from support.history_rows import OF_AN_ISSUE

TABLES = IssueRow.metadata.tables
PEOPLE = ("sara", "reza", "mina", "nina", "omid")


def fill(
    connection: Connection,
    issues: int,
    until: datetime,
    *,
    every: timedelta = timedelta(minutes=1),
    only: Collection[str] = OF_AN_ISSUE,
    at_least: int = 1,
    policy: str = "{}",
    progress: str = "{}",
) -> None:
    """Put so many closed issues, with all that belongs to them, before `until`.

    They were opened one `every` so often. Each table has `at_least` so many rows. Indexes
    are made afterwards, all at once.
    """
    apart = int(every.total_seconds())
    begin = int(until.timestamp()) - apart * (issues + 1)
    frozen = {"policy": policy, "progress": progress}
    with _without_indexes(connection):
        for name in only:
            each, columns = OF_AN_ISSUE[name]
            sql = _insert(
                connection,
                TABLES[name],
                each,
                columns,
                f"({begin} + {apart} * (@issue % {issues}))",
            )
            used = {key: value for key, value in frozen.items() if f":{key}" in sql}
            many = max(at_least, int(issues * each))
            connection.execute(text(sql), used | {"many": many})
    _count_on(connection)


def _insert(
    connection: Connection,
    into: Table,
    each: float,
    said: Mapping[str, str],
    seconds: str,
) -> str:
    issue = f"((i - 1) / {int(each)} + 1)" if each >= 1 else f"(i * {int(1 / each)})"
    shared = connection.dialect.name == "postgresql"
    names, values = [], []
    for column in into.columns:
        value = said.get(column.name) or _nothing(column)
        if value is not None:
            if shared and isinstance(column.type, JSON):
                value = f"CAST({value} AS JSONB)"
            names.append(f'"{column.name}"')
            values.append(_meant(value, issue, seconds, shared=shared))
    return f"""
        WITH RECURSIVE n(i) AS (
            SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many
        )
        INSERT INTO "{into.name}" ({", ".join(names)})
        SELECT {", ".join(values)} FROM n
    """  # noqa: S608 (our own tables)


def _meant(value: str, issue: str, seconds: str, *, shared: bool) -> str:
    """Write out what `@…` stands for; `seconds` say when an issue was opened."""
    seconds = seconds.replace("@issue", issue)
    then = f"strftime('%Y-%m-%d %H:%M:%S', {seconds}, 'unixepoch') || '.000000'"
    people = " ".join(f"WHEN {n} THEN '{name}'" for n, name in enumerate(PEOPLE))
    words = {
        "@issue": issue,
        "@then": f"to_timestamp({seconds})" if shared else then,
        "@person": f"CASE {issue} % {len(PEOPLE)} {people} END",
        "@bytes": "decode('00', 'hex')" if shared else "zeroblob(1)",
    }
    return re.sub("|".join(words), lambda word: words[word.group()], value)


def _nothing(column: Column[object]) -> str | None:
    """Return what is in a column of which nothing is said."""
    if column.nullable:
        return None
    if isinstance(column.type, Boolean):
        return "false"
    if column.primary_key:
        return "i"
    if isinstance(column.type, UTCDateTime):
        return "@then"
    return "0" if isinstance(column.type, Integer | Numeric | Float) else "''"


@contextmanager
def _without_indexes(connection: Connection) -> Iterator[None]:
    indexes = _indexes(connection)
    if (
        connection.dialect.name == "postgresql"
    ):  # what points to others is right as it is
        connection.execute(text("SET LOCAL session_replication_role = replica"))
    for name, _ in indexes:
        connection.execute(text(f'DROP INDEX "{name}"'))
    yield
    for _, sql in indexes:  # in the order in which they were made at first
        connection.execute(text(sql))


def _indexes(connection: Connection) -> list[tuple[str, str]]:
    if connection.dialect.name == "postgresql":
        found = """
            SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index i
            JOIN pg_class c ON c.oid = i.indexrelid
            WHERE c.relnamespace = 'public'::regnamespace
            AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = c.oid)
            ORDER BY c.oid
        """
    else:
        found = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql <> ''"
    return [(name, sql) for name, sql in connection.execute(text(found))]


def _count_on(connection: Connection) -> None:
    """Let what comes now have numbers above those that were given here."""
    if connection.dialect.name != "postgresql":
        return
    for name in OF_AN_ISSUE:
        table = TABLES[name]
        for column in table.primary_key:
            if column is table.autoincrement_column:
                sequence = func.pg_get_serial_sequence(name, column.name)
                newest = func.coalesce(func.max(column), 1)
                connection.execute(func.setval(sequence, newest).select())
