"""Incidents for whose issues something is to be done: a slice, and then the next."""

from datetime import datetime, timedelta

import structlog

from oncall import metrics
from oncall.actions.carry_on import carry_on
from oncall.actions.house import House
from oncall.engine.loop import Did
from oncall.model import Incident
from oncall.store import Database, Tx, incidents
from oncall.store.due import Due

log = structlog.get_logger()

LOOK_AGAIN = timedelta(minutes=1)


class Incidents:
    """Carries on with what was decided for many issues at once."""

    name = "incidents"
    sees_to = Due.INCIDENT

    def __init__(self, database: Database, house: House) -> None:
        self._database = database
        self._house = house

    async def tick(self, now: datetime) -> Did:
        """Do one slice for one incident."""
        due = await self.next_due()
        if due is None or now < due:
            return Did.NOTHING
        return await self._database.write(lambda tx: self._carry_on(tx, now))

    async def next_due(self) -> datetime | None:
        """Return when there is something to do for an incident."""
        return await self._database.read(incidents.next_due)

    def _carry_on(self, tx: Tx, now: datetime) -> Did:
        incident = incidents.claim_due(tx, now)
        if incident is not None:
            self._do(tx, incident, now)
        return Did.NOTHING if incident is None else Did.SOME

    def _do(self, tx: Tx, incident: Incident, now: datetime) -> None:
        """Let one incident that cannot be carried on not keep the others waiting."""
        try:
            with tx.attempt():
                carry_on(tx, self._house.view(tx, now), incident, now)
        except Exception:
            log.exception(
                "an incident could not be carried on; it is tried again",
                action="carry_on",
                incident=incident.id,
            )
            metrics.TROUBLE.labels("incident").inc()
            incidents.change(tx, incident.id, due_at=now + LOOK_AGAIN)
