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

TABLES = IssueRow.metadata.tables
PEOPLE = ("sara", "reza", "mina", "nina", "omid")
BUSY = 7
"""The customer with this number wrote every hundredth issue."""
INCIDENT = "1 + i % (SELECT count(*) FROM incident)"
SUGGESTION = "1 + i % (SELECT count(*) FROM incident_suggestion)"

# How many rows there are for each issue, and what is in the columns that matter: all
# others are empty. `i` counts the rows, `@issue` is the row's own issue, `@then` when that
# was opened, `@person` one of PEOPLE.
OF_AN_ISSUE: Mapping[str, tuple[float, Mapping[str, str]]] = {
    "customer": (
        1,
        {
            "name": "'Customer ' || i",
            "email": "'c' || i || '@example.org'",
            "phone": "CASE i % 3 WHEN 0 THEN '+98' || i ELSE '' END",
            "handle": "CASE i % 3 WHEN 1 THEN 'h' || i ELSE '' END",
            "created_at": "@then",
            "merged_into": "CASE WHEN i % 10 = 9 THEN i - 1 END",
            "merged_at": "CASE WHEN i % 10 = 9 THEN @then END",
        },
    ),
    "handle": (
        1,
        {
            "kind": "'email'",
            "value": "'c' || i || '@example.org'",
            "customer": "i",
            "verified": "(i % 2 = 0)",
            "seen_at": "@then",
        },
    ),
    "suggestion": (
        0.5,
        {
            "customer": "i",
            "other": "i + 1",
            "kind": "'email'",
            "value": "'c' || i",
            "created_at": "@then",
            "dismissed_at": "@then",
        },
    ),
    "issue": (
        1,
        {
            "number": "i",
            "id": "'h' || i",
            "source": "'web'",
            "external_id": "'x' || i",
            "customer": f"CASE WHEN i % 100 = 0 THEN {BUSY} ELSE i END",
            "subject": "'an old matter'",
            "severity": "CASE i % 50 WHEN 0 THEN 'high' ELSE 'normal' END",
            "severity_because": "'[]'",
            "status": "'resolved'",
            "policy_id": "'customer-issue'",
            "policy": ":policy",
            "progress": ":progress",
            "owner": "@person",
            "opened_at": "@then",
            "updated_at": "@then",
            "acknowledged_at": "@then",
            "acknowledged_by": "@person",
            "resolved_at": "@then",
            "tags": "'[]'",
            "helpers": "'[]'",
        },
    ),
    "message": (
        2,
        {"issue": "@issue", "direction": "'in'", "text": "'words'", "at": "@then"},
    ),
    "promise": (
        0.1,
        {
            "issue": "i",
            "text": "'soon'",
            "due_at": "@then",
            "created_at": "@then",
            "kept_at": "@then",
        },
    ),
    "timeline": (
        3,
        {"issue": "@issue", "at": "@then", "event": "'paged'", "person": "@person"},
    ),
    "page": (
        3,
        {
            "id": "'p' || i",
            "kind": "'page'",
            "person": "@person",
            "via": "'sms'",
            "address": "'+98912' || (@issue % 7)",
            "state": "CASE i % 3 WHEN 0 THEN 'cancelled' ELSE 'delivered' END",
            "issue": "@issue",
            "sequence": "'s' || i",
            "due_at": "@then",
            "ladder_at": "@then",
            "attempts": "1",
            "bundle": "'[]'",
            "provider_id": "'SM' || i",
            "created_at": "@then",
            "sent_at": "@then",
            "answered_at": "@then",
        },
    ),
    "page_change": (
        6,
        {
            "page": "'p' || ((i + 1) / 2)",
            "at": "@then",
            "transition": "'deliver'",
            "state": "'delivered'",
        },
    ),
    "sent_answer": (
        0.5,
        {"message": "2 * i", "page": "'p' || (3 * i)", "issue": "i"},
    ),
    "incident": (
        0.01,
        {
            "title": "'a storm'",
            "rule": "'storms'",
            "opened_at": "@then",
            "closed_at": "@then",
        },
    ),
    "incident_issue": (
        0.2,
        {
            "incident": INCIDENT,
            "issue": "i",
            "joined_at": "@then",
            "reason": "'person'",
            "left_at": "@then",
        },
    ),
    "incident_suggestion": (
        0.1,
        {
            "incident": f"CASE i % 2 WHEN 0 THEN {INCIDENT} END",
            "title": "'alike'",
            "created_at": "@then",
            "decided_at": "@then",
        },
    ),
    "incident_looked_at": (
        1,
        {
            "issue": "i",
            "at": "@then",
            "suggestion": f"CASE i % 4 WHEN 0 THEN {SUGGESTION} END",
            "score": "0",
        },
    ),
    "incident_update": (
        0.01,
        {"incident": "i", "texts": "'{}'", "written_at": "@then"},
    ),
    "incident_letter": (
        0.2,
        {
            "update_id": "1 + i % (SELECT count(*) FROM incident_update)",
            "customer": "i",
            "issue": "i",
            "message": "2 * i",
            "written_at": "@then",
        },
    ),
    "delivery": (
        1,
        {
            "channel": "'sms'",
            "delivery_id": "'d' || i",
            "received_at": "@then",
        },
    ),
    "intake_delivery": (
        1,
        {
            "source": "'bank'",
            "kind": "'generic'",
            "delivery_id": "'d' || i",
            "duplicate_of": "CASE WHEN i % 10 = 9 THEN i - 1 END",
            "query": "'{}'",
            "headers": "'{}'",
            "body": "@bytes",
            "received_at": "@then",
            "read_at": "@then",
            "verdict": "CASE i % 10 WHEN 9 THEN 'duplicate' ELSE 'accepted' END",
            "outcomes": "'[]'",
        },
    ),
    "intake_message": (
        1,
        {
            "source": "'bank'",
            "dedup_key": "'k' || i",
            "conversation": "'c' || i",
            "message_id": "'m' || i",
            "delivery": "i",
            "issue": "i",
            "at": "@then",
        },
    ),
    "conversation": (
        1,
        {"source": "'bank'", "conversation": "'c' || i", "said_at": "@then"},
    ),
    "idempotency": (
        1,
        {"key": "'key' || i", "body": "'{}'", "created_at": "@then"},
    ),
    "link_code": (
        0.1,
        {"code_hash": "'h' || i", "expires_at": "@then", "used_at": "@then"},
    ),
    "override": (
        0.5,
        {
            "id": "'o' || i",
            "rotation": "'weekend'",
            "start_at": "@then",
            "end_at": "@then",
            "person": "@person",
            "created_at": "@then",
        },
    ),
    "swap": (
        0.5,
        {
            "id": "'w' || i",
            "rotation": "'weekend'",
            "person": "@person",
            "with_person": "@person",
            "start_at": "@then",
            "end_at": "@then",
            "back_start_at": "@then",
            "back_end_at": "@then",
            "created_at": "@then",
            "accepted_at": "@then",
        },
    ),
    "absence": (
        0.5,
        {
            "id": "'a' || i",
            "person": "@person",
            "start_at": "@then",
            "end_at": "@then",
            "created_at": "@then",
        },
    ),
    "feed": (
        0.5,
        {
            "id": "'f' || i",
            "token_hash": "'h' || i",
            "kind": "'team'",
            "created_at": "@then",
            "revoked_at": "@then",
        },
    ),
    "slot": (
        1,
        {
            "uid": "'u' || i",
            "rotation": "CASE i % 2 WHEN 0 THEN 'weekend' ELSE 'care' END",
            "person": "@person",
            "start_at": "@then",
            "end_at": "@then",
            "revised_at": "@then",
            "cancelled_at": "CASE WHEN i % 5 = 0 THEN @then END",
        },
    ),
    "announcement": (1, {"key": "'said ' || i", "at": "@then"}),
}
"""In an order in which nothing points to what is not there yet."""


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
