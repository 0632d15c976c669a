"""What a planner makes of a statement: which tables it reads from end to end."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from support.asked import Asked
from support.history import TABLES

TABLE_OF = {
    index.name: table.name for table in TABLES.values() for index in table.indexes
}
OF_WHAT_WAITS = frozenset(
    {
        "ix_absence_lasting",
        "ix_incident_due",
        "ix_incident_letter_waits",
        "ix_incident_open",
        "ix_incident_suggestion_open",
        "ix_intake_delivery_ask",
        "ix_intake_delivery_due",
        "ix_issue_due",
        "ix_issue_unfinished",
        "ix_issue_unfinished_of",
        "ix_issue_unfinished_owner",
        "ix_issue_unwatched",
        "ix_override_lasting",
        "ix_page_due",
        "ix_page_lease",
        "ix_suggestion_undismissed",
        "ix_swap_lasting",
        "uq_incident_open_rule",
        "uq_issue_open_source",
    }
)
"""Partial indexes of work, or of what is rare: to read all of one is no scan."""
OF_THE_STATEMENT = re.compile(r"json_each|CONSTANT|\(subquery-\d+\)")
"""Not tables: lists that are given, and what is worked out on the way."""
SQLITE_READS = re.compile(
    r"^(?P<how>SCAN|SEARCH|BLOOM FILTER ON) (?P<what>\S+)"
    r"(?: USING (?P<automatic>AUTOMATIC )?.*?INDEX (?P<index>\S+))?"
)


def scanned(connection: Connection, asked: Asked) -> set[str]:
    """Return the tables of which a statement reads all rows, as it is planned now."""
    if connection.dialect.name == "sqlite":
        return set(_sqlite(connection, asked))
    plan = _postgres(connection, asked)
    return {name for node in _nodes(plan) for name in _read_by(node)}


def _sqlite(connection: Connection, asked: Asked) -> Iterator[str]:
    names = dict(re.findall(r"\b(\w+) AS (\w+)\b", asked.sql))
    tables = {alias: table for table, alias in names.items()}
    raw = connection.connection.driver_connection
    assert raw is not None
    for *_, detail in raw.execute(f"EXPLAIN QUERY PLAN {asked.sql}", asked.values):
        reads = SQLITE_READS.match(detail)
        if reads is None or reads["index"] in OF_WHAT_WAITS:
            continue
        table = tables.get(reads["what"], reads["what"])
        if OF_THE_STATEMENT.fullmatch(table):
            continue
        if reads["how"] != "SEARCH" or reads["automatic"]:
            yield table


def _postgres(connection: Connection, asked: Asked) -> Mapping[str, Any]:
    raw = connection.connection.driver_connection
    assert raw is not None
    sql = f"EXPLAIN (FORMAT JSON) {asked.sql}"
    ((found,),) = raw.execute(sql, asked.values or None).fetchall()
    plan: Mapping[str, Any] = found[0]["Plan"]
    return plan


def _nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a node and all below it, but for the look at an index's end: max() of it."""
    yield node
    for child in node.get("Plans", ()):
        one_row = node["Node Type"] == "Limit" and "InitPlan" in node.values()
        if not one_row:
            yield from _nodes(child)


def _read_by(node: Mapping[str, Any]) -> Iterator[str]:
    """Yield the table, or for a bitmap the index, that a node reads as a whole."""
    kind, index = node["Node Type"], node.get("Index Name")
    if kind == "Seq Scan":
        yield node["Relation Name"]
    elif "Index" in kind and "Index Cond" not in node and index not in OF_WHAT_WAITS:
        yield node.get("Relation Name") or TABLE_OF[index]


def condition(sql: str) -> str:
    """Return what a statement says after its own WHERE, values and brackets left out."""
    sql = re.sub(
        r"%\(\w+\)s(::(TIMESTAMP WITH TIME ZONE|[A-Z]+)(\[\])?)?",
        "?",
        " ".join(sql.split()),
    )
    while (shorter := re.sub(r"\([^()]*\)", "…", sql)) != sql:
        sql = shorter
    found = re.search(r" WHERE (.*?)( ORDER BY | GROUP BY | LIMIT | RETURNING |$)", sql)
    return found[1].strip() if found else ""
