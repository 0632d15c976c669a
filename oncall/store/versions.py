"""Counters that tell a process when what it remembers is old."""

from sqlalchemy import select, update

from oncall.store.due import AT_ONCE, Due
from oncall.store.prepared import Prepared
from oncall.store.tables import VersionRow, table
from oncall.store.tx import Tx

VERSION = table(VersionRow)
ALL = Prepared(select(VERSION))


def all_of(tx: Tx) -> dict[str, int]:
    """Return every counter; one small read."""
    known = tx.memo.get(ALL)
    if known is None:
        known = tx.memo[ALL] = {row["name"]: row["value"] for row in tx.all(ALL)}
    return known


def touch(tx: Tx, name: str) -> None:
    """Say that what is counted under `name` has changed."""
    tx.memo.pop(ALL, None)
    if not tx.insert_new(VERSION, name=name, value=1):
        more = VERSION.c.value + 1
        tx.run(update(VERSION).where(VERSION.c.name == name).values(value=more))
    tx.wake(Due.CHANGED, AT_ONCE)
