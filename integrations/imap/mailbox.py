"""A folder on an IMAP server, over one connection at a time."""

import hashlib
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from imaplib import IMAP4
from urllib.parse import quote

from imap_tools import AND, BaseMailBox, MailBox, MailBoxUnencrypted

from integrations.errors import ChannelError, Rejected, Unavailable
from integrations.imap.failure import told_plainly
from integrations.intake.email.delivery import Brought

PATIENCE_S = 20
"""So long one answer of the server may take."""
LONGEST_IDLE = timedelta(minutes=29)
"""RFC 2177: servers may take somebody who idles longer for gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a mailbox is, and what is done with letters that were taken.

    `done` is the folder they are moved to; empty: they are marked as seen. Of a letter
    of more than `largest` bytes only so much is fetched.
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    tls: bool = True
    done: str = ""
    largest: int = 25 * 1024 * 1024

    @property
    def digest(self) -> str:
        """What tells this place from others, and tells nothing of it."""
        where = f"{self.user}@{self.host}:{self.port}/{self.folder}"
        return hashlib.sha256(where.encode()).hexdigest()[:16]


class ImapMailbox:
    """Finds unread letters and hands them over; they stay unread until put away.

    All methods but `cut` block, and are called by one thread at a time. They raise
    Unavailable when the connection is of no more use, and Rejected when only one
    letter is. Nothing is remembered from one connection to the next: what is unread
    says what is left to do, so letters may get other UIDs in between (UIDVALIDITY).
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._box: BaseMailBox | None = None
        self._cut = threading.Event()

    @property
    def is_open(self) -> bool:
        """Whether there is a connection, as far as is known."""
        return self._box is not None

    def open(self) -> None:
        """Connect, log in and go to the folder."""
        try:
            with told_plainly():
                self._box = self._connected()
                self._enter(self._box)
        except ChannelError:
            self.close()
            raise

    def unread(self, since: date) -> tuple[int, ...]:
        """Return the UIDs of unread letters that came at `since` or later, in order."""
        wanted = AND(seen=False, deleted=False, date_gte=since)
        with told_plainly():
            found = self._open_box.uids(str(wanted), charset=None)
            return tuple(sorted(int(uid) for uid in found))

    def address(self, uid: int) -> str:
        """Return where a letter is, for ever (RFC 5092)."""
        folder = quote(self._place.folder, safe="/")
        where = f"imap://{self._place.host}/{folder}"
        return f"{where};UIDVALIDITY={self._validity}/;UID={uid}"

    def fetch(self, uid: int) -> Brought | None:
        """Return a letter, which stays unread; None when it is gone."""
        parts = f"(BODY.PEEK[]<0.{self._place.largest}>)"
        said = self._ask("FETCH", uid, parts)
        if not said:
            return None
        return Brought(raw=said[0][1], way="imap", place=self.address(uid))

    def put_away(self, uid: int) -> None:
        """Mark a letter as seen, or move it: it is not found again."""
        if not self._place.done:
            self._ask("STORE", uid, "+FLAGS.SILENT", r"(\Seen)")
        elif "MOVE" in self._client.capabilities:
            with told_plainly():
                self._open_box.move(str(uid), self._place.done)
        else:
            self._move_by_hand(uid)

    def wait(self, span: timedelta) -> None:
        """Return when the server has news, and after `span` in any case."""
        span = min(span, LONGEST_IDLE)
        if "IDLE" in self._client.capabilities:
            with told_plainly():
                self._open_box.idle.wait(timeout=span.total_seconds())
        else:
            self._cut.wait(span.total_seconds())

    def cut(self) -> None:
        """Have whatever waits for the server end now. For any thread."""
        self._cut.set()
        if self._box is not None:
            with suppress(OSError):
                self._box.client.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of the connection, politely if it still stands."""
        box, self._box = self._box, None
        if box is not None:
            with suppress(ChannelError), told_plainly():
                box.client.logout()
            with suppress(OSError):
                box.client.shutdown()

    @property
    def _open_box(self) -> BaseMailBox:
        if self._box is None:
            msg = "there is no connection"
            raise Unavailable(msg)
        return self._box

    @property
    def _client(self) -> IMAP4:
        return self._open_box.client

    def _connected(self) -> BaseMailBox:
        host, port = self._place.host, self._place.port
        if not self._place.tls:
            return MailBoxUnencrypted(host, port, timeout=PATIENCE_S)
        # Without a context of ours certificates would not be looked at.
        context = ssl.create_default_context()
        return MailBox(host, port, timeout=PATIENCE_S, ssl_context=context)

    def _enter(self, box: BaseMailBox) -> None:
        self._log_in(box)
        # After the login servers can do more than they say before it.
        _, said = box.client.capability()
        box.client.capabilities = tuple(said[-1].decode().upper().split())
        box.folder.set(self._place.folder)
        _, validity = box.client.response("UIDVALIDITY")
        self._validity = (validity[0] or b"").decode()

    def _log_in(self, box: BaseMailBox) -> None:
        user, password = self._place.user, self._place.password
        plain = (user + password).isascii()
        log_in = box.login if plain else box.login_utf8
        log_in(user, password, initial_folder=None)

    def _move_by_hand(self, uid: int) -> None:
        with told_plainly():
            self._open_box.copy(str(uid), self._place.done)
        self._ask("STORE", uid, "+FLAGS.SILENT", r"(\Seen \Deleted)")
        if "UIDPLUS" in self._client.capabilities:  # else others' letters would go too
            self._ask("EXPUNGE", uid)

    def _ask(self, command: str, uid: int, *arguments: str) -> list[tuple[bytes, ...]]:
        """Return the parts of an answer that carry a literal. Raises Rejected for NO."""
        with told_plainly():
            verdict, said = self._client.uid(command, str(uid), *arguments)
        if verdict != "OK":
            msg = f"the server does not let us {command} a letter"
            raise Rejected(msg, broken=False)
        return [part for part in said if isinstance(part, tuple)]
