"""How columns and indexes are declared, the same for both databases."""

from enum import StrEnum
from typing import Any, cast

from sqlalchemy import (
    JSON,
    Column,
    Enum,
    Index,
    Table,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import SQLModel

OPEN_WITH_SOURCE = "external_id <> '' AND status IN ('open', 'acknowledged')"
PLANNED = "state = 'planned' AND due_at IS NOT NULL"
SENDING = "state = 'sending'"
UNFINISHED = "status IN ('open', 'acknowledged')"
FINISHED = "status IN ('resolved', 'closed')"
UNWATCHED = "status = 'open' AND due_at IS NULL"
LASTING = "lasting"
OPENED_BY_RULE = "rule <> '' AND closed_at IS NULL"
"""Conditions of partial indexes, to be said in these words or not found by them.

A planner that is given a value separately cannot know that it fits the condition.
"""

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def table(row: type[SQLModel]) -> Table:
    """Return the Core table behind a SQLModel class."""
    return cast("Table", row.__table__)  # type: ignore[attr-defined]


def json_column() -> Column[Any]:
    """Return a column of JSON that is always there."""
    return Column(JSON().with_variant(JSONB(), "postgresql"), nullable=False)


def json_or_nothing() -> Column[Any]:
    """Return a column of JSON that may be NULL."""
    kept = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    return Column(kept, nullable=True)


def values_of(kind: type[StrEnum], *, closed: bool = True) -> Column[Any]:
    """Store the value: SQLModel's own choice would store the name.

    What is `closed` has a CHECK. Without one a new member needs no migration.
    """
    stored = Enum(
        kind,
        native_enum=False,
        create_constraint=closed,
        length=16,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )
    return Column(stored, nullable=False)


def where(name: str, *columns: str, condition: str, unique: bool = False) -> Index:
    """Make a partial index, so that its cost follows what is waiting, not history."""
    return Index(
        name,
        *columns,
        unique=unique,
        sqlite_where=text(condition),
        postgresql_where=text(condition),
    )
