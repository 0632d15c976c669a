"""Who writes to us, and by which handles."""

from datetime import datetime

from sqlalchemy import (
    Index,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from oncall.store.tables.columns import (
    where,
)


class CustomerRow(SQLModel, table=True):
    """One person who writes to us."""

    __tablename__ = "customer"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    email: str = Field(index=True)
    phone: str = Field(index=True)
    handle: str = Field(index=True)
    tier: str
    language: str
    created_at: datetime
    merged_into: int | None = Field(foreign_key="customer.id", index=True)
    merged_at: datetime | None


class HandleRow(SQLModel, table=True):
    """A way a customer writes to us. A verified one is one customer's alone."""

    __tablename__ = "handle"
    __table_args__ = (
        Index("ix_handle_value", "kind", "value", "customer"),
        Index("ix_handle_of_any_kind", "value", "customer"),
        UniqueConstraint("customer", "kind", "value"),
        where("uq_handle_verified", "kind", "value", condition="verified", unique=True),
    )
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    value: str
    customer: int = Field(foreign_key="customer.id")
    verified: bool
    seen_at: datetime


class SuggestionRow(SQLModel, table=True):
    """Two customers who are perhaps one person, and the handle that says so.

    `dismissed_at` is when somebody said that they are not.
    """

    __tablename__ = "suggestion"
    __table_args__ = (
        UniqueConstraint("customer", "other"),
        where("ix_suggestion_undismissed", "id", condition="dismissed_at IS NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    customer: int = Field(foreign_key="customer.id")
    other: int = Field(foreign_key="customer.id", index=True)
    kind: str
    value: str
    created_at: datetime
    dismissed_at: datetime | None
