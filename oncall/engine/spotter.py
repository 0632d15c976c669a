"""New issues are compared with those that are open: a storm has one cause."""

from datetime import datetime

import structlog

from oncall import metrics
from oncall.actions.alike import Found, Memory, keep, look
from oncall.actions.house import House
from oncall.engine.loop import Did
from oncall.errors import OncallError
from oncall.store import Database, Tx

log = structlog.get_logger()


class Spotter:
    """Looks whenever the loop does, and never on the way of an issue that comes in.

    What cannot be compared keeps nobody from being paged: it is told and tried again.
    """

    name = "spotter"

    def __init__(self, database: Database, house: House) -> None:
        self._database = database
        self._house = house
        self._memory = Memory()

    async def tick(self, now: datetime) -> Did:
        """Look once; the next look is the loop's next, however much there is."""
        try:
            await self._look(now)
        except OncallError:
            raise
        except Exception:
            log.exception("new issues could not be compared", action="spot")
            metrics.TROUBLE.labels("uncompared").inc()
        return Did.NOTHING

    async def next_due(self) -> datetime | None:
        """Return None: it looks when the loop does."""
        return None

    async def _look(self, now: datetime) -> None:
        def reading(tx: Tx) -> Found:
            return look(tx, self._house.view(tx, now), self._memory, now)

        found = await self._database.read(reading)
        if found.new:
            await self._database.write(
                lambda tx: keep(tx, self._house.view(tx, now), found, now)
            )
