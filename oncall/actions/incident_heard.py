"""News of an incident that was taken on its way: it answers all that its reader has there."""

from datetime import datetime, timedelta

from oncall.actions.heard import heard
from oncall.store import Tx, customers, incident_updates, issues
from oncall.store.prepared import Row

HELD = timedelta(minutes=30)
"""So long the news will do: what a customer writes after it waits that much longer."""


def news_heard(tx: Tx, message: Row, on: int, now: datetime) -> None:
    """Let a message on one issue answer for the others, when it is news of an incident.

    Nothing is done for any other message.
    """
    letter = incident_updates.with_message(tx, message["id"])
    if letter is None:
        return
    group = customers.within(tx, letter.customer)
    for number in incident_updates.numbers_of(tx, letter.incident, group):
        if number != on:
            heard(
                tx,
                number,
                now,
                written_at=message["at"],
                by=message["author"],
                how="incident_update",
                detail=f"with #{on}",
            )
        issues.change(tx, number, reply_held_until=now + HELD)
