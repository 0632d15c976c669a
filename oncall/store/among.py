"""`column IN (as many values as there are)`, with all of them in one parameter.

A statement with a list of its own for each length could not be prepared.
"""

from typing import Any, Self

from sqlalchemy import JSON, BindParameter, ColumnElement, Text, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import Boolean, TypeEngine


class Among(ColumnElement[bool]):
    """True where the column is one of the values given as a list under `name`."""

    inherit_cache = False
    type = Boolean()

    def __init__(
        self, column: ColumnElement[Any], name: str, of: TypeEngine[Any] | None = None
    ) -> None:
        self.column = column
        values = JSON().with_variant(ARRAY(of or Text()), "postgresql")
        self.values: BindParameter[Any] = bindparam(name, type_=values)

    def self_group(self, against: OperatorType | None = None) -> Self:
        """Stand as it is beside AND and OR.

        Any other boolean is written `(…) = 1` there on SQLite, which looks up no index
        for a comparison with the outcome of another.
        """
        del against
        return self


@compiles(Among, "sqlite")
def _sqlite(element: Among, compiler: SQLCompiler, **more: Any) -> str:  # noqa: ANN401 (SQLAlchemy's)
    column = compiler.process(element.column, **more)
    values = compiler.process(element.values, **more)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 (no values are in it)


@compiles(Among, "postgresql")
def _postgresql(element: Among, compiler: SQLCompiler, **more: Any) -> str:  # noqa: ANN401 (SQLAlchemy's)
    column = compiler.process(element.column, **more)
    values = compiler.process(element.values, **more)
    return f"{column} = ANY({values})"
