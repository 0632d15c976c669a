"""Who has left the file, and since when: exceptions are for them no more."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from oncall.store.tables import DepartureRow, table
from oncall.store.tx import Tx
from oncall.store.versions import touch
from rotations.exception import Departure

DEPARTURE = table(DepartureRow)


def departures(tx: Tx) -> tuple[Departure, ...]:
    """Return who has left, and who came back; a handful over the years."""
    rows = tx.all(select(DEPARTURE).order_by(DEPARTURE.c.left_at, DEPARTURE.c.person))
    return tuple(
        Departure(person=row["person"], start=row["left_at"], **_back(row["back_at"]))
        for row in rows
    )


def note(
    tx: Tx, named: Collection[str], people: Collection[str], now: datetime
) -> tuple[str, ...]:
    """Note who of those `named` by exceptions is not among `people`, and who is again.

    Returns who has left just now.
    """
    gone = {one.person for one in departures(tx) if one.start <= now < one.end}
    left = sorted(set(named) - set(people) - gone)
    back = gone & set(people)
    for person in left:
        tx.insert_new(DEPARTURE, person=person, left_at=now, back_at=None)
    if back:
        here = DEPARTURE.c.person.in_(sorted(back)) & DEPARTURE.c.back_at.is_(None)
        tx.run(update(DEPARTURE).where(here).values(back_at=now))
    if left or back:
        touch(tx, "exceptions")
    return tuple(left)


def _back(at: datetime | None) -> dict[str, Any]:
    return {} if at is None else {"end": at}
