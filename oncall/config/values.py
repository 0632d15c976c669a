"""The configuration once it is known to be right: typed, resolved, frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path as FilePath
from zoneinfo import ZoneInfo

from typing_extensions import override

from escalation_policies.incident_rule import IncidentRule
from escalation_policies.policy import Policy, Target
from escalation_policies.select import Route, SeverityRule
from oncall.config.lines import Lines, Path, dotted
from oncall.errors import Problem
from oncall.model import Language, Person, Scope
from rotations.coverage import Roster


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret that shows itself only when asked: never by str, repr or traceback."""

    _value: str = field(repr=False)

    def reveal(self) -> str:
        """Return the secret itself; the caller keeps it out of logs."""
        return self._value

    @override
    def __str__(self) -> str:
        return "***"

    @override
    def __repr__(self) -> str:
        return "Secret(***)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """`[service]`. `url` has no trailing slash; `database` is an SQLAlchemy URL.

    `alarm_url` is called when paging is ill, `heartbeat_url` each minute while all is
    well; either may be empty.
    `hosts` are further host names that are answered, in lower case. What an address in
    `proxies` says of who called is believed. `keep` is for how long what has ended is
    kept; None is for ever.
    """

    name: str
    url: str
    zone: ZoneInfo
    language: Language
    database: Secret
    last_resort: tuple[Target, ...]
    alarm_url: str = ""
    heartbeat_url: str = ""
    hosts: frozenset[str] = frozenset()
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    keep: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """One of `[api.tokens]`."""

    name: str
    secret: Secret
    may: frozenset[Scope]


@dataclass(frozen=True, slots=True, kw_only=True)
class Twilio:
    """`[integrations.twilio]`: exactly one of `sender` and `messaging_service`.

    `whatsapp_sender` is a number in E.164, empty without WhatsApp.
    """

    account_sid: str
    auth_token: Secret
    sender: str
    messaging_service: str
    whatsapp_sender: str
    api_url: str
    per_second: float | None = None

    @property
    def caller(self) -> str:
        """The number that calls come from; empty when the sender cannot call."""
        return self.sender if self.sender.startswith("+") else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """`[integrations.email]`. Without a `username` there is no login.

    `security` is `starttls`, `tls` (from the first byte) or `none`.
    """

    host: str
    port: int
    username: str
    password: Secret
    sender: str
    security: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Telegram:
    """`[integrations.telegram]`. `webhook` is true when updates are pushed to us.

    `per_second` and `per_chat` are how many messages Telegram takes a second.
    """

    token: Secret
    webhook: bool
    api_url: str
    per_second: float = 30
    per_chat: float = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeSource:
    """One of `[integrations.intake]`; `mapping` only for kind generic.

    `api_url`, `api_user` and `api_token` are how we call the product, empty or None
    where the file does not say. `secret` may be missing only for a bot with a token.
    `updates` is polling or webhook for a bot that we look after, else empty.
    """

    name: str
    kind: str
    secret: Secret | None
    mapping: Mapping[str, object]
    api_url: str = ""
    api_user: str = ""
    api_token: Secret | None = None
    updates: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A source of kind imap: a folder from which letters are fetched.

    `done` is the folder that taken letters are moved to; empty: they are marked as
    seen. `largest` is in bytes: of a larger letter only so much is fetched.
    """

    name: str
    host: str
    port: int
    user: str
    password: Secret
    folder: str
    tls: bool
    done: str
    largest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MailListener:
    """A source of kind lmtp or smtp: where mail servers hand letters over to us.

    `recipients` are in lower case; letters to others, and those of more than `largest`
    bytes, are refused.
    """

    name: str
    kind: str
    host: str
    port: int
    recipients: frozenset[str]
    largest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceCalendar:
    """One of `[[absence_calendars]]`: exactly one of `url` and `file`.

    The address is often all that keeps the calendar private.
    """

    person: str
    url: Secret | None = None
    file: FilePath | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything the file says. `warnings` are problems that do not stop it.

    `console` is true when pages go to the console and the phone simulator for every
    contact method whose provider is not configured.
    `lines` knows where in the file each path stands.
    `roster` answers who is on call, from the file's rotations, overrides and absences.
    `weekend_of_country` are the days that were taken because the file says none.
    """

    path: str
    service: Service
    people: Mapping[str, Person]
    groups: Mapping[str, tuple[str, ...]]
    roster: Roster
    policies: Mapping[str, Policy]
    routes: tuple[Route, ...]
    severity_rules: tuple[SeverityRule, ...]
    tokens: tuple[ApiToken, ...]
    twilio: Twilio | None
    telegram: Telegram | None
    email: Email | None
    console: bool
    intake: Mapping[str, IntakeSource]
    mailboxes: Mapping[str, Mailbox] = field(default_factory=dict)
    mail_listeners: Mapping[str, MailListener] = field(default_factory=dict)
    absence_calendars: tuple[AbsenceCalendar, ...] = ()
    apprise: Mapping[str, Secret] = field(default_factory=dict)
    incident_rules: tuple[IncidentRule, ...] = ()
    weekend_of_country: str = ""
    warnings: tuple[Problem, ...] = ()
    lines: Lines = field(default_factory=Lines, repr=False, compare=False)

    def warning(self, at: Path, message: str, hint: str = "") -> Problem:
        """Return a warning about what stands at `at` in the file."""
        return Problem(
            level="warning",
            path=dotted(at),
            line=self.lines.of(at),
            message=message,
            hint=hint,
            file=self.path,
        )
