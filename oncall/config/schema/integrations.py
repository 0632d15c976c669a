"""`[api]` and `[integrations]`."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainValidator
from typing_extensions import override

from oncall.config import fields, phones
from oncall.config.findings import Fault, Unfit
from oncall.config.schema.table import Address, Hidden, Some, Table, Text
from oncall.model import Scope


class IntakeKind(StrEnum):
    """The products whose webhooks we read; `generic` is a source of one's own.

    Letters come without webhooks, by `imap`, `lmtp` and `smtp`: see `schema/mail`.
    """

    ZENDESK = "zendesk"
    INTERCOM = "intercom"
    CHATWOOT = "chatwoot"
    ZAMMAD = "zammad"
    HELPSCOUT = "helpscout"
    FRONT = "front"
    HUBSPOT = "hubspot"
    FRESHDESK = "freshdesk"
    JIRA = "jira"
    GORGIAS = "gorgias"
    ZOHO = "zoho"
    MAILGUN = "mailgun"
    SENDGRID = "sendgrid"
    WHATSAPP = "whatsapp"
    INSTAGRAM = "instagram"
    TELEGRAM = "telegram"
    GENERIC = "generic"
    IMAP = "imap"
    LMTP = "lmtp"
    SMTP = "smtp"


class Updates(StrEnum):
    """How Telegram's updates come: fetched by us, or pushed to us."""

    POLLING = "polling"
    WEBHOOK = "webhook"


class Security(StrEnum):
    """How the way to a mail server is kept private."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class TokenTable(Table):
    """One of `[api.tokens]`."""

    secret: Hidden
    may: Annotated[list[Annotated[Scope, PlainValidator(fields.choice(Scope))]], Some]


Rate = Annotated[float, Field(gt=0, le=10_000)]
"""Messages a second."""


class TwilioTable(Table):
    """`[integrations.twilio]`."""

    account_sid: Hidden
    auth_token: Hidden
    sender: Annotated[str, PlainValidator(phones.sender)] | None = Field(
        default=None, alias="from"
    )
    messaging_service: Text | None = None
    whatsapp_from: Annotated[str, PlainValidator(phones.phone)] | None = None
    per_second: Rate | None = None
    api_url: Address = "https://api.twilio.com"

    @override
    def faults(self) -> Iterable[Fault]:
        """Tell when messages do not come from exactly one place."""
        if self.sender is None and self.messaging_service is None:
            yield Fault(
                message="says not what messages come from",
                hint='add from = "+15550100" or messaging_service = "MG…"',
            )
        if self.sender and self.messaging_service:
            yield Fault(
                at=("messaging_service",),
                message="stands beside from: only one of them can be the sender",
                hint="keep one of from and messaging_service",
            )


class EmailTable(Table):
    """`[integrations.email]`: a mail server that takes our messages."""

    host: Text
    port: int | None = Field(default=None, ge=1, le=65535)
    username: Text | None = None
    password: Hidden | None = None
    sender: Annotated[str, PlainValidator(fields.email)] = Field(alias="from")
    security: Annotated[Security, PlainValidator(fields.choice(Security))] = (
        Security.STARTTLS
    )

    @override
    def faults(self) -> Iterable[Fault]:
        """Tell of half a login, and of a password that all would read on its way."""
        if (self.username is None) != (self.password is None):
            missing = "password" if self.password is None else "username"
            yield Fault(
                message=f"has half a login: there is no {missing}",
                hint="give both username and password, or neither",
            )
        if self.password is not None and self.security is Security.NONE:
            yield Fault(
                at=("security",),
                message="would show the password to everybody on the way",
                hint='write security = "starttls" or "tls"',
            )


class TelegramTable(Table):
    """`[integrations.telegram]`."""

    token: Hidden
    updates: Annotated[Updates, PlainValidator(fields.choice(Updates))] = (
        Updates.POLLING
    )
    per_second: Rate = 30
    per_chat: Rate = 1
    api_url: Address = "https://api.telegram.org"


class AppriseTable(Table):
    """One of `[integrations.apprise]`, by person: where apprise reaches them."""

    url: Hidden


class ConsoleTable(Table):
    """`[integrations.console]`: pages go to the console and the phone simulator."""

    enabled: bool


_HINT = 'add secret = "env:NAME", as it stands in the product\'s webhook'
_HINT_FOR_BOT = 'add secret, or the bot\'s token: api_token = "env:NAME"'


def _as_table(value: object) -> object:
    """Let a path alone stand for a table with nothing but a path."""
    if isinstance(value, str):
        return {"path": value}
    if isinstance(value, dict) and not {"path", "default"} & value.keys():
        msg = "has neither a path nor a default"
        raise Unfit(msg, 'a name with a dot stands in quotes: "customer.phone" = "…"')
    return value


class FieldTable(Table):
    """Where a generic source keeps one canonical field."""

    path: Text | None = None
    map: dict[str, str] | None = None
    default: str | None = None
    region: Annotated[str, PlainValidator(fields.country)] | None = None


class SourceTable(Table):
    """`[integrations.intake.NAME]`, whatever its kind."""

    kind: Annotated[IntakeKind, PlainValidator(fields.choice(IntakeKind))]


class IntakeTable(SourceTable):
    """A source that calls `POST /intake/NAME`.

    `api_url`, `api_user` and `api_token` are how we call it. `updates` is for Telegram:
    unsaid, its webhook is set by somebody else.
    """

    secret: Hidden | None = None
    mapping: dict[str, Annotated[FieldTable, BeforeValidator(_as_table)]] | None = None
    api_url: Address | None = None
    api_user: Text | None = None
    api_token: Hidden | None = None
    updates: Annotated[Updates, PlainValidator(fields.choice(Updates))] | None = None

    @override
    def faults(self) -> Iterable[Fault]:
        """Tell of keys that other kinds have, and of those that are missing."""
        yield from self._mapping_faults()
        is_bot = self.kind is IntakeKind.TELEGRAM
        if self.secret is None and not (is_bot and self.api_token):
            yield Fault(
                at=("secret",),
                message="is missing",
                hint=_HINT_FOR_BOT if is_bot else _HINT,
            )
        if self.updates and not is_bot:
            yield Fault(
                at=("updates",),
                message=f"has no effect: {self.kind} calls by itself",
                hint="take it out",
            )
        elif self.updates and self.api_token is None:
            yield Fault(
                at=("updates",),
                message="needs the bot's token",
                hint='add api_token = "env:CUSTOMERS_BOT_TOKEN"',
            )

    def _mapping_faults(self) -> Iterable[Fault]:
        """Tell when a known product, read by its own module, has a mapping."""
        if self.mapping and self.kind is not IntakeKind.GENERIC:
            yield Fault(
                at=("mapping",),
                message=f"has no effect: {self.kind} is read by its own rules",
                hint='take it out, or write kind = "generic"',
            )
