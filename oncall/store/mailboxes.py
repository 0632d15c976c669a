"""The mailboxes we read letters from, and how reading them goes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from oncall.store.tables import MailboxRow, table
from oncall.store.tx import Tx

MAILBOX = table(MailboxRow)
AWAY = timedelta(minutes=5)
"""A mailbox that nobody has looked into for so long is away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """How it goes with a mailbox: when it was first and last looked into.

    `failed` is why the latest try was in vain; empty when it was not.
    """

    source: str
    since: datetime
    looked_at: datetime | None
    failed: str

    def is_away(self, now: datetime) -> bool:
        """Tell whether letters may wait there that we do not know of."""
        return now - (self.looked_at or self.since) > AWAY


def first_seen(tx: Tx, source: str, place: str, now: datetime) -> datetime:
    """Return when we first looked into a mailbox; `now` if it is new, or elsewhere."""
    new = {"place": place, "since": now, "looked_at": None, "failed": ""}
    if not tx.insert_new(MAILBOX, source=source, **new):
        moved = MAILBOX.c.source == source, MAILBOX.c.place != place
        tx.run(update(MAILBOX).where(*moved).values(**new))
    found = tx.first(select(MAILBOX.c.since).where(MAILBOX.c.source == source))
    return now if found is None else found["since"]


def note_looked(tx: Tx, source: str, now: datetime) -> None:
    """Remember that all unread letters were taken."""
    ours = update(MAILBOX).where(MAILBOX.c.source == source)
    tx.run(ours.values(looked_at=now, failed=""))


def note_failed(tx: Tx, source: str, why: str) -> None:
    """Remember that a mailbox could not be read."""
    tx.run(update(MAILBOX).where(MAILBOX.c.source == source).values(failed=why))


def all_of(tx: Tx) -> list[Looking]:
    """Return how it goes with every mailbox we ever read, by source."""
    rows = tx.all(select(MAILBOX).order_by(MAILBOX.c.source))
    return [Looking(**{name: row[name] for name in Looking.__slots__}) for row in rows]
