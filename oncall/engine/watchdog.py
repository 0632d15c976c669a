"""Is all well? Says that this node is alive, and looks for what must never be."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from oncall import metrics
from oncall.actions.house import House
from oncall.clock import Steps
from oncall.engine.alarms import Alarms
from oncall.engine.hand_over import LEASE
from oncall.engine.loop import Did
from oncall.store import Database, Tx, formats, issues, nodes, paged
from oncall.store.due import Due
from oncall.store.formats import Part
from oncall.store.migrate import FORMS
from oncall.store.set_back import bring_near, set_back_by

log = structlog.get_logger()

EVERY = timedelta(seconds=10)
LATE = timedelta(minutes=3)
"""A page that waits so long after its time is not being handed over."""
SEEN_TWICE = 2


@dataclass(frozen=True, slots=True)
class Seen:
    """What the watchdog found: issues without a due time, and how old a page waits."""

    unwatched: list[int]
    waiting_since: datetime | None


class Watchdog:
    """Writes this node's heartbeat and audits the rule that no issue is unwatched."""

    name = "watchdog"

    def __init__(
        self,
        database: Database,
        house: House,
        *,
        node: str,
        release: str,
        alarms: Alarms,
        steps: Steps | None = None,
    ) -> None:
        self._steps = steps
        self._alarms = alarms
        self._database = database
        self._house = house
        self._node = node
        self._release = release
        self._ticked_at: datetime | None = None
        self._late = 0

    async def tick(self, now: datetime) -> Did:
        """Say that this node is alive, and look around.

        Raises Refused, of which the service dies, when a newer release has changed the
        database so that this one would spoil it.
        """
        if self._ticked_at is not None and abs(now - self._ticked_at) < EVERY:
            return Did.NOTHING
        await self._mind_the_clock(now)
        seen = await self._database.write(lambda tx: self._look(tx, now))
        self._ticked_at = now
        late = await self._are_late(seen.waiting_since, now)
        if seen.unwatched:
            metrics.TROUBLE.labels("unwatched").inc(len(seen.unwatched))
            log.error(
                "open issues had nobody to look after them; they are looked at now",
                action="audit",
                issues=seen.unwatched,
            )
            await self._alarms.ring("open issues had no due time", now)
        elif not late:
            await self._alarms.beat(now)
        return Did.ALL

    async def _are_late(self, since: datetime | None, now: datetime) -> bool:
        """Tell whether pages are not handed over; ring once, when it is seen again.

        After a start, or when the clock was set, the first look may come too early.
        """
        self._late = 0 if since is None else self._late + 1
        if since is None or self._late < SEEN_TWICE:
            return False
        if self._late == SEEN_TWICE:
            metrics.TROUBLE.labels("pages_late").inc()
            log.error(
                "pages wait that should be on phones by now",
                action="audit",
                since=since.isoformat(),
            )
            await self._alarms.ring("pages are not handed over", now)
        return True

    async def _mind_the_clock(self, now: datetime) -> None:
        """Notice a clock that was set; after one set back, let nothing wait for it."""
        leap = self._steps.since_last(now) if self._steps else timedelta(0)
        if leap:
            metrics.TROUBLE.labels("clock_set").inc()
            log.warning(
                "this machine's clock was set",
                action="clock",
                seconds=round(leap.total_seconds(), 1),
            )
        back = await self._database.write(lambda tx: self._bring_near(tx, now))
        if back:
            metrics.TROUBLE.labels("clock_set_back").inc()
            log.error(
                "the clock went back; what was due is brought near",
                action="clock",
                seconds=round(back.total_seconds(), 1),
            )
            await self._alarms.ring("the clock went back", now)

    def _bring_near(self, tx: Tx, now: datetime) -> timedelta:
        back = set_back_by(tx, now)
        if back:
            bring_near(tx, now, lease=LEASE)
        return back

    async def next_due(self) -> datetime | None:
        """Return when to look again."""
        return None if self._ticked_at is None else self._ticked_at + EVERY

    def _look(self, tx: Tx, now: datetime) -> Seen:
        formats.must_be_known(tx, FORMS)
        knows = FORMS[Part.TABLES].version
        nodes.ticked(tx, self._node, now, self._release, knows=knows)
        unwatched = issues.unwatched(tx)
        for number in unwatched:
            issues.change(tx, number, due_at=now)
            tx.wake(Due.ISSUE, now)
        since = paged.waiting_since(tx, self._house.vias, now - LATE)
        return Seen(unwatched, since)
