"""Calendar links, and the shifts as calendars last saw them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, insert, or_, select, union, update

from oncall.store.prepared import Row
from oncall.store.tables import FeedRow, SlotRow, table
from oncall.store.tx import Tx

FEED = table(FeedRow)
SLOT = table(SlotRow)
NOBODY = ""
"""The person of a gap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A calendar link. `kind` is mine, rotation, team or gaps.

    `revoked_at` is in the future for a link that was replaced and still works a while.
    """

    id: str
    kind: str
    person: str | None
    rotation: str | None
    created_at: datetime
    fetched_at: datetime | None = None
    fetched_by: str = ""
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A shift as last published; `cancelled_at` when it was taken away.

    `title` and `name` are the rotation's and the person's, `before` and `after` who
    hands over and takes over, `call` whom to call: all as people read them. A gap's
    `person` is NOBODY. `slot` is the same for all pieces into which exceptions cut a
    slot; None for what an older release published.
    """

    uid: str
    rotation: str
    person: str
    start_at: datetime
    end_at: datetime
    because: str
    title: str
    name: str
    revised_at: datetime
    before: str = ""
    after: str = ""
    call: str = ""
    sequence: int = 0
    cancelled_at: datetime | None = None
    slot: str | None = None


def add_feed(tx: Tx, feed: Feed, token_hash: str) -> None:
    """Keep a link."""
    row = {name: getattr(feed, name) for name in Feed.__slots__}
    tx.run(insert(FEED), row | {"token_hash": token_hash})


def feed_by_token(tx: Tx, token_hash: str, now: datetime) -> Feed | None:
    """Return the link with this token unless it has ended."""
    statement = select(FEED).where(FEED.c.token_hash == token_hash, _in_force(now))
    row = tx.first(statement)
    return None if row is None else _feed(row)


def feed_by_id(tx: Tx, feed: str, now: datetime) -> Feed | None:
    """Return the link with this id unless it has ended."""
    row = tx.first(select(FEED).where(FEED.c.id == feed, _in_force(now)))
    return None if row is None else _feed(row)


def feeds(tx: Tx, now: datetime) -> list[Feed]:
    """Return all links in force, the oldest first."""
    statement = select(FEED).where(_in_force(now))
    return [_feed(row) for row in tx.all(statement.order_by(FEED.c.created_at))]


def revoke_feed(
    tx: Tx, feed: str, now: datetime, *, at: datetime | None = None
) -> bool:
    """End a link, now or at a later instant; False when there is none."""
    statement = update(FEED).where(FEED.c.id == feed, _in_force(now))
    return tx.run(statement.values(revoked_at=at or now)).rowcount == 1


def _in_force(now: datetime) -> ColumnElement[bool]:
    return or_(FEED.c.revoked_at.is_(None), FEED.c.revoked_at > now)


def note_fetch(tx: Tx, feed: str, now: datetime, program: str) -> None:
    """Remember when and by what program a link was last fetched."""
    statement = update(FEED).where(FEED.c.id == feed)
    tx.run(statement.values(fetched_at=now, fetched_by=program[:200]))


def slots(
    tx: Tx, rotation: str, start: datetime, end: datetime, *, cancelled_since: datetime
) -> list[Slot]:
    """Return a rotation's published slots that touch `[start, end)`.

    And those that were taken away since, wherever they were.
    """
    # One look for each of the two: with OR, or where none was taken away, all slots that
    # ever were would be looked at.
    ours = SLOT.c.rotation == rotation
    found = union(
        select(SLOT).where(ours, SLOT.c.end_at > start, SLOT.c.start_at < end),
        select(SLOT).where(ours, SLOT.c.cancelled_at > cancelled_since),
    ).subquery()
    return [
        slot
        for slot in _slots(tx, select(found), found.c)
        if slot.cancelled_at is None or slot.cancelled_at > cancelled_since
    ]


def slots_by_uid(tx: Tx, uids: Collection[str]) -> list[Slot]:
    """Return published slots by their UIDs, whenever they were."""
    if not uids:
        return []
    return _slots(tx, select(SLOT).where(SLOT.c.uid.in_(uids)), SLOT.c)


def _slots(tx: Tx, statement: Select[Any], by: Any) -> list[Slot]:  # noqa: ANN401 (columns)
    rows = tx.all(statement.order_by(by.start_at, by.uid))
    return [Slot(**{name: row[name] for name in Slot.__slots__}) for row in rows]


def add_slots(tx: Tx, slots: Iterable[Slot]) -> None:
    """Publish slots for the first time; one that another node was quicker with stays."""
    if rows := [_columns(slot) for slot in slots]:
        tx.insert_all_new(SLOT, rows)


def revise_slots(tx: Tx, slots: Iterable[Slot]) -> None:
    """Publish slots anew, over what was there."""
    for slot in slots:
        tx.run(update(SLOT).where(SLOT.c.uid == slot.uid).values(**_columns(slot)))


def _columns(slot: Slot) -> dict[str, object]:
    return {name: getattr(slot, name) for name in Slot.__slots__}


def _feed(row: Row) -> Feed:
    return Feed(**{name: row[name] for name in Feed.__slots__})
