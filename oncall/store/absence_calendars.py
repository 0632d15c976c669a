"""Absences that come from people's calendars, and how reading those goes."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, or_, select, update

from oncall.store.acting import ABSENCE, absence_as_acting
from oncall.store.exceptions import add_absences
from oncall.store.tables import AbsenceCalendarRow, table
from oncall.store.tx import Tx
from oncall.store.versions import touch
from rotations.exception import Absence

CALENDAR = table(AbsenceCalendarRow)
STALE = timedelta(hours=24)


class UnreadEvent(NamedTuple):
    """An event that could not be read: its line, its first words, and why."""

    line: int
    words: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How reading a person's calendar goes: `since` when, when it last went well.

    `failed` is why the latest try did not; empty when it did. `unread` are the events
    that could not be read then.
    """

    person: str
    since: datetime
    read_at: datetime | None
    failed: str
    unread: tuple[UnreadEvent, ...]

    def is_stale(self, now: datetime) -> bool:
        """Tell whether what is known is more than a day old."""
        return now - (self.read_at or self.since) > STALE


def readings(tx: Tx) -> list[Reading]:
    """Return how it goes with each calendar, by person."""
    rows = tx.all(select(CALENDAR).order_by(CALENDAR.c.person))
    return [
        Reading(
            person=row["person"],
            since=row["since"],
            read_at=row["read_at"],
            failed=row["failed"],
            unread=_unread(row["unread"]),
        )
        for row in rows
    ]


def claim(tx: Tx, person: str, place: str, now: datetime, every: timedelta) -> bool:
    """Take a calendar's turn to be read; False when a node had it inside `every`."""
    first = {"since": now, "tried_at": now, "read_at": None, "failed": ""}
    if tx.insert_new(CALENDAR, person=person, place=place, **first):
        return True
    due = or_(
        CALENDAR.c.tried_at <= now - every,
        CALENDAR.c.tried_at > now,  # by a clock that was set back since
        CALENDAR.c.place != place,
    )
    statement = update(CALENDAR).where(CALENDAR.c.person == person, due)
    return tx.run(statement.values(tried_at=now, place=place)).rowcount == 1


def note_failed(tx: Tx, person: str, why: str) -> None:
    """Remember that a calendar could not be read; what is known stays."""
    tx.run(update(CALENDAR).where(CALENDAR.c.person == person).values(failed=why))


def note_unread(tx: Tx, person: str, unread: Sequence[UnreadEvent]) -> bool:
    """Remember what could not be read; tell whether that is others than before."""
    row = tx.first(select(CALENDAR.c.unread).where(CALENDAR.c.person == person))
    if row is None or _unread(row["unread"]) == tuple(unread):
        return False
    kept = [event._asdict() for event in unread] or None
    tx.run(update(CALENDAR).where(CALENDAR.c.person == person).values(unread=kept))
    return True


def take_in(
    tx: Tx,
    person: str,
    prefix: str,
    found: Sequence[Absence],
    now: datetime,
    *,
    unread: Collection[str] = (),
) -> bool:
    """Let a person's absences be those found; tell whether that changes anything.

    What is over stays as it was, and one under way that is gone ends now. Of events
    that could not be read, by UID, what is known stays.
    """
    done = update(CALENDAR).where(CALENDAR.c.person == person)
    tx.run(done.values(read_at=now, failed=""))
    imported = ABSENCE.c.id.startswith(prefix, autoescape=True)
    coming = select(ABSENCE).where(imported, ABSENCE.c.end_at > now)
    known = {
        row["id"]: absence_as_acting(row)
        for row in tx.all(coming)
        if row["id"].removeprefix(prefix).rpartition(":")[0] not in unread
    }
    wanted = {absence.id: absence for absence in found}
    if known == wanted:
        return False
    new = [one for one in found if known.get(one.id) != one]
    _clear(tx, imported & ABSENCE.c.id.in_([one.id for one in new]))
    gone = ABSENCE.c.id.in_(list(known.keys() - wanted.keys()))
    _clear(tx, gone & (ABSENCE.c.start_at >= now))
    tx.run(update(ABSENCE).where(gone).values(end_at=now))
    add_absences(tx, new, now)
    touch(tx, "exceptions")  # also when some are only gone
    return True


def people(tx: Tx) -> list[str]:
    """Return whose calendars were ever read and are not forgotten."""
    return [row["person"] for row in tx.all(select(CALENDAR.c.person))]


def forget(tx: Tx, names: Iterable[str]) -> None:
    """Read these people's calendars no more."""
    tx.run(delete(CALENDAR).where(CALENDAR.c.person.in_(list(names))))


def _unread(kept: list[dict[str, Any]] | None) -> tuple[UnreadEvent, ...]:
    return tuple(UnreadEvent(**event) for event in kept or ())


def _clear(tx: Tx, those: ColumnElement[bool]) -> None:
    tx.run(delete(ABSENCE).where(those))
