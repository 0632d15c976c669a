"""One transaction: what every store function takes first."""

from functools import cache
from typing import Any

from sqlalchemy import Connection, CursorResult, RowMapping, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.base import Executable


class Tx:
    """A transaction under way. `wakes` is set once something due was written in it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.wakes = False

    @property
    def shared(self) -> bool:
        """Whether other nodes may be at work on the same database."""
        return self.connection.dialect.name == "postgresql"

    def run(self, statement: Executable, rows: Any = None) -> CursorResult[Any]:  # noqa: ANN401 (SQLAlchemy's own parameter type)
        """Execute a statement."""
        return self.connection.execute(statement, rows)

    def all(self, statement: Executable, **values: object) -> list[RowMapping]:
        """Return all rows as mappings; `values` are the statement's parameters."""
        return list(self.connection.execute(statement, values).mappings())

    def first(self, statement: Executable, **values: object) -> RowMapping | None:
        """Return the first row as a mapping, or None."""
        return self.connection.execute(statement, values).mappings().first()

    def insert_all_new(self, into: Table, rows: list[dict[str, object]]) -> None:
        """Insert rows, passing over those whose key is taken."""
        self.connection.execute(_insert_new(into, shared=self.shared), rows)

    def insert_new(self, into: Table, **values: object) -> bool:
        """Insert a row unless its key is taken; tell whether it went in."""
        key = next(iter(into.primary_key))
        statement = _insert_new(into, shared=self.shared).returning(key)
        return self.connection.execute(statement, values).first() is not None


@cache
def _insert_new(into: Table, *, shared: bool) -> postgresql.Insert | sqlite.Insert:
    """Return a statement that is built once: building is most of what it costs."""
    insert = postgresql.insert if shared else sqlite.insert
    return insert(into).on_conflict_do_nothing()
