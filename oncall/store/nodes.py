"""Which processes run the service, and whether the database can be written."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, text, update

from oncall.store.tables import NodeRow, table
from oncall.store.tx import Tx

NODE = table(NodeRow)
FORGOTTEN = timedelta(days=1)


def ticked(tx: Tx, node: str, now: datetime, release: str) -> None:
    """Say that this process is alive; forget those long silent."""
    if not tx.insert_new(NODE, id=node, started_at=now, ticked_at=now, release=release):
        tx.run(update(NODE).where(NODE.c.id == node).values(ticked_at=now))
    tx.run(delete(NODE).where(NODE.c.ticked_at < now - FORGOTTEN))


def last_tick(tx: Tx) -> datetime | None:
    """Return when any process last said it was alive."""
    row = tx.first(select(NODE.c.ticked_at).order_by(NODE.c.ticked_at.desc()).limit(1))
    return None if row is None else row["ticked_at"]


def answers(tx: Tx) -> bool:
    """Tell that the database answers."""
    return tx.run(text("SELECT 1")).scalar() == 1
