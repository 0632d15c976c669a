"""Marks that tell a process when what it remembers is old.

A mark is drawn, and not counted: what was remembered in a transaction that came to
nothing must not be taken for what the next one writes.
"""

from sqlalchemy import bindparam, select

from oncall.ids import new_id
from oncall.store.due import AT_ONCE, Due
from oncall.store.prepared import Prepared
from oncall.store.tables import VersionRow, table
from oncall.store.tx import Tx

VERSION = table(VersionRow)
ALL = Prepared(select(VERSION))
CHANGE = Prepared(
    VERSION.update()
    .where(VERSION.c.name == bindparam("its_name"))
    .values(value=bindparam("to"))
)
DIGITS = 7
"""Hexadecimal ones: 28 bits, which a column of PostgreSQL's integers holds."""
SPARE_BITS = 32 - 4 * DIGITS


def all_of(tx: Tx) -> dict[str, int]:
    """Return every mark; one small read."""
    known = tx.memo.get(ALL)
    if known is None:
        known = tx.memo[ALL] = {row["name"]: row["value"] for row in tx.all(ALL)}
    return known


def touch(tx: Tx, name: str) -> None:
    """Say that what is marked under `name` has changed."""
    keep(tx, name, int(new_id()[:DIGITS], 16))
    tx.wake(Due.CHANGED, AT_ONCE)
    tx.wake(Due.ISSUE, AT_ONCE)  # whoever is on call now may have to be paged


def keep(tx: Tx, name: str, mark: int) -> None:
    """Keep a mark of one's own under `name`."""
    tx.memo.pop(ALL, None)
    if not tx.insert_new(VERSION, name=name, value=mark):
        tx.do(CHANGE, its_name=name, to=mark)
