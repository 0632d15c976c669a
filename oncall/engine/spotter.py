"""New issues are compared with those that are open: a storm has one cause."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from oncall import metrics
from oncall.actions.alike import Look, Memory, compare, keep, look
from oncall.actions.house import House, View
from oncall.clock import SystemClock
from oncall.engine.loop import Did
from oncall.errors import OncallError
from oncall.store import Database, Tx

log = structlog.get_logger()

TOGETHER = 10
"""So few are compared and written down at a time: others write in between."""
PAUSE = timedelta(milliseconds=150)


@dataclass(frozen=True, slots=True)
class Round:
    """A look that is not through yet, with what was in force when it began."""

    look: Look
    view: View
    left: tuple[int, ...]


class Spotter:
    """Looks whenever the loop does, and never on the way of an issue that comes in.

    What cannot be compared keeps nobody from being paged: it is told and tried again.
    """

    name = "spotter"

    def __init__(self, database: Database, house: House) -> None:
        self._database = database
        self._house = house
        self._memory = Memory()
        self._round: Round | None = None

    async def tick(self, now: datetime) -> Did:
        """Look, or go on with a look, a few at a time."""
        try:
            if self._round is None:
                self._round = await self._begun(now)
            else:
                await SystemClock().sleep(PAUSE)
            if self._round is not None:
                self._round = await self._gone_on(self._round, now)
        except OncallError:
            self._round = None
            raise
        except Exception:
            self._round = None
            log.exception("new issues could not be compared", action="spot")
            metrics.TROUBLE.labels("uncompared").inc()
        return Did.NOTHING if self._round is None else Did.SOME

    async def next_due(self) -> datetime | None:
        """Return None: it looks when the loop does."""
        return None

    async def _begun(self, now: datetime) -> Round | None:
        def reading(tx: Tx) -> Round | None:
            view = self._house.view(tx, now)
            found = look(tx, view, self._memory, now)
            return None if found is None else Round(found, view, found.new)

        return await self._database.read(reading)

    async def _gone_on(self, going: Round, now: datetime) -> Round | None:
        some, left = going.left[:TOGETHER], going.left[TOGETHER:]
        found = await asyncio.to_thread(compare, going.view, going.look, some)

        def writing(tx: Tx) -> None:
            keep(tx, self._house.view(tx, now), going.look, found, now)

        if found:
            await self._database.write(writing)
        return replace(going, left=left) if left else None
