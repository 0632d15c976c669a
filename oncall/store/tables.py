"""The tables. SQLModel declares them; statements use Core over `table(...)`.

Every datetime is UTC on both databases. Enumerations are stored as their values.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Enum,
    Index,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from escalation_policies.policy import Severity
from oncall.model import Kind, PageState, Status, Via

OPEN_WITH_SOURCE = "external_id <> '' AND status IN ('open', 'acknowledged')"
PLANNED = "state = 'planned' AND due_at IS NOT NULL"
"""Conditions of partial indexes, to be said in these words or not found by them."""

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


def _json() -> Column[Any]:
    return Column(JSON().with_variant(JSONB(), "postgresql"), nullable=False)


def _json_or_nothing() -> Column[Any]:
    kept = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    return Column(kept, nullable=True)


def _values(kind: type[StrEnum], *, closed: bool = True) -> Column[Any]:
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


def _where(name: str, *columns: str, condition: str, unique: bool = False) -> Index:
    """Make a partial index, so that its cost follows what is waiting, not history."""
    return Index(
        name,
        *columns,
        unique=unique,
        sqlite_where=text(condition),
        postgresql_where=text(condition),
    )


class CustomerRow(SQLModel, table=True):
    """One person who writes to us."""

    __tablename__ = "customer"
    id: int | None = Field(default=None, primary_key=True)
    name: str
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
        Index("ix_handle_value", "kind", "value"),
        UniqueConstraint("customer", "kind", "value"),
        _where(
            "uq_handle_verified", "kind", "value", condition="verified", unique=True
        ),
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
    __table_args__ = (UniqueConstraint("customer", "other"),)
    id: int | None = Field(default=None, primary_key=True)
    customer: int = Field(foreign_key="customer.id")
    other: int = Field(foreign_key="customer.id", index=True)
    kind: str
    value: str
    created_at: datetime
    dismissed_at: datetime | None


class IssueRow(SQLModel, table=True):
    """An issue. `policy` and `progress` are frozen as JSON; `due_at` is its timer.

    `incident` is the one that it is joined to now; `reply_held_until` is how long the
    news that its customer had of it will do.
    """

    __tablename__ = "issue"
    __table_args__ = (
        _where("ix_issue_due", "due_at", condition="due_at IS NOT NULL"),
        _where(
            "uq_issue_open_source",
            "source",
            "external_id",
            condition=OPEN_WITH_SOURCE,
            unique=True,
        ),
        _where("ix_issue_incident", "incident", condition="incident IS NOT NULL"),
        {"sqlite_autoincrement": True},  # a number is never reused
    )
    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    source: str
    external_id: str
    customer: int = Field(foreign_key="customer.id", index=True)
    subject: str
    severity: Severity = Field(sa_column=_values(Severity))
    severity_because: list[str] = Field(sa_column=_json())
    status: Status = Field(sa_column=_values(Status))
    policy_id: str
    policy: dict[str, Any] = Field(sa_column=_json())
    progress: dict[str, Any] = Field(sa_column=_json())
    due_at: datetime | None
    owner: str | None = Field(index=True)
    opened_at: datetime
    updated_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    confirmed_at: datetime | None
    resolved_at: datetime | None
    snoozed_until: datetime | None
    asked_at: datetime | None
    waiting_since: datetime | None
    link: str
    tags: list[str] = Field(sa_column=_json())
    helpers: list[str] = Field(sa_column=_json())
    result: str
    incident: int | None
    reply_held_until: datetime | None


class MessageRow(SQLModel, table=True):
    """What was said to or by a customer, as it was sent.

    `at` is when we took it in, `occurred_at` when the sender says it was.
    """

    __tablename__ = "message"
    id: int | None = Field(default=None, primary_key=True)
    issue: int = Field(foreign_key="issue.number", index=True)
    direction: str
    author: str | None
    text: str
    at: datetime
    occurred_at: datetime | None


class IncidentRow(SQLModel, table=True):
    """Many issues with one cause. `due_at` is when something is to be done for it.

    `rule` is the title of the rule that opened it, empty when people did. `resolves`
    says that its issues are still to be ended with it. `told_at` is when its owner last
    heard of more.
    """

    __tablename__ = "incident"
    __table_args__ = (
        _where("ix_incident_due", "due_at", condition="due_at IS NOT NULL"),
        _where(
            "uq_incident_open_rule",
            "rule",
            condition="rule <> '' AND closed_at IS NULL",
            unique=True,
        ),
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
        _where(
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
        _where("ix_incident_suggestion_open", "id", condition="decided_at IS NULL"),
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
    texts: dict[str, str] = Field(sa_column=_json())
    written_at: datetime


class IncidentLetterRow(SQLModel, table=True):
    """One customer's copy of an update: on which issue, and since when it is there.

    `message` is None while it waits to be written, and stays so when `failed` says why
    it could not be.
    """

    __tablename__ = "incident_letter"
    __table_args__ = (
        _where("ix_incident_letter_waits", "update_id", condition="written_at IS NULL"),
    )
    update_id: int = Field(primary_key=True, foreign_key="incident_update.id")
    customer: int = Field(primary_key=True, foreign_key="customer.id")
    issue: int = Field(foreign_key="issue.number")
    language: str
    message: int | None = Field(foreign_key="message.id")
    written_at: datetime | None
    failed: str


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


class PageRow(SQLModel, table=True):
    """The outbox: one message to one person by one contact method.

    `ladder_at` is when its step was to be climbed by the ladder alone. `called_off`
    marks one that was in a sender's hands when nobody needed it any more.
    """

    __tablename__ = "page"
    __table_args__ = (
        _where(
            "ix_page_due",
            "priority",
            "due_at",
            condition=PLANNED,
        ),
        _where("ix_page_lease", "lease_until", condition="state = 'sending'"),
        Index("ix_page_address", "address", "sent_at"),
        Index("ix_page_sequence", "sequence"),
    )
    id: str = Field(primary_key=True)
    kind: Kind = Field(sa_column=_values(Kind))
    person: str
    via: Via = Field(sa_column=_values(Via, closed=False))
    address: str
    state: PageState = Field(sa_column=_values(PageState))
    issue: int | None = Field(foreign_key="issue.number", index=True)
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
    lease_until: datetime | None
    epoch: int
    attempts: int
    in_doubt: bool
    bundle: list[int] = Field(sa_column=_json())
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
    state: PageState = Field(sa_column=_values(PageState))
    detail: str


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


class DeliveryRow(SQLModel, table=True):
    """What a provider delivered to us, once, and what we answered to it."""

    __tablename__ = "delivery"
    channel: str = Field(primary_key=True)
    delivery_id: str = Field(primary_key=True)
    received_at: datetime
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
        _where(
            "uq_intake_delivery_first",
            "source",
            "delivery_id",
            "slot",
            condition="duplicate_of IS NULL",
            unique=True,
        ),
        _where("ix_intake_delivery_due", "due_at", condition="due_at IS NOT NULL"),
        _where("ix_intake_delivery_ask", "ask_at", condition="ask_at IS NOT NULL"),
    )
    id: int | None = Field(default=None, primary_key=True)
    source: str
    kind: str
    delivery_id: str
    slot: str
    duplicate_of: int | None = Field(foreign_key="intake_delivery.id", index=True)
    method: str
    url: str
    query: dict[str, str] = Field(sa_column=_json())
    headers: dict[str, str] = Field(sa_column=_json())
    body: bytes
    received_at: datetime = Field(index=True)
    due_at: datetime | None
    attempts: int
    read_at: datetime | None
    verdict: str
    outcomes: list[dict[str, Any]] = Field(sa_column=_json())
    detail: str
    ask_at: datetime | None
    asked: dict[str, Any] | None = Field(sa_column=_json_or_nothing())


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

    `said_at` is when the customer last said something there.
    """

    __tablename__ = "conversation"
    source: str = Field(primary_key=True)
    conversation: str = Field(primary_key=True)
    address: str
    said_at: datetime


