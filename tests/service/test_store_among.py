"""A list of values given as one parameter finds its rows by an index."""

import pytest
from sqlalchemy import Connection

from oncall.store import Database
from oncall.store.customers import MERGED_INTO, OLDEST_WITH
from oncall.store.issues import FOUND
from oncall.store.pages import HELD
from oncall.store.prepared import Prepared
from oncall.store.steps import STEPS_LEFT


def plan(connection: Connection, statement: Prepared) -> str:
    """Return how SQLite would execute a statement, whatever its values."""
    form = statement.form(connection.dialect, {})
    values = ["[]"] * len(form.order or ())
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {form.sql}", tuple(values))
    return "\n".join(row.detail for row in rows)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "statement", [HELD, STEPS_LEFT, FOUND, MERGED_INTO, OLDEST_WITH]
)
def test_no_table_is_scanned_for_a_list(database_url: str, statement: Prepared):
    database = Database(database_url)
    with database.engine.connect() as connection, connection.begin():
        found = plan(connection, statement)
    database.close()
    assert "SEARCH" in found
    for table in ("page", "issue", "customer", "handle"):
        assert f"SCAN {table}" not in found
