"""Issues, what was said on them, and what happened to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from escalation_policies.policy import Severity
from oncall.model import Status
from oncall.store.tables.columns import (
    FINISHED,
    OPEN_WITH_SOURCE,
    UNFINISHED,
    UNWATCHED,
    json_column,
    json_or_nothing,
    values_of,
    where,
)


class IssueRow(SQLModel, table=True):
    """An issue. `policy` and `progress` are frozen as JSON; `due_at` is its timer.

    `incident` is the one that it is joined to now; `reply_held_until` is how long the
    news that its customer had of it will do. `unconfirmed` are the addresses from which
    letters joined it, and at which nobody has said that its customer is answered.
    """

    __tablename__ = "issue"
    __table_args__ = (
        where("ix_issue_due", "due_at", condition="due_at IS NOT NULL"),
        where("ix_issue_unwatched", "number", condition=UNWATCHED),
        where("ix_issue_finished", "updated_at", condition=FINISHED),
        where("ix_issue_unfinished", "number", condition=UNFINISHED),
        where("ix_issue_unfinished_of", "customer", "number", condition=UNFINISHED),
        where("ix_issue_unfinished_owner", "owner", "number", condition=UNFINISHED),
        Index("ix_issue_severity", "severity", "number"),
        Index("ix_issue_owner_number", "owner", "number"),
        Index("ix_issue_owner_severity", "owner", "severity", "number"),
        Index("ix_issue_customer_number", "customer", "number"),
        Index("ix_issue_customer_updated", "customer", "updated_at"),
        where(
            "uq_issue_open_source",
            "source",
            "external_id",
            condition=OPEN_WITH_SOURCE,
            unique=True,
        ),
        where("ix_issue_incident", "incident", condition="incident IS NOT NULL"),
        {"sqlite_autoincrement": True},  # a number is never reused
    )
    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    source: str
    external_id: str
    customer: int = Field(foreign_key="customer.id")
    subject: str
    severity: Severity = Field(sa_column=values_of(Severity))
    severity_because: list[str] = Field(sa_column=json_column())
    status: Status = Field(sa_column=values_of(Status))
    policy_id: str
    policy: dict[str, Any] = Field(sa_column=json_column())
    progress: dict[str, Any] = Field(sa_column=json_column())
    due_at: datetime | None
    owner: str | None
    opened_at: datetime = Field(index=True)
    updated_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    confirmed_at: datetime | None
    resolved_at: datetime | None
    snoozed_until: datetime | None
    asked_at: datetime | None
    waiting_since: datetime | None
    link: str
    tags: list[str] = Field(sa_column=json_column())
    helpers: list[str] = Field(sa_column=json_column())
    result: str
    incident: int | None
    reply_held_until: datetime | None
    unconfirmed: list[str] | None = Field(sa_column=json_or_nothing())


class MessageRow(SQLModel, table=True):
    """What was said to or by a customer, as it was sent.

    `at` is when we took it in, `occurred_at` when the sender says it was. `text` are the
    new words; `quoted` those that they answer, which no rule looks at. `attachments` are
    `{name, type, size}`. `name` is the product's own for a customer's message: by it an
    edit finds the words that it changes.
    """

    __tablename__ = "message"
    id: int | None = Field(default=None, primary_key=True)
    issue: int = Field(foreign_key="issue.number", index=True)
    direction: str
    author: str | None
    text: str
    at: datetime
    occurred_at: datetime | None
    quoted: str | None
    attachments: list[dict[str, Any]] | None = Field(sa_column=json_or_nothing())
    name: str | None


class PromiseRow(SQLModel, table=True):
    """What a customer was told to expect."""

    __tablename__ = "promise"
    id: int | None = Field(default=None, primary_key=True)
    issue: int = Field(foreign_key="issue.number", index=True)
    text: str
    owner: str | None
    due_at: datetime
    created_at: datetime
    kept_at: datetime | None


class TimelineRow(SQLModel, table=True):
    """The append-only record of all that happened to an issue, and why."""

    __tablename__ = "timeline"
    id: int | None = Field(default=None, primary_key=True)
    issue: int = Field(foreign_key="issue.number", index=True)
    at: datetime
    event: str
    reason: str
    person: str | None
    detail: str
