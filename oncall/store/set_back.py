"""What a clock that was ahead has put far off, brought near when the clock is set right.

Due times are instants, so a clock that is set back by an hour puts all of them off by
an hour. Nothing then has to wait longer than it would have had to from now: a level its
own wait, a step of a ladder its own span, a retry the longest retry, a lease a lease.
Doing it again changes nothing, so each node may do it for itself.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, text, update

from oncall.model import Status
from oncall.store.due import Due
from oncall.store.incidents import INCIDENT
from oncall.store.intake import DELIVERY
from oncall.store.issues import ISSUE
from oncall.store.nodes import NODE, last_tick
from oncall.store.pages import PAGE
from oncall.store.prepared import Row
from oncall.store.tables import PLANNED, SENDING
from oncall.store.tx import Tx

TOLERATED = timedelta(seconds=5)
"""Nodes' clocks differ by so much without anything being wrong."""
LONGEST_RETRY = timedelta(minutes=2)
FAR = select(
    PAGE.c.id,
    PAGE.c.due_at,
    PAGE.c.ladder_at,
    PAGE.c.created_at,
    PAGE.c.attempts,
).where(text(PLANNED), PAGE.c.due_at > bindparam("now"))


def set_back_by(tx: Tx, now: datetime) -> timedelta:
    """Return how far the clock is behind the latest sign of life; zero when it is not.

    The signs are in the database, so a clock that was set while no node ran is noticed.
    """
    last = last_tick(tx)
    behind = timedelta(0) if last is None else last - now
    return behind if behind > TOLERATED else timedelta(0)


def bring_near(tx: Tx, now: datetime, *, lease: timedelta) -> None:
    """Have all but pages and leases looked at now; those wait as they may."""
    unanswered = (ISSUE.c.status == Status.OPEN, ISSUE.c.due_at > now)
    tx.run(update(ISSUE).where(*unanswered).values(due_at=now))
    _bring_pages(tx, tx.all(FAR, now=now), now)
    held = (text(SENDING), PAGE.c.lease_until > now + lease)
    tx.run(update(PAGE).where(*held).values(lease_until=now + lease))
    unread = update(DELIVERY).where(DELIVERY.c.due_at > now)
    tx.run(unread.values(due_at=now))
    unasked = update(DELIVERY).where(DELIVERY.c.ask_at > now)
    tx.run(unasked.values(ask_at=now))
    tx.run(update(INCIDENT).where(INCIDENT.c.due_at > now).values(due_at=now))
    tx.run(update(NODE).where(NODE.c.ticked_at > now).values(ticked_at=now))
    tx.wake(Due.ISSUE, now)
    tx.wake(Due.PAGE, now)
    tx.wake(Due.DELIVERY, now)
    tx.wake(Due.QUESTION, now)
    tx.wake(Due.INCIDENT, now)


def _bring_pages(tx: Tx, far: Iterable[Row], now: datetime) -> None:
    for page in far:
        latest = now + _own_wait(page)
        if page["due_at"] > latest:
            mine = update(PAGE).where(PAGE.c.id == page["id"])
            tx.run(mine.values(due_at=latest))


def _own_wait(page: Row) -> timedelta:
    """Return how long a page may have to wait: its step's span, or a retry's."""
    if page["attempts"]:
        return LONGEST_RETRY
    begin: datetime = page["created_at"]
    return timedelta(0) if page["ladder_at"] is None else page["ladder_at"] - begin
