"""Which processes run the service, and whether the database can be written."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, select, text, update

from oncall.store.prepared import Prepared
from oncall.store.tables import NodeRow, table
from oncall.store.tx import Tx

NODE = table(NodeRow)
FORGOTTEN = timedelta(days=1)
TICK = Prepared(
    update(NODE).where(NODE.c.id == bindparam("its")).values(ticked_at=bindparam("at"))
)
FORGET = Prepared(delete(NODE).where(NODE.c.ticked_at < bindparam("long_ago")))
ALIVE = Prepared(
    select(NODE.c.id).where(NODE.c.ticked_at >= bindparam("since")).limit(2)
)
LAST_TICK = Prepared(select(func.max(NODE.c.ticked_at).label("ticked_at")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """So many nodes run a release, which `knows` the tables up to a revision."""

    release: str
    knows: int | None
    nodes: int


def ticked(
    tx: Tx, node: str, now: datetime, release: str, *, knows: int | None = None
) -> None:
    """Say that this process is alive; forget those long silent."""
    new = {"started_at": now, "ticked_at": now, "release": release, "knows": knows}
    if not tx.insert_new(NODE, id=node, **new):
        tx.do(TICK, its=node, at=now)
    tx.do(FORGET, long_ago=now - FORGOTTEN)


def last_tick(tx: Tx) -> datetime | None:
    """Return when any process last said it was alive."""
    row = tx.first(LAST_TICK)
    return None if row is None else row["ticked_at"]


def several(tx: Tx, since: datetime) -> bool:
    """Tell whether more than one node was alive since then."""
    return len(tx.all(ALIVE, since=since)) > 1


def running(tx: Tx, since: datetime) -> list[Running]:
    """Return what the nodes run that were alive since then, by release."""
    what = (NODE.c.release, NODE.c.knows)
    statement = (
        select(*what, func.count().label("nodes"))
        .where(NODE.c.ticked_at >= since)
        .group_by(*what)
        .order_by(*what)
    )
    return [Running(**row) for row in tx.all(statement)]


def answers(tx: Tx) -> bool:
    """Tell that the database answers."""
    return tx.run(text("SELECT 1")).scalar() == 1
