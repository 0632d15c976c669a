"""The words of the product as values. Frozen, typed, UTC; no behaviour with side effects."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from escalation_policies.policy import Severity
from integrations.intake.contract import Attachment


class Language(StrEnum):
    """What people read."""

    ENGLISH = "en"
    PERSIAN = "fa"
    ARABIC = "ar"


class Via(StrEnum):
    """A contact method's kind."""

    TELEGRAM = "telegram"
    SMS = "sms"
    VOICE = "voice"
    WHATSAPP = "whatsapp"
    EMAIL = "email"
    APPRISE = "apprise"
    CONSOLE = "console"
    SOURCE = "source"
    """Back to a customer, through the source that they wrote by. No person has it."""


class Status(StrEnum):
    """Where an issue's life stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Scope(StrEnum):
    """What an API token may do; `admin` may do everything."""

    READ = "read"
    INTAKE = "intake"
    RESPOND = "respond"
    ADMIN = "admin"


class Kind(StrEnum):
    """What a message is for. Only a page wants an acknowledgement.

    A `message` is a person's words to a customer; all others are ours, to a person.
    """

    PAGE = "page"
    BAD_NEWS = "bad_news"
    NOTICE = "notice"
    ANSWER = "answer"
    MESSAGE = "message"


class PageState(StrEnum):
    """Where a page stands; the transitions are in `store/pages.py`."""

    PLANNED = "planned"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"


class Verb(StrEnum):
    """What a person may do with a page; the value is the digit that is sent or pressed."""

    TAKE_ALL = "0"
    TAKE = "1"
    PASS = "2"  # noqa: S105  a verb, not a password
    TOLD = "3"
    SNOOZE = "4"
    RESOLVED = "5"
    HELP = "6"
    LEADERS = "9"


class Outcome(StrEnum):
    """What became of somebody's answer to a page."""

    APPLIED = "applied"
    ALREADY = "already"
    CLOSED = "closed"
    UNKNOWN = "unknown"
    NOT_FOR_YOU = "not_for_you"
    CHOICES = "choices"
    NOTHING_WAITING = "nothing_waiting"
    NOT_UNDERSTOOD = "not_understood"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactStep:
    """One step of a person's ladder: this way, so long after the first."""

    via: Via
    after: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can be paged. `phone` is E.164, `telegram` a user id."""

    id: str
    name: str
    language: Language
    zone: ZoneInfo
    phone: str | None = None
    telegram: int | None = None
    email: str | None = None
    contact: tuple[ContactStep, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Who writes to us, as far as the report says."""

    name: str = ""
    email: str = ""
    phone: str = ""
    handle: str = ""
    tier: str = ""
    language: str = ""

    @property
    def display_name(self) -> str:
        """What people call this customer: the name, else how they reached us."""
        return self.name or self.handle or self.phone or self.email or "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What comes in: a customer's words through some channel.

    `author` is who of ours wrote them down, as after a call; empty for the customer.
    `amount` is what is at stake, in whatever the sender counts. `quoted` are old words
    that the new ones answer: kept to be read, and judged by no rule. `name` is what the
    words' product calls them; empty where it does not.
    """

    source: str
    subject: str
    customer: Customer
    text: str = ""
    external_id: str = ""
    severity: Severity | None = None
    tags: tuple[str, ...] = ()
    link: str = ""
    occurred_at: datetime | None = None
    author: str = ""
    amount: Decimal | None = None
    quoted: str = ""
    attachments: tuple[Attachment, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """The one record of what a customer needs, from first word to closing.

    `confirmed_at` is when somebody last said again that it is in hand.
    `waiting_since` is the customer's oldest message without a human answer.
    `incident` is the one it is joined to; `reply_held_until` is how long the news of it
    that the customer had will do. `unconfirmed` are addresses from which letters joined
    it, and at which its customer is not answered until a person says so.
    """

    number: int
    id: str
    source: str
    external_id: str
    customer: Customer
    subject: str
    severity: Severity
    status: Status
    policy: str
    owner: str | None
    opened_at: datetime
    updated_at: datetime
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    confirmed_at: datetime | None = None
    resolved_at: datetime | None = None
    snoozed_until: datetime | None = None
    asked_at: datetime | None = None
    waiting_since: datetime | None = None
    link: str = ""
    tags: tuple[str, ...] = ()
    helpers: tuple[str, ...] = ()
    incident: int | None = None
    reply_held_until: datetime | None = None
    unconfirmed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Many issues with one cause. People call it by its id and its title.

    `rule` is the title of the rule that opened it, empty when people did. `issues` and
    `customers` count what is joined to it. `resolves` says that its issues are still to
    be ended with it.
    """

    id: int
    title: str
    opened_at: datetime
    opened_by: str | None
    cause: str = ""
    rule: str = ""
    owner: str | None = None
    acknowledged_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    result: str = ""
    resolves: bool = False
    told_at: datetime | None = None
    issues: int = 0
    customers: int = 0

    @property
    def status(self) -> Status:
        """Where it stands: open, acknowledged or resolved."""
        if self.closed_at is not None:
            return Status.RESOLVED
        return Status.OPEN if self.acknowledged_at is None else Status.ACKNOWLEDGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One message to one person through one contact method, as the outbox holds it.

    `sequence` groups the steps of one ladder climbed once; `step` counts in it.
    `due_at` is None for a step that is only wanted when the one before it fails.
    `bundle` holds the issues that one page stands for, when it stands for many.
    `in_doubt` says that an earlier attempt may have been taken by the provider.
    `epoch` grows with each lease, so that a late writer can be told apart.
    `held_until`: a snooze holds it until then. `edits` is the page whose message on the
    phone is changed by this one, where the channel can.
    """

    id: str
    kind: Kind
    person: str
    via: Via
    address: str
    state: PageState
    issue: int | None
    sequence: str
    step: int
    text: str
    due_at: datetime | None
    created_at: datetime
    attempts: int = 0
    epoch: int = 0
    provider_id: str = ""
    detail: str = ""
    sent_at: datetime | None = None
    level: int | None = None
    round: int = 0
    reason: str = ""
    in_doubt: bool = False
    bundle: tuple[int, ...] = ()
    priority: int = 0
    held_until: datetime | None = None
    owner: str | None = None
    edits: str | None = None
