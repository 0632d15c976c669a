"""One transaction: what every store function takes first."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cache, cached_property
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.base import Executable

from oncall.store.due import Due
from oncall.store.prepared import Form, Prepared, Row, Values


class Tx:
    """A transaction under way. `dues` is what was written in it to be seen to."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.dues: dict[Due, datetime] = {}

    @property
    def shared(self) -> bool:
        """Whether other nodes may be at work on the same database."""
        return self.connection.dialect.name == "postgresql"

    def run(self, statement: Executable, rows: Any = None) -> CursorResult[Any]:  # noqa: ANN401 (SQLAlchemy's own parameter type)
        """Execute a statement."""
        return self.connection.execute(statement, rows)

    def all(self, statement: Executable | Prepared, **values: object) -> list[Row]:
        """Return all rows by column; `values` are the statement's parameters."""
        if isinstance(statement, Prepared):
            form = statement.form(self.connection.dialect, values)
            return form.rows(self._driven(form, values).fetchall())
        found = self.connection.execute(statement, values).mappings()
        return cast("list[Row]", list(found))

    def first(self, statement: Executable | Prepared, **values: object) -> Row | None:
        """Return the first row by column, or None."""
        return next(iter(self.all(statement, **values)), None)

    def do(self, statement: Prepared, **values: object) -> int:
        """Execute what was prepared; return how many rows it changed."""
        form = statement.form(self.connection.dialect, values)
        return int(self._driven(form, values).rowcount)

    def do_all(self, statement: Prepared, rows: Sequence[Values]) -> None:
        """Execute what was prepared for every one of these, all alike in their keys."""
        if not rows:
            return
        form = statement.form(self.connection.dialect, rows[0])
        try:
            self._driver.cursor().executemany(
                form.sql, [form.bound(row) for row in rows]
            )
        except self._driver_errors as error:
            raise self._told(form, error) from error

    def insert_all_new(self, into: Table, rows: Sequence[Values]) -> None:
        """Insert rows, passing over those whose key is taken."""
        self.do_all(_insert_new(into, shared=self.shared), rows)

    def insert_new(self, into: Table, **values: object) -> bool:
        """Insert a row unless its key is taken; tell whether it went in."""
        return self.do(_insert_new(into, shared=self.shared), **values) > 0

    def wake(self, due: Due, at: datetime) -> None:
        """Have whoever sees to it look at `at`, once this is committed."""
        self.dues[due] = min(at, self.dues.get(due, at))

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Run a block that leaves nothing behind if it raises; the rest stays.

        The savepoint is plain SQL: SQLAlchemy's own is compiled anew each time.
        """
        self._driver.execute("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            with suppress(self._driver_errors):  # what is gone needs no undoing
                self._driver.execute("ROLLBACK TO SAVEPOINT attempt")
            raise
        self._driver.execute("RELEASE SAVEPOINT attempt")

    def _driven(self, form: Form, values: Values) -> Any:  # noqa: ANN401 (a driver's cursor)
        try:
            return self._driver.execute(form.sql, form.bound(values))
        except self._driver_errors as error:
            raise self._told(form, error) from error

    @cached_property
    def _driver(self) -> Any:  # noqa: ANN401 (a driver's connection)
        return self.connection.connection.driver_connection

    @property
    def _driver_errors(self) -> type[Exception]:
        return self.connection.dialect.loaded_dbapi.Error

    def _told(self, form: Form, error: Exception) -> BaseException:
        """Return a driver's error as SQLAlchemy tells it, without the values."""
        dialect = self.connection.dialect
        lost = dialect.is_disconnect(error, self._driver, None)  # type: ignore[arg-type]
        if lost:
            self.connection.invalidate(error)
        return DBAPIError.instance(
            form.sql,
            None,
            error,
            dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=lost,
            dialect=dialect,
        )


@cache
def _insert_new(into: Table, *, shared: bool) -> Prepared:
    insert = postgresql.insert if shared else sqlite.insert
    return Prepared(insert(into).on_conflict_do_nothing())
