"""What goes out: pages and their history, and how people are reached."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
)
from sqlmodel import Field, SQLModel

from oncall.model import Kind, PageState, Via
from oncall.store.tables.columns import (
    PLANNED,
    SENDING,
    json_column,
    values_of,
    where,
)


class PageRow(SQLModel, table=True):
    """The outbox: one message to one person by one contact method.

    `ladder_at` is when its step was to be climbed by the ladder alone. `called_off`
    marks one that was in a sender's hands when nobody needed it any more. Until
    `held_until` a snooze holds it.
    `owner` is whom bad news names as the issue's, empty for nobody; None for all else.
    `edits` is the page whose message on the phone is changed by this one.
    """

    __tablename__ = "page"
    __table_args__ = (
        where(
            "ix_page_due",
            "priority",
            "due_at",
            condition=PLANNED,
        ),
        where("ix_page_lease", "lease_until", condition=SENDING),
        Index("ix_page_address", "address", "sent_at"),
        Index("ix_page_sequence", "sequence"),
        Index("ix_page_issue_person", "issue", "person"),
        Index("ix_page_person", "person", "created_at"),
        where("ix_page_of_no_issue", "created_at", condition="issue IS NULL"),
    )
    id: str = Field(primary_key=True)
    kind: Kind = Field(sa_column=values_of(Kind))
    person: str
    via: Via = Field(sa_column=values_of(Via, closed=False))
    address: str
    state: PageState = Field(sa_column=values_of(PageState))
    issue: int | None = Field(foreign_key="issue.number")
    sequence: str
    step: int
    level: int | None
    round: int
    reason: str
    text: str
    priority: int
    due_at: datetime | None
    ladder_at: datetime | None
    called_off: bool
    held_until: datetime | None
    owner: str | None
    edits: str | None
    lease_until: datetime | None
    epoch: int
    attempts: int
    in_doubt: bool
    bundle: list[int] = Field(sa_column=json_column())
    bundle_size: int
    bundled_into: str | None = Field(index=True)
    provider_id: str = Field(index=True)
    detail: str
    created_at: datetime
    sent_at: datetime | None
    answered_at: datetime | None


class PageChangeRow(SQLModel, table=True):
    """The history of a page: one row for each transition."""

    __tablename__ = "page_change"
    id: int | None = Field(default=None, primary_key=True)
    page: str = Field(foreign_key="page.id", index=True)
    at: datetime
    transition: str
    state: PageState = Field(sa_column=values_of(PageState))
    detail: str


class MethodRow(SQLModel, table=True):
    """What is known of a contact method: proven by a delivery, or broken for good."""

    __tablename__ = "method"
    person: str = Field(primary_key=True)
    via: Via = Field(
        sa_column=Column("via", values_of(Via, closed=False).type, primary_key=True)
    )
    address: str = Field(primary_key=True)
    proven_at: datetime | None
    broken_at: datetime | None
    detail: str


class LinkCodeRow(SQLModel, table=True):
    """A one-time code that pairs a Telegram account; only its hash is kept."""

    __tablename__ = "link_code"
    code_hash: str = Field(primary_key=True)
    person: str
    expires_at: datetime
    used_at: datetime | None


class TelegramAccountRow(SQLModel, table=True):
    """The Telegram account a person has linked."""

    __tablename__ = "telegram_account"
    person: str = Field(primary_key=True)
    telegram: int = Field(sa_type=BigInteger, unique=True)
    linked_at: datetime


class SentAnswerRow(SQLModel, table=True):
    """The page of the outbox that carries an answer to a customer."""

    __tablename__ = "sent_answer"
    message: int = Field(primary_key=True, foreign_key="message.id")
    page: str = Field(foreign_key="page.id", unique=True)
    issue: int = Field(foreign_key="issue.number", index=True)
