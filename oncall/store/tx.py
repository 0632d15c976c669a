"""One transaction: what every store function takes first."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import (
    AbstractContextManager,
    contextmanager,
    nullcontext,
)
from datetime import datetime
from functools import cache, cached_property
from typing import Any, cast

import structlog
from sqlalchemy import Connection, CursorResult, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.selectable import SelectBase

from oncall.store.due import Due
from oncall.store.engines import concerns_all
from oncall.store.many import ROWS, as_json
from oncall.store.prepared import Form, Prepared, Row, Values
from oncall.store.waiting import Entry, Waiting

log = structlog.get_logger()

LOCK_TIMEOUT_MS = 20


class Tx:
    """A transaction under way. `dues` is what was written in it to be seen to.

    What is only to be written is `put`: it waits, and goes to the database together
    with what else was put, before anything is read that it concerns, or at the end.
    `wrote`: something was written or put. `memo` is for what is worth reading once.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect
        self._waiting = Waiting()
        self._depth = 0
        self.memo: dict[object, Any] = {}
        self.dues: dict[Due, datetime] = {}
        self._last: dict[LastWork, list[Any]] = {}
        self._once_kept: list[Callable[[], object]] = []
        self._broken: Exception | None = None
        self.wrote = False

    @property
    def connection(self) -> Connection:
        """SQLAlchemy's connection, with all written that was put."""
        self.wrote = True  # for all that is known here
        self.flush()
        return self._connection

    @property
    def shared(self) -> bool:
        """Whether other nodes may be at work on the same database."""
        return self._dialect.name == "postgresql"

    def run(self, statement: Executable, rows: Any = None) -> CursorResult[Any]:  # noqa: ANN401 (SQLAlchemy's own parameter type)
        """Execute a statement."""
        self.wrote |= not isinstance(statement, SelectBase)
        self.flush()
        try:
            return self._connection.execute(statement, rows)
        except DBAPIError as error:
            self._remember(error)
            raise

    def all(self, statement: Executable | Prepared, **values: object) -> list[Row]:
        """Return all rows by column; `values` are the statement's parameters."""
        if isinstance(statement, Prepared):
            form = self._form(statement, values)
            return form.rows(self._driven(form, values).fetchall())
        return cast("list[Row]", list(self.run(statement, values).mappings()))

    def first(self, statement: Executable | Prepared, **values: object) -> Row | None:
        """Return the first row by column, or None."""
        return next(iter(self.all(statement, **values)), None)

    def do(self, statement: Prepared, **values: object) -> int:
        """Execute what was prepared; return how many rows it changed."""
        return int(self._driven(self._form(statement, values), values).rowcount)

    def put(self, statement: Prepared, **values: object) -> None:
        """Have what was prepared executed later in this transaction."""
        self.put_all(statement, (values,))

    def put_all(self, statement: Prepared, rows: Sequence[Values]) -> None:
        """Do as `put` for every one of these, all alike in their keys."""
        if rows:
            self.wrote = True
            form = self._form(statement, rows[0])
            self._waiting.put(form, [form.bound(row) for row in rows])

    def at_the_end(self, work: "LastWork", of: object) -> None:
        """Have this done before the commit, together with all that is left for `work`.

        For what costs a look of its own, and is not waited for.
        """
        self._last.setdefault(work, []).append(of)

    def do_what_was_left(self) -> None:
        """Do what was left for the end; what it puts waits like all else."""
        while self._last:
            work, left = self._last.popitem()
            work(self, left)

    def once_kept(self, tell: Callable[[], object]) -> None:
        """Have this called once all is committed: a unit may be run more than once."""
        self._once_kept.append(tell)

    def must_be_whole(self) -> None:
        """Raise what broke the transaction, also if somebody made light of it.

        Who catches all so that one thing does not keep back the others cannot know
        that there is no connection any more, or that a lock was not had.
        """
        if self._broken is not None:
            raise self._broken

    def is_kept(self) -> None:
        """Tell those who wanted to know that this was committed.

        It is, whatever comes of telling them: nobody may take it for undone.
        """
        for tell in self._once_kept:
            try:
                tell()
            except Exception:
                log.exception("what follows a commit failed", action="commit")

    def flush(self) -> None:
        """Write what was put."""
        if self._waiting:
            *before, last = self._waiting.take()
            try:
                self._write_all(before)
                self._write(last)
            except self._driver_errors as error:
                raise self._told(last.sql, error) from error

    def _write_all(self, entries: Sequence[Entry]) -> None:
        """Send them in one round trip, where there is a way to go.

        Something must be sent by itself after it: PostgreSQL does not count how long a
        transaction has stood since what goes together.
        """
        if entries:
            with self._together():
                for entry in entries:
                    self._write(entry)

    def _write(self, entry: Entry) -> None:
        rows, many = entry.rows, entry.form and entry.form.for_many
        if len(rows) == 1:
            self._driver.execute(entry.sql, rows[0])
        elif many:
            self._driver.execute(many.sql, many.bound({ROWS: as_json(rows)}))
        else:
            self._driver.cursor().executemany(entry.sql, rows)

    def _form(self, statement: Prepared, values: Values) -> Form:
        return statement.form(self._dialect, values)

    def insert_all_new(self, into: Table, rows: Sequence[Values]) -> None:
        """Insert rows, passing over those whose key is taken."""
        self.put_all(_insert_new(into, shared=self.shared), rows)

    def insert_new(self, into: Table, **values: object) -> bool:
        """Insert a row unless its key is taken; tell whether it went in."""
        return self.do(_insert_new(into, shared=self.shared), **values) > 0

    def wake(self, due: Due, at: datetime) -> None:
        """Have whoever sees to it look at `at`, once this is committed."""
        self.dues[due] = min(at, self.dues.get(due, at))

    def be_impatient(self) -> None:
        """Fail soon where another transaction holds what this one wants.

        For those who hold much: two that wait for each other lose a second before
        PostgreSQL looks.
        """
        if self.shared:
            self._waiting.mark(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}")

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Run a block that leaves nothing behind if it raises; the rest stays.

        The savepoint is plain SQL, which goes along with what is first read or written.
        """
        self._depth += 1
        point = f"attempt_{self._depth}"
        self._waiting.mark(f"SAVEPOINT {point}")
        dues, last = dict(self.dues), {work: [*of] for work, of in self._last.items()}
        once_kept = [*self._once_kept]
        try:
            yield
            self._waiting.mark(f"RELEASE SAVEPOINT {point}")
            self.flush()
        except BaseException as error:
            self._undo(point, error)
            self.dues, self._last, self._once_kept = dues, last, once_kept
            raise
        finally:
            self._depth -= 1

    def _undo(self, point: str, error: BaseException) -> None:
        """Go back to a savepoint; one that was not made yet is forgotten.

        One that cannot be gone back to was lost with what stood before it.
        """
        self.memo.clear()  # it may hold what is undone
        if not self._waiting.forget_from(f"SAVEPOINT {point}"):
            self._waiting.take()
            try:
                self._driver.execute(f"ROLLBACK TO SAVEPOINT {point}")
            except self._driver_errors:
                if self._broken is None and isinstance(error, Exception):
                    self._broken = error
                return
        if self._broken is not None and not concerns_all(self._broken):
            self._broken = None

    def _remember(self, error: DBAPIError) -> None:
        if self._broken is None and concerns_all(error):
            self._broken = error

    def _driven(self, form: Form, values: Values) -> Any:  # noqa: ANN401 (a driver's cursor)
        bound = form.bound(values)
        self.wrote |= bool(form.writes)
        waiting = self._waiting
        before = waiting.take() if self._depth else waiting.take_for(form)
        try:
            self._write_all(before)
            return self._driver.execute(form.sql, bound)
        except self._driver_errors as error:
            raise self._told(form.sql, error) from error

    def _together(self) -> AbstractContextManager[Any]:
        return self._driver.pipeline() if self.shared else nullcontext()

    @cached_property
    def _driver(self) -> Any:  # noqa: ANN401 (a driver's connection)
        return self._connection.connection.driver_connection

    @property
    def _driver_errors(self) -> type[Exception]:
        return self._dialect.loaded_dbapi.Error

    def _told(self, sql: str, error: Exception) -> BaseException:
        """Return a driver's error as SQLAlchemy tells it, without the values."""
        dialect = self._dialect
        lost = dialect.is_disconnect(error, self._driver, None)  # type: ignore[arg-type]
        if lost:
            self._connection.invalidate(error)
        told = DBAPIError.instance(
            sql,
            None,
            error,
            dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=lost,
            dialect=dialect,
        )
        if isinstance(told, DBAPIError):
            self._remember(told)
        return told


LastWork = Callable[[Tx, list[Any]], None]


@cache
def _insert_new(into: Table, *, shared: bool) -> Prepared:
    insert = postgresql.insert if shared else sqlite.insert
    return Prepared(insert(into).on_conflict_do_nothing())
