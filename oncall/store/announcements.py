"""What people were told of their shifts: each thing once, on whichever node."""

from datetime import datetime

from sqlalchemy import delete, select

from oncall.store.tables import AnnouncementRow, table
from oncall.store.tx import Tx

ANNOUNCEMENT = table(AnnouncementRow)
FIRST = "first start"


def once(tx: Tx, key: str, now: datetime) -> bool:
    """Claim an announcement; False when it was made before."""
    return tx.insert_new(ANNOUNCEMENT, key=key, at=now)


def beginning(tx: Tx, now: datetime) -> datetime:
    """Return when announcing began on this database: what was before is not told."""
    once(tx, FIRST, now)
    found = tx.first(select(ANNOUNCEMENT.c.at).where(ANNOUNCEMENT.c.key == FIRST))
    return now if found is None else found["at"]


def forget_before(tx: Tx, instant: datetime) -> int:
    """Drop announcements that cannot come again; return how many."""
    old = delete(ANNOUNCEMENT).where(
        ANNOUNCEMENT.c.at < instant, ANNOUNCEMENT.c.key != FIRST
    )
    return tx.run(old).rowcount
