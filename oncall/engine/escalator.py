"""Issues whose time has come: decide, and save what is to be done."""

from datetime import datetime, timedelta

import structlog

from oncall import metrics
from oncall.actions.examine import examine_standing
from oncall.actions.house import House
from oncall.actions.look_again import Looked, look_again
from oncall.engine.alarms import Alarms
from oncall.engine.loop import Did
from oncall.store import Database, Tx, issues
from oncall.store.due import Due
from oncall.store.issues import Standing

log = structlog.get_logger()

BATCH = 20
"""In one transaction: whoever writes meanwhile waits for all of it."""
LOOK_AGAIN = timedelta(minutes=1)


class Escalator:
    """Carries every issue's policy on at its due time."""

    name = "escalator"
    sees_to = Due.ISSUE

    def __init__(self, database: Database, house: House, alarms: Alarms) -> None:
        self._database = database
        self._house = house
        self._alarms = alarms
        self._rang_at: datetime | None = None
        self._looked: Looked | None = None

    async def tick(self, now: datetime) -> Did:
        """Do what is due."""
        did, undecided, self._looked = await self._database.write(
            lambda tx: self._examine_due(tx, now)
        )
        if undecided:
            await self._ring(now)
        return did

    async def _ring(self, now: datetime) -> None:
        """Say it once a minute: each ring may keep the pages waiting for seconds."""
        if self._rang_at is None or abs(now - self._rang_at) >= LOOK_AGAIN:
            self._rang_at = now
            await self._alarms.ring("issues could not be decided", now)

    async def next_due(self) -> datetime | None:
        """Return when the next issue wants looking at."""
        return await self._database.read(issues.next_due)

    def _examine_due(self, tx: Tx, now: datetime) -> tuple[Did, int, Looked]:
        """Return how far it came, how many could not be decided, and what was seen."""
        looked = look_again(tx, self._house.config, self._looked, now)
        due = issues.claim_due(tx, now, BATCH)
        decided = [self._examine(tx, standing, now) for standing in due]
        did = Did.of(len(due), BATCH) if looked.after is None else Did.SOME
        return did, decided.count(False), looked

    def _examine(self, tx: Tx, standing: Standing, now: datetime) -> bool:
        """Let one issue that cannot be decided not keep the others from their pages."""
        number = standing.issue.number
        try:
            with tx.attempt():
                view = self._house.view(tx, now)
                examine_standing(tx, view, standing, now)
        except Exception:
            log.exception(
                "an issue could not be decided; it is tried again",
                action="escalate",
                issue=number,
            )
            metrics.TROUBLE.labels("undecided").inc()
            issues.change(tx, number, due_at=now + LOOK_AGAIN)
            return False
        return True
