"""Letters as a source, as values: the mailboxes we read, and where we listen."""

from collections.abc import Mapping

from oncall.config.access import Access
from oncall.config.findings import Findings
from oncall.config.lines import Path
from oncall.config.schema.integrations import IntakeKind, IntakeTable, SourceTable
from oncall.config.schema.mail import (
    SEEN,
    ImapSecurity,
    ImapTable,
    ListenerTable,
    Place,
    is_loopback,
)
from oncall.config.values import Mailbox, MailListener

EXTRA = "email"
_MIB = 1024 * 1024
_PORTS = {ImapSecurity.TLS: 993, ImapSecurity.NONE: 143}
_PLACES = {
    IntakeKind.LMTP: Place("127.0.0.1", 8024),
    IntakeKind.SMTP: Place("127.0.0.1", 8025),
}


def products(tables: Mapping[str, SourceTable]) -> dict[str, IntakeTable]:
    """Return the sources that call us, by name."""
    return {
        name: table for name, table in tables.items() if isinstance(table, IntakeTable)
    }


def build_mailboxes(
    tables: Mapping[str, SourceTable], access: Access, findings: Findings
) -> dict[str, Mailbox]:
    """Return the mailboxes by name; one that two would read is an error."""
    found: dict[str, Mailbox] = {}
    for name, table in tables.items():
        if not isinstance(table, ImapTable):
            continue
        at: Path = ("integrations", "intake", name)
        access.needs_library("imap_tools", EXTRA, (*at, "kind"))
        password = access.needed(table.password, (*at, "password"))
        if password is None:
            continue
        box = Mailbox(
            name=name,
            host=table.host,
            port=table.port or _PORTS[table.security],
            user=table.user,
            password=password,
            folder=table.folder,
            tls=table.security is ImapSecurity.TLS,
            done="" if table.done == SEEN else table.done,
            largest=table.largest_mb * _MIB,
        )
        _note_same_mailbox(box, found, at, findings)
        found[name] = box
    return found


def build_listeners(
    tables: Mapping[str, SourceTable], access: Access, findings: Findings
) -> dict[str, MailListener]:
    """Return the places where we listen, by name; a place taken twice is an error."""
    found: dict[str, MailListener] = {}
    for name, table in tables.items():
        if not isinstance(table, ListenerTable):
            continue
        at: Path = ("integrations", "intake", name)
        access.needs_library("aiosmtpd", EXTRA, (*at, "kind"))
        place = table.listen or _PLACES[table.kind]
        listener = MailListener(
            name=name,
            kind=table.kind,
            host=place.host,
            port=place.port,
            recipients=frozenset(each.lower() for each in table.recipients),
            largest=table.largest_mb * _MIB,
        )
        _note_same_place(listener, found, at, findings)
        _note_open_place(listener, at, findings)
        found[name] = listener
    return found


def _note_same_mailbox(
    box: Mailbox, others: Mapping[str, Mailbox], at: Path, findings: Findings
) -> None:
    for other in others.values():
        if _mailbox_of(box) == _mailbox_of(other):
            findings.error(
                (*at, "folder"),
                f"is read by {other.name} already",
                "name another folder, or keep one of the two",
            )


def _mailbox_of(box: Mailbox) -> tuple[str, int, str, str]:
    return box.host.lower(), box.port, box.user, box.folder


def _note_same_place(
    listener: MailListener,
    others: Mapping[str, MailListener],
    at: Path,
    findings: Findings,
) -> None:
    for other in others.values():
        if listener.port and (listener.host, listener.port) == (other.host, other.port):
            findings.error(
                (*at, "listen"),
                f"is where {other.name} listens already",
                'give it a port of its own: listen = "127.0.0.1:8026"',
            )


def _note_open_place(listener: MailListener, at: Path, findings: Findings) -> None:
    if not is_loopback(listener.host):
        findings.warning(
            (*at, "listen"),
            "can be reached from other machines, without encryption or a login",
            "listen at 127.0.0.1 behind a mail server, or keep strangers out",
        )
