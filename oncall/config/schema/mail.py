"""Letters as a source: `kind` imap, lmtp or smtp in `[integrations.intake.NAME]`."""

import re
from collections.abc import Iterable
from enum import StrEnum
from ipaddress import ip_address
from typing import Annotated, NamedTuple

from pydantic import Field, PlainValidator
from typing_extensions import override

from oncall.config import fields
from oncall.config.findings import Fault, Unfit
from oncall.config.schema.integrations import IntakeKind, IntakeTable, SourceTable
from oncall.config.schema.table import Hidden, Some, Text

SEEN = "seen"
_PLACE = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\[\]:\s]+)):(\d{1,5})")
_LAST_PORT = 65535


class Place(NamedTuple):
    """Where to listen. Port 0 is any that is free."""

    host: str
    port: int


def place(value: object) -> Place:
    """Read `127.0.0.1:8024` or `[::1]:8024`."""
    words = fields.text(value)
    found = _PLACE.fullmatch(words)
    if found is None or int(found[3]) > _LAST_PORT:
        msg = f'"{words}" is not an address to listen at'
        raise Unfit(msg, 'write host and port: "127.0.0.1:8024"')
    return Place(found[1] or found[2], int(found[3]))


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine and can be reached from nowhere else."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _not_here(value: object) -> None:
    del value
    msg = "has no effect: letters are not signed"
    raise Unfit(msg, "take it out; only webhooks have a secret")


class ImapSecurity(StrEnum):
    """How the way to a mailbox is kept private."""

    TLS = "tls"
    NONE = "none"


class MailTable(SourceTable):
    """What all kinds of mail have in common. `largest_mb` is in MiB."""

    largest_mb: int = Field(default=25, ge=1, le=100)
    secret: Annotated[None, PlainValidator(_not_here)] = None


class ImapTable(MailTable):
    """A mailbox that is read."""

    host: Text
    port: int | None = Field(default=None, ge=1, le=65535)
    user: Text
    password: Hidden
    folder: Text = "INBOX"
    security: Annotated[ImapSecurity, PlainValidator(fields.choice(ImapSecurity))] = (
        ImapSecurity.TLS
    )
    done: Text = SEEN

    @override
    def faults(self) -> Iterable[Fault]:
        """Tell of a password that others could read, and of letters going in circles."""
        if self.security is ImapSecurity.NONE and not is_loopback(self.host):
            yield Fault(
                at=("security",),
                message="would show the password to everybody on the way",
                hint='write security = "tls"',
            )
        if self.done == self.folder:
            yield Fault(
                at=("done",),
                message="is the folder that letters are read from",
                hint=f'name another folder, or write done = "{SEEN}"',
            )


class ListenerTable(MailTable):
    """A place where mail servers hand letters over."""

    listen: Annotated[Place, PlainValidator(place)] | None = None
    recipients: Annotated[list[Annotated[str, PlainValidator(fields.email)]], Some]


def source_table(raw: object) -> type[SourceTable]:
    """Return what a table of `[integrations.intake]` is to be read as, by its kind."""
    match raw:
        case {"kind": IntakeKind.IMAP.value}:
            return ImapTable
        case {"kind": IntakeKind.LMTP.value | IntakeKind.SMTP.value}:
            return ListenerTable
        case _:
            return IntakeTable
