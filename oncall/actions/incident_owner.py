"""An incident's owner hears how it grows: a few times, not once for each issue."""

from datetime import datetime, timedelta

from oncall import wording
from oncall.actions import outbox
from oncall.actions.house import View
from oncall.actions.words import RICH
from oncall.model import Incident, Kind, Via
from oncall.store import Tx, incidents

APART = timedelta(minutes=5)
"""Between two notices."""


def tell_owner(
    tx: Tx, view: View, incident: Incident, now: datetime
) -> datetime | None:
    """Tell the owner of what others have joined; return when to look again, if ever."""
    owner = view.config.people.get(incident.owner or "")
    if owner is None or incident.closed_at is not None:
        return None
    since = incident.told_at
    more = incidents.joined_since(tx, incident.id, since, but_by=owner.id)
    if not more:
        return None
    if since is not None and now < since + APART:
        return since + APART

    def text(via: Via) -> str:
        return wording.incident_grew(
            owner.language,
            incident=incident.id,
            title=incident.title,
            more=more,
            count=incident.issues,
            rich=via in RICH,
        )

    outbox.tell(
        tx,
        view,
        owner.id,
        now,
        kind=Kind.NOTICE,
        issue=None,
        reason="incident_grew",
        texts=text,
    )
    incidents.change(tx, incident.id, told_at=now)
    return None
