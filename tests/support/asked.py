"""What a database is asked while something happens: every statement, as it is sent.

    with listening() as asked:
        ...
    for each in asked: each.sql, each.names

Heard at the driver, so that nothing goes past it however it is put together. A list in
a statement counts as one whatever its length.
"""

import re
import sqlite3
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import psycopg
from sqlalchemy import Dialect, Engine, event

STORE = Path(__file__).parents[2] / "oncall" / "store"
BELOW = {"tx.py", "writer.py", "database.py", "job.py"}
"""They only pass on what others ask."""
STEPS_AT_A_TIME = 100
FOR_EACH_ROW = 100
"""To find, sort, return, change or delete one row takes fewer of SQLite's steps."""
Values = Sequence[Any] | Mapping[str, Any]


@dataclass(slots=True)
class Asked:
    """One statement. `names` are the functions of the store that sent it.

    `steps` is the most that SQLite had to do for it at once, in its own instructions,
    less what each row of the outcome may cost.
    """

    sql: str
    values: Values
    names: set[str] = field(default_factory=set)
    steps: int = 0


class Heard:
    """All that was asked, each statement once, with its latest values."""

    def __init__(self) -> None:
        self._asked: dict[str, Asked] = {}

    def __iter__(self) -> Iterator[Asked]:
        return iter(self._asked.values())

    def note(self, sql: str, values: Values | None) -> Asked | None:
        """Note what is about to be executed; None for what reads and writes nothing."""
        if (
            not sql.lstrip()
            .upper()
            .startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"))
        ):
            return None
        found = self._asked.setdefault(_without_lengths(sql), Asked(sql, ()))
        found.sql, found.values = sql, values or ()
        if name := _who_asks(sys._getframe(2)):  # noqa: SLF001 (as tracebacks do)
            found.names.add(name)
        return found


def _without_lengths(sql: str) -> str:
    return re.sub(r"IN \((?!SELECT)[^()]*\)", "IN (…)", sql)


def _who_asks(frame: FrameType | None) -> str | None:
    """Return the innermost function of the store that wants something of its own."""
    while frame is not None:
        code, path = frame.f_code, Path(frame.f_code.co_filename)
        named = not code.co_name.startswith("<")
        if named and path.parent == STORE and path.name not in BELOW:
            return f"{path.stem}.{code.co_name}"
        frame = frame.f_back
    return None


@contextmanager
def listening() -> Iterator[Heard]:
    """Hear what is asked through every connection that is made meanwhile."""
    heard = Heard()

    def connect(
        dialect: Dialect, _entry: object, _args: object, more: dict[str, Any]
    ) -> None:
        if dialect.name == "sqlite":
            more["factory"] = _sqlite(heard)
        else:
            more["cursor_factory"] = _postgres(heard)

    event.listen(Engine, "do_connect", connect)
    try:
        yield heard
    finally:
        event.remove(Engine, "do_connect", connect)


def _sqlite(heard: Heard) -> type[sqlite3.Connection]:
    return type("Connection", (_Connection,), {"heard": heard})


class _Connection(sqlite3.Connection):
    """Counts the steps of the statement under way, and the rows of its outcome."""

    heard: Heard

    def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 (as the driver's)
        super().__init__(*args, **more)
        self._asked: Asked | None = None
        self._steps = self.rows = 0
        self.set_progress_handler(self._count, STEPS_AT_A_TIME)

    def begin(self, asked: Asked | None) -> None:
        """Count for another statement; None is one that ends a transaction."""
        if (before := self._asked) is not None:
            excess = self._steps - FOR_EACH_ROW * self.rows
            before.steps = max(before.steps, excess)
        self._asked, self._steps, self.rows = asked, 0, 0

    def _count(self) -> int:
        self._steps += STEPS_AT_A_TIME
        return 0

    def execute(self, sql: str, values: Any = (), /) -> Any:  # noqa: ANN401 (as the driver's)
        return self.cursor().execute(sql, values)

    def commit(self) -> None:
        self.begin(None)
        super().commit()

    def rollback(self) -> None:
        self.begin(None)
        super().rollback()

    def cursor(self, factory: Any = None) -> Any:  # noqa: ANN401 (as the driver's)
        return super().cursor(factory or _Cursor)


class _Cursor(sqlite3.Cursor):
    connection: _Connection

    def execute(self, sql: str, values: Any = (), /) -> Any:  # noqa: ANN401 (as the driver's)
        self.connection.begin(self.connection.heard.note(sql, values))
        super().execute(sql, values)
        self.connection.rows += max(self.rowcount, 0)
        return self

    def executemany(self, sql: str, rows: Any, /) -> Any:  # noqa: ANN401 (as the driver's)
        rows = list(rows)
        self.connection.begin(self.connection.heard.note(sql, rows[0]))
        super().executemany(sql, rows)
        self.connection.rows += len(rows)
        return self

    def fetchone(self) -> Any:  # noqa: ANN401 (as the driver's)
        found = super().fetchone()
        self.connection.rows += found is not None
        return found

    def fetchall(self) -> list[Any]:
        found = super().fetchall()
        self.connection.rows += len(found)
        return found


def _postgres(heard: Heard) -> type[psycopg.Cursor[Any]]:
    class Cursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **more: Any) -> Any:  # noqa: ANN401 (as the driver's)
            heard.note(str(query), params)
            return super().execute(query, params, **more)

        def executemany(self, query: Any, params_seq: Any, **more: Any) -> None:  # noqa: ANN401 (as the driver's)
            rows = list(params_seq)
            heard.note(str(query), rows[0])
            super().executemany(query, rows, **more)

    return Cursor
