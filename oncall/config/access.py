"""What needs secrets, as values: they are found here."""

from collections.abc import Collection, Mapping
from importlib.util import find_spec

from oncall.config.findings import Findings
from oncall.config.lines import Path
from oncall.config.schema.integrations import (
    AppriseTable,
    EmailTable,
    IntakeTable,
    Security,
    TelegramTable,
    TokenTable,
    TwilioTable,
    Updates,
)
from oncall.config.schema.rotations import AbsenceCalendarTable
from oncall.config.secret import Missing, SecretSource, is_literal
from oncall.config.values import (
    AbsenceCalendar,
    ApiToken,
    Email,
    IntakeSource,
    Secret,
    Telegram,
    Twilio,
)

_MAIL_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}
_SCHEMES = frozenset({"sqlite", "postgresql", "postgresql+psycopg"})


_NOT_THERE = Secret("not there")


class Access:
    """Builds what needs secrets, noting those that are not there or stand in the file.

    With `offline` nobody will be spoken to, and a provider's missing secret is only a
    warning: who is on call can be told without it.
    """

    def __init__(
        self, secrets: SecretSource, findings: Findings, *, offline: bool = False
    ) -> None:
        self._secrets = secrets
        self._findings = findings
        self._offline = offline

    def tokens(self, tables: Mapping[str, TokenTable]) -> tuple[ApiToken, ...]:
        """Return the tokens whose secrets are there. The others are off."""
        tokens: list[ApiToken] = []
        for name, table in tables.items():
            at: Path = ("api", "tokens", name, "secret")
            secret = self._found(table.secret, at)
            if isinstance(secret, Missing):
                message = f"the token is off: {secret.message}"
                self._findings.warning(at, message, secret.hint)
                continue
            self._note_twin(secret, tokens, at)
            tokens.append(ApiToken(name=name, secret=secret, may=frozenset(table.may)))
        return tuple(tokens)

    def twilio(self, table: TwilioTable | None) -> Twilio | None:
        """Return Twilio's account, or None when there is none or it is at fault."""
        if table is None:
            return None
        at = ("integrations", "twilio")
        account = self.needed(table.account_sid, (*at, "account_sid"), public=True)
        token = self.needed(table.auth_token, (*at, "auth_token"))
        if account is None or token is None:
            return None
        return Twilio(
            account_sid=account.reveal(),
            auth_token=token,
            sender=table.sender or "",
            messaging_service=table.messaging_service or "",
            whatsapp_sender=table.whatsapp_from or "",
            api_url=table.api_url,
            per_second=table.per_second,
        )

    def telegram(self, table: TelegramTable | None) -> Telegram | None:
        """Return the bot, or None when there is none or it is at fault."""
        if table is None:
            return None
        token = self.needed(table.token, ("integrations", "telegram", "token"))
        if token is None:
            return None
        return Telegram(
            token=token,
            webhook=table.updates is Updates.WEBHOOK,
            api_url=table.api_url,
            per_second=table.per_second,
            per_chat=table.per_chat,
        )

    def email(self, table: EmailTable | None) -> Email | None:
        """Return the mail server, or None when there is none or it is at fault."""
        if table is None:
            return None
        at = ("integrations", "email", "password")
        password = self.needed(table.password, at) if table.password else Secret("")
        if password is None:
            return None
        return Email(
            host=table.host,
            port=table.port or _MAIL_PORTS[table.security],
            username=table.username or "",
            password=password,
            sender=table.sender,
            security=table.security,
        )

    def apprise(
        self, tables: Mapping[str, AppriseTable], people: Collection[str]
    ) -> dict[str, Secret]:
        """Return everybody's Apprise address; a name that nobody has is an error."""
        found: dict[str, Secret] = {}
        for name, table in tables.items():
            if name not in people:
                self._findings.error(
                    ("integrations", "apprise", name),
                    f"there is no person {name!r}",
                    "name one of [people]",
                )
            url = self.needed(table.url, ("integrations", "apprise", name, "url"))
            if url is not None:
                found[name] = url
        return found

    def intake(self, tables: Mapping[str, IntakeTable]) -> dict[str, IntakeSource]:
        """Return the sources of customers' messages by name."""
        return {name: self._source(name, table) for name, table in tables.items()}

    def _source(self, name: str, table: IntakeTable) -> IntakeSource:
        at: Path = ("integrations", "intake", name)
        secret, token = table.secret, table.api_token
        return IntakeSource(
            name=name,
            kind=str(table.kind),
            secret=secret and self.needed(secret, (*at, "secret")),
            mapping={
                field: each.model_dump(exclude_none=True)
                for field, each in (table.mapping or {}).items()
            },
            api_url=table.api_url or "",
            api_user=table.api_user or "",
            api_token=token and self.needed(token, (*at, "api_token")),
            updates=table.updates or "",
        )

    def absence_calendars(
        self, tables: Mapping[int, AbsenceCalendarTable]
    ) -> tuple[AbsenceCalendar, ...]:
        """Return where people's leave is read; each has one calendar."""
        calendars: dict[str, AbsenceCalendar] = {}
        for index, table in tables.items():
            at: Path = ("absence_calendars", index)
            if table.person in calendars:
                self._findings.error(
                    (*at, "person"),
                    f"has another calendar already: {table.person}",
                    "keep one calendar for each person",
                )
            calendars[table.person] = AbsenceCalendar(
                person=table.person,
                url=table.url and self._web_address(table.url, (*at, "url")),
                file=self._secrets.folder / table.file if table.file else None,
            )
        return tuple(calendars.values())

    def _web_address(self, written: Secret, at: Path) -> Secret | None:
        found = self.needed(written, at)
        if found is None:
            return None
        scheme, _, rest = found.reveal().partition("://")
        if scheme not in ("https", "http", "webcal") or not rest:
            self._findings.error(
                at,
                "is not a web address",
                'it begins with "https://" or "webcal://"',
            )
        # `webcal` only tells a browser what to open it with.
        return Secret(f"https://{rest}") if scheme == "webcal" else found

    def database(self, written: Secret) -> Secret:
        """Return the database's address as an SQLAlchemy URL."""
        at = ("service", "database")
        found = self.needed(written, at, public=not _holds_password(written))
        if found is None:
            return written
        scheme, _, rest = found.reveal().partition("://")
        if scheme == "postgres" and rest:
            return Secret(f"postgresql://{rest}")
        if scheme not in _SCHEMES or not rest:
            self._findings.error(
                at,
                "is neither an SQLite nor a PostgreSQL address",
                "write sqlite:///oncall.db or postgresql://user@host/name",
            )
        return found

    def needed(
        self, written: Secret, at: Path, *, public: bool = False
    ) -> Secret | None:
        """Return a secret without which something cannot be; None notes an error."""
        secret = self._found(written, at, public=public)
        if not isinstance(secret, Missing):
            return secret
        self._lacks(at, secret.message, secret.hint)
        return _NOT_THERE if self._may_lack(at) else None

    def needs_library(self, name: str, extra: str, at: Path) -> None:
        """Note when a library that the source at `at` needs is not installed."""
        if find_spec(name) is None:
            hint = f"pip install 'customer-oncall[{extra}]'"
            self._lacks(at, f"needs the package {name}, which is not installed", hint)

    def _lacks(self, at: Path, message: str, hint: str) -> None:
        note = self._findings.warning if self._may_lack(at) else self._findings.error
        note(at, message, hint)

    def _may_lack(self, at: Path) -> bool:
        return self._offline and at[0] == "integrations"

    def _found(
        self, written: Secret, at: Path, *, public: bool = False
    ) -> Secret | Missing:
        if is_literal(written) and not public:
            self._findings.warning(
                at,
                "the secret itself stands in the file",
                'keep it elsewhere and write "env:NAME" or "file:PATH"',
            )
        return self._secrets.find(written)

    def _note_twin(self, secret: Secret, tokens: list[ApiToken], at: Path) -> None:
        for other in tokens:
            if other.secret == secret:
                self._findings.error(
                    at,
                    f"is the same as that of {other.name}: who asks is not known",
                    "give every token a secret of its own",
                )


def _holds_password(address: Secret) -> bool:
    """Whether `user:password@` or `?password=` stands in a database address."""
    rest = address.reveal().partition("://")[2]
    return ":" in rest.rpartition("@")[0] or "password=" in rest
