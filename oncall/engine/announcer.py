"""People hear of their shifts: a day and an hour before, at the start, and of changes."""

from datetime import datetime, timedelta

from oncall.actions.announce import announce, announce_changes
from oncall.actions.house import House, View
from oncall.engine.loop import Did
from oncall.store import Database, Tx

AT_LEAST_EVERY = timedelta(hours=1)


class Announcer:
    """Looks when a shift's moment has come, and whenever the roster has changed."""

    name = "announcer"

    def __init__(self, database: Database, house: House) -> None:
        self._database = database
        self._house = house
        self._seen: View | None = None
        self._next: datetime | None = None

    async def tick(self, now: datetime) -> Did:
        """Tell what is to be told; nothing is left to do after one tick."""
        view = await self._database.read(lambda tx: self._house.view(tx, now))
        if self._next is not None:  # a clock that was set back must not put it off
            self._next = min(self._next, now + AT_LEAST_EVERY)
        if view is self._seen and self._next is not None and now < self._next:
            return Did.NOTHING
        upcoming, view = await self._database.write(lambda tx: self._announce(tx, now))
        soonest = now + AT_LEAST_EVERY
        self._next = soonest if upcoming is None else min(upcoming, soonest)
        self._seen = view
        return Did.NOTHING

    async def next_due(self) -> datetime | None:
        """Return when there is something to tell next."""
        return self._next

    def _announce(self, tx: Tx, now: datetime) -> tuple[datetime | None, View]:
        """Tell it by what is true now: another node may have told of more meanwhile."""
        view = self._house.view(tx, now)
        told: frozenset[str] = frozenset()
        if view is not self._seen:
            told = announce_changes(tx, view, now).told
        return announce(tx, view, now, told=told), view
