"""Issues with one cause, and what their customers are told."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from oncall.store.tables.columns import (
    OPENED_BY_RULE,
    json_column,
    where,
)


class IncidentRow(SQLModel, table=True):
    """Many issues with one cause. `due_at` is when something is to be done for it.

    `rule` is the title of the rule that opened it, empty when people did. `resolves`
    says that its issues are still to be ended with it. `told_at` is when its owner last
    heard of more.
    """

    __tablename__ = "incident"
    __table_args__ = (
        where("ix_incident_due", "due_at", condition="due_at IS NOT NULL"),
        where(
            "uq_incident_open_rule",
            "rule",
            condition=OPENED_BY_RULE,
            unique=True,
        ),
        where("ix_incident_open", "id", condition="closed_at IS NULL"),
        {"sqlite_autoincrement": True},  # what people remember as 3 stays 3
    )
    id: int | None = Field(default=None, primary_key=True)
    title: str
    cause: str
    rule: str
    owner: str | None
    opened_at: datetime
    opened_by: str | None
    acknowledged_at: datetime | None
    closed_at: datetime | None
    closed_by: str | None
    result: str
    resolves: bool
    told_at: datetime | None
    due_at: datetime | None


class IncidentIssueRow(SQLModel, table=True):
    """That an issue was joined to an incident, and left it: nothing is forgotten.

    `taken_at` is when it was acknowledged in the name of the incident's owner.
    """

    __tablename__ = "incident_issue"
    __table_args__ = (
        where(
            "uq_incident_issue_now", "issue", condition="left_at IS NULL", unique=True
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    incident: int = Field(foreign_key="incident.id", index=True)
    issue: int = Field(foreign_key="issue.number", index=True)
    joined_at: datetime
    joined_by: str | None
    reason: str
    detail: str
    taken_at: datetime | None
    left_at: datetime | None
    left_by: str | None


class IncidentSuggestionRow(SQLModel, table=True):
    """Issues that perhaps have one cause, until somebody says yes or no.

    `incident` is the open one that they are like, None when there is none yet.
    """

    __tablename__ = "incident_suggestion"
    __table_args__ = (
        where("ix_incident_suggestion_open", "id", condition="decided_at IS NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    incident: int | None = Field(foreign_key="incident.id", index=True)
    title: str
    created_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    confirmed: bool


class LookedAtRow(SQLModel, table=True):
    """That an issue was compared with the others, once, and what it is like.

    Without a `suggestion` it was like none then; a later one may have been like it.
    """

    __tablename__ = "incident_looked_at"
    issue: int = Field(primary_key=True, foreign_key="issue.number")
    at: datetime
    suggestion: int | None = Field(foreign_key="incident_suggestion.id", index=True)
    like_issue: int | None
    score: float
    because: str


class IncidentUpdateRow(SQLModel, table=True):
    """News for everybody in an incident: `texts` by language, "" for any."""

    __tablename__ = "incident_update"
    id: int | None = Field(default=None, primary_key=True)
    incident: int = Field(foreign_key="incident.id", index=True)
    author: str | None
    texts: dict[str, str] = Field(sa_column=json_column())
    written_at: datetime


class IncidentLetterRow(SQLModel, table=True):
    """One customer's copy of an update: on which issue, and since when it is there.

    `message` is None while it waits to be written, and stays so when `failed` says why
    it could not be.
    """

    __tablename__ = "incident_letter"
    __table_args__ = (
        where("ix_incident_letter_waits", "update_id", condition="written_at IS NULL"),
    )
    update_id: int = Field(primary_key=True, foreign_key="incident_update.id")
    customer: int = Field(primary_key=True, foreign_key="customer.id", index=True)
    issue: int = Field(foreign_key="issue.number", index=True)
    language: str
    message: int | None = Field(foreign_key="message.id", index=True)
    written_at: datetime | None
    failed: str
