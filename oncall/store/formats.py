"""Which form each part of the store has, and who may still write it.

Two releases may work on one database while nodes are restarted one by one. Each release
knows each part up to a form; the database says which form is in force and the oldest
that a program must know to write it. Additive changes leave that as it is, so that the
older release works on; what takes something away raises it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.metadata import version

from sqlalchemy import insert, select, update

from oncall.errors import Refused
from oncall.store.prepared import Prepared
from oncall.store.tables import FormatRow, table
from oncall.store.tx import Tx

FORMAT = table(FormatRow)
ALL = Prepared(select(FORMAT))


class Part(StrEnum):
    """What has a form of its own: the tables, and values that are kept as JSON."""

    TABLES = "tables"
    POLICIES = "policies"
    ROSTERS = "rosters"


@dataclass(frozen=True, slots=True)
class Format:
    """A part's form, counted up, and the oldest that a program must know to write it."""

    version: int
    oldest: int
    release: str = ""


Formats = Mapping[Part, Format]


@cache
def release() -> str:
    """Return this program's release."""
    return version("customer-oncall")


def in_force(tx: Tx) -> dict[Part, Format]:
    """Return the form of each part, of those that this release has heard of."""
    known = {part.value: part for part in Part}
    return {
        known[row["part"]]: Format(row["version"], row["oldest"], row["release"])
        for row in tx.all(ALL)
        if row["part"] in known
    }


def must_be_known(tx: Tx, ours: Formats) -> None:
    """Raise Refused when a newer release wrote what ours would spoil."""
    for part, found in in_force(tx).items():
        if ours[part].version < found.oldest:
            msg = (
                f"release {found.release} has changed the database's {part} so that"
                f" {release()} must not write them any more (they are at"
                f" {found.version}, ours at {ours[part].version}): install"
                f" {found.release} or newer on this node"
            )
            raise Refused(msg)


def bring(tx: Tx, ours: Formats) -> None:
    """Put our forms in force where they are newer; nothing ever goes back."""
    found = in_force(tx)
    for part, our in ours.items():
        before = found.get(part)
        if before is None:
            tx.run(insert(FORMAT), {"part": part.value, **_row(our)})
        elif (our.version, our.oldest) > (before.version, before.oldest):
            oldest = max(our.oldest, before.oldest)
            mine = update(FORMAT).where(FORMAT.c.part == part.value)
            tx.run(mine.values(**_row(Format(our.version, oldest))))


def _row(our: Format) -> dict[str, object]:
    return {"version": our.version, "oldest": our.oldest, "release": release()}
