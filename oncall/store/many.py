"""One statement for many rows, which PostgreSQL takes all together, as JSON.

Sent once for each row a statement costs the database and its driver several times as
much.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import (
    JSON,
    BindParameter,
    Insert,
    Text,
    Update,
    bindparam,
    column,
    func,
    select,
)
from sqlalchemy import cast as as_type
from sqlalchemy.sql import visitors
from sqlalchemy.sql.base import Executable
from sqlalchemy.types import TypeEngine

ROWS = "rows"
"""The one value that such a statement takes."""


def for_many(
    statement: Executable, kinds: Mapping[str, TypeEngine[Any]]
) -> Executable | None:
    """Return what does to all rows what the statement does to one; None if unknown.

    `kinds` are the types of a row's values by name.
    """
    given = func.json_to_recordset(as_type(bindparam(ROWS, type_=Text()), JSON))
    columns = (column(name, kind) for name, kind in kinds.items())
    rows = given.table_valued(*columns).render_derived(name="given", with_types=True)
    if isinstance(statement, Insert):
        values = select(*(rows.c[name] for name in kinds))
        return statement.from_select(list(kinds), values, include_defaults=False)
    if isinstance(statement, Update):
        return cast("Update", visitors.replacement_traverse(statement, {}, _from(rows)))
    return None


def _from(rows: Any) -> Callable[..., object]:  # noqa: ANN401 (SQLAlchemy's types say no more)
    def each(element: object, **_: object) -> object:
        if isinstance(element, BindParameter) and element.key in rows.c:
            return rows.c[element.key]
        return None

    return each


def as_json(rows: Sequence[Any]) -> str:
    """Return rows, as a driver takes them, as such a statement takes them.

    Raises TypeError for what JSON cannot say: bytes above all.
    """
    return json.dumps(rows, default=_plain, ensure_ascii=False, check_circular=False)


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "obj"):  # psycopg's wrapper around what becomes JSON
        return value.obj
    msg = f"{type(value).__name__} is not written in JSON here"
    raise TypeError(msg)