class SentAnswerRow(SQLModel, table=True):
    """The page of the outbox that carries an answer to a customer."""

    __tablename__ = "sent_answer"
    message: int = Field(primary_key=True, foreign_key="message.id")
    page: str = Field(foreign_key="page.id", unique=True)
    issue: int = Field(foreign_key="issue.number", index=True)


class IdempotencyRow(SQLModel, table=True):
    """A write's key and the answer it got."""

    __tablename__ = "idempotency"
    key: str = Field(primary_key=True)
    fingerprint: str
    status: int
    body: dict[str, Any] = Field(sa_column=_json())
    created_at: datetime


class MethodRow(SQLModel, table=True):
    """What is known of a contact method: proven by a delivery, or broken for good."""

    __tablename__ = "method"
    person: str = Field(primary_key=True)
    via: Via = Field(
        sa_column=Column("via", _values(Via, closed=False).type, primary_key=True)
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


class OverrideRow(SQLModel, table=True):
    """A dated exception to a rotation; `ended_at` when it was taken back."""

    __tablename__ = "override"
    id: str = Field(primary_key=True)
    rotation: str
    start_at: datetime
    end_at: datetime = Field(index=True)
    person: str | None
    instead_of: str | None
    adds: bool
    remove: str | None
    reason: str
    created_at: datetime
    ended_at: datetime | None


class SwapRow(SQLModel, table=True):
    """Two people exchange shifts; `accepted_at` makes it effective."""

    __tablename__ = "swap"
    id: str = Field(primary_key=True)
    rotation: str
    person: str
    with_person: str
    start_at: datetime
    end_at: datetime = Field(index=True)
    back_start_at: datetime | None
    back_end_at: datetime | None
    reason: str
    created_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None


class AbsenceRow(SQLModel, table=True):
    """A person is away."""

    __tablename__ = "absence"
    id: str = Field(primary_key=True)
    person: str
    start_at: datetime
    end_at: datetime = Field(index=True)
    reason: str
    created_at: datetime
    ended_at: datetime | None


class AbsenceCalendarRow(SQLModel, table=True):
    """How reading a person's calendar of absences goes; `failed` is why it did not.

    `place` is a digest of where it is read: a new place is tried at once.
    """

    __tablename__ = "absence_calendar"
    person: str = Field(primary_key=True)
    place: str
    since: datetime
    tried_at: datetime
    read_at: datetime | None
    failed: str


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


class RevisionRow(SQLModel, table=True):
    """A rotation's definition and when it is valid from; none when it was removed."""

    __tablename__ = "revision"
    rotation: str = Field(primary_key=True)
    valid_from: datetime = Field(primary_key=True)
    definition: dict[str, Any] = Field(sa_column=_json())
    loaded_at: datetime


class FeedRow(SQLModel, table=True):
    """A calendar link; only the token's hash is kept."""

    __tablename__ = "feed"
    id: str = Field(primary_key=True)
    token_hash: str = Field(unique=True)
    kind: str
    person: str | None
    rotation: str | None
    created_at: datetime
    revoked_at: datetime | None
    fetched_at: datetime | None
    fetched_by: str


class SlotRow(SQLModel, table=True):
    """A shift as calendars last saw it: what SEQUENCE and tombstones are made from."""

    __tablename__ = "slot"
    uid: str = Field(primary_key=True)
    rotation: str = Field(index=True)
    person: str = Field(index=True)
    start_at: datetime
    end_at: datetime = Field(index=True)
    because: str
    title: str
    name: str
    before: str
    after: str
    call: str
    sequence: int
    revised_at: datetime
    cancelled_at: datetime | None


class AnnouncementRow(SQLModel, table=True):
    """What people were told of their shifts: each thing once, on whichever node."""

    __tablename__ = "announcement"
    key: str = Field(primary_key=True)
    at: datetime


class VersionRow(SQLModel, table=True):
    """Counters that tell a process when what it remembers is old."""

    __tablename__ = "version"
    name: str = Field(primary_key=True)
    value: int


class NodeRow(SQLModel, table=True):
    """A process that runs the service, and when it was last alive.

    `knows` is the newest revision of the tables that its release knows.
    """

    __tablename__ = "node"
    id: str = Field(primary_key=True)
    started_at: datetime
    ticked_at: datetime
    release: str
    knows: int | None = None


class FormatRow(SQLModel, table=True):
    """The form that a part of the store has, and the oldest that may still write it.

    `release` is the program that brought it.
    """

    __tablename__ = "store_format"
    part: str = Field(primary_key=True)
    version: int
    oldest: int
    release: str
