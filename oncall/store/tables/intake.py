"""What comes in: deliveries as they came, and each message once."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Index,
)
from sqlmodel import Field, SQLModel

from oncall.store.tables.columns import (
    json_column,
    json_or_nothing,
    where,
)


class DeliveryRow(SQLModel, table=True):
    """What a provider delivered to us, once, and what we answered to it."""

    __tablename__ = "delivery"
    channel: str = Field(primary_key=True)
    delivery_id: str = Field(primary_key=True)
    received_at: datetime = Field(index=True)
    outcome: str
    answer: str


class IntakeDeliveryRow(SQLModel, table=True):
    """What a product of the customers' side delivered, as it came, and what it was.

    `due_at` is when it is to be read; None once that is done. A duplicate has no body
    of its own. `slot` tells apart those whose name is only a digest of their words.
    `ask_at` is when its product is to be asked for what it only points at, `asked` what
    came of it: `{parts, failed}`.
    """

    __tablename__ = "intake_delivery"
    __table_args__ = (
        where(
            "uq_intake_delivery_first",
            "source",
            "delivery_id",
            "slot",
            condition="duplicate_of IS NULL",
            unique=True,
        ),
        where("ix_intake_delivery_due", "due_at", condition="due_at IS NOT NULL"),
        where("ix_intake_delivery_ask", "ask_at", condition="ask_at IS NOT NULL"),
        where(
            "ix_intake_delivery_repeats",
            "duplicate_of",
            condition="duplicate_of IS NOT NULL",
        ),
        Index("ix_intake_delivery_source", "source", "id"),
        Index("ix_intake_delivery_verdict", "verdict", "id"),
        Index("ix_intake_delivery_source_verdict", "source", "verdict", "id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    source: str
    kind: str
    delivery_id: str
    slot: str
    duplicate_of: int | None = Field(foreign_key="intake_delivery.id")
    method: str
    url: str
    query: dict[str, str] = Field(sa_column=json_column())
    headers: dict[str, str] = Field(sa_column=json_column())
    body: bytes
    received_at: datetime = Field(index=True)
    due_at: datetime | None
    attempts: int
    read_at: datetime | None
    verdict: str
    outcomes: list[dict[str, Any]] = Field(sa_column=json_column())
    detail: str
    ask_at: datetime | None
    asked: dict[str, Any] | None = Field(sa_column=json_or_nothing())


class IntakeMessageRow(SQLModel, table=True):
    """A message taken from a product, once, and the issue that holds it.

    `severity` and `policy` are what the rules said of it then; empty for one that was
    not judged.
    """

    __tablename__ = "intake_message"
    __table_args__ = (
        Index("ix_intake_message_conversation", "source", "conversation"),
        Index("ix_intake_message_message", "source", "message_id"),
    )
    source: str = Field(primary_key=True)
    dedup_key: str = Field(primary_key=True)
    conversation: str
    message_id: str
    delivery: int = Field(index=True)
    issue: int | None = Field(foreign_key="issue.number", index=True)
    severity: str
    policy: str
    at: datetime


class ConversationRow(SQLModel, table=True):
    """Where the customer of a conversation is answered, in the source's own words.

    `said_at` is when the customer last said something there. `stopped_at` is since when
    the customer's phone company hands on no text of ours: the customer wrote STOP.
    """

    __tablename__ = "conversation"
    source: str = Field(primary_key=True)
    conversation: str = Field(primary_key=True)
    address: str
    said_at: datetime
    stopped_at: datetime | None


class MailboxRow(SQLModel, table=True):
    """How reading a mailbox goes; `failed` is why it did not.

    `since` is when we first looked at it, and `place` a digest of where it is: what
    lay there unread long before is not ours to answer.
    """

    __tablename__ = "mailbox"
    source: str = Field(primary_key=True)
    place: str
    since: datetime
    looked_at: datetime | None
    failed: str


class IdempotencyRow(SQLModel, table=True):
    """A write's key and the answer it got."""

    __tablename__ = "idempotency"
    key: str = Field(primary_key=True)
    fingerprint: str
    status: int
    body: dict[str, Any] = Field(sa_column=json_column())
    created_at: datetime = Field(index=True)
