"""Statements that never change, put together once.

SQLAlchemy says how a statement reads on each database and what its values become.
What is left for each execution is the driver's part: a fifth of what it costs to have
all of it done again.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import BindParameter, ClauseElement, Dialect, Insert, Table
from sqlalchemy.sql import visitors
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.types import TypeEngine
from sqlmodel.sql.sqltypes import UTCDateTime

from oncall.store.many import ROWS, for_many

Process = Callable[[Any], Any]
Bind = tuple[Process | None, BindParameter[Any]]
Values = Mapping[str, object]
Row = Mapping[str, Any]
"""A row by the names of its columns."""


@dataclass(frozen=True, slots=True)
class Form:
    """A statement as one database wants it: its text, values and columns.

    `order` names the values in the text's order, or is None where the text names them.
    `touches` are the tables that it reads, writes or points to. `inserts`: it does
    nothing but add rows. `for_many` does the same for many rows at once, where there is
    a way.
    """

    sql: str
    for_many: "Form | None"
    order: tuple[str, ...] | None
    fixed: Mapping[str, object]
    given: tuple[tuple[str, Process], ...]
    columns: tuple[str, ...]
    read: tuple[tuple[str, Process], ...]
    inserts: bool
    writes: frozenset[str]
    touches: frozenset[str]

    def bound(self, values: Values) -> Any:  # noqa: ANN401 (a driver's parameters)
        """Return the values as the driver takes them. Raises KeyError for one missing."""
        told = {**self.fixed, **values}
        for name, process in self.given:
            told[name] = process(told[name])
        return told if self.order is None else [told[name] for name in self.order]

    def rows(self, found: Iterable[Iterable[Any]]) -> list[Row]:
        """Return what the driver found, by column."""
        rows = [dict(zip(self.columns, each, strict=True)) for each in found]
        for name, process in self.read:
            for row in rows:
                row[name] = process(row[name])
        return cast("list[Row]", rows)


class Prepared:
    """A statement whose values alone differ from one execution to the next.

    The columns of an INSERT are those that it is given values for. A list that grows
    (`expanding`) cannot be prepared.
    """

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._inserts = isinstance(statement, Insert)
        self._forms: dict[tuple[str, ...], Form] = {}

    def form(self, dialect: Dialect, values: Values) -> Form:
        """Return how it reads on a database."""
        key = (dialect.name, *values) if self._inserts else (dialect.name,)
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = self._formed(dialect, values)
        return form

    def _formed(self, dialect: Dialect, values: Values) -> Form:
        columns = list(values) if self._inserts and ROWS not in values else None
        compiled = cast(
            "SQLCompiler",
            self._statement.compile(dialect=dialect, column_keys=columns),  # type: ignore[attr-defined]
        )
        told = {
            name: (_process(bind.type, dialect), bind)
            for bind, name in compiled.bind_names.items()
        }
        found = self._found()
        order = compiled.positiontup or ()
        written = _written(self._statement)
        many = not (found or compiled.positional or ROWS in values)
        return Form(
            sql=str(compiled),
            for_many=self._for_many(dialect, told) if many else None,
            order=tuple(order) if compiled.positional else None,
            fixed={
                name: process(bind.effective_value) if process else bind.effective_value
                for name, (process, bind) in told.items()
                if not bind.required
            },
            given=tuple(
                (name, process)
                for name, (process, bind) in told.items()
                if bind.required and process
            ),
            columns=tuple(found),
            read=tuple(_readers(found, dialect)),
            inserts=self._inserts,
            writes=frozenset(table.name for table in written),
            touches=frozenset(_touched(self._statement, written)),
        )

    def _for_many(self, dialect: Dialect, told: Mapping[str, Bind]) -> "Form | None":
        kinds = {bind.key: bind.type for _, bind in told.values() if bind.required}
        many = for_many(self._statement, kinds)
        return None if many is None else Prepared(many).form(dialect, {ROWS: ""})

    def _found(self) -> dict[str, TypeEngine[Any]]:
        """Return the columns that come back, with their types."""
        columns = getattr(self._statement, "exported_columns", ())
        return {column.key: column.type for column in columns}


def _written(statement: Executable) -> tuple[Table, ...]:
    return (statement.table,) if isinstance(statement, UpdateBase) else ()  # type: ignore[return-value]


def _touched(statement: Executable, written: Iterable[Table]) -> Iterable[str]:
    for element in visitors.iterate(cast("ClauseElement", statement)):
        if isinstance(element, Table):
            yield element.name
    for table in written:
        yield table.name
        for key in table.foreign_keys:
            yield key.column.table.name


def _process(kind: TypeEngine[Any], dialect: Dialect) -> Process | None:
    """Return what makes a value fit for the driver.

    SQLite's instants are text, which SQLAlchemy puts together piece by piece.
    """
    if isinstance(kind, UTCDateTime) and dialect.name == "sqlite":
        return _instant_or_none
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _instant_or_none(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        msg = f"{value} is in no time zone"
        raise ValueError(msg)
    return _told(value.astimezone(UTC))


@lru_cache(maxsize=256)  # one transaction writes the same few instants again and again
def _told(value: datetime) -> str:
    return value.replace(tzinfo=None).isoformat(" ", "microseconds")


def _readers(
    columns: Mapping[str, TypeEngine[Any]], dialect: Dialect
) -> Iterable[tuple[str, Process]]:
    for name, kind in columns.items():
        process = kind.dialect_impl(dialect).result_processor(dialect, None)
        if process is not None:
            yield name, process
