"""What rotations were defined as, and from when: the past is answered by it."""

from datetime import UTC, datetime

from sqlalchemy import delete, insert, select

from oncall.store.tables import RevisionRow, table
from oncall.store.tx import Tx
from oncall.store.versions import touch
from rotations.frozen import rotation_from_json, rotation_to_json
from rotations.revision import BEGINNING, Chronicle, Revision

REVISION = table(RevisionRow)
SINCE_EVER = datetime(1970, 1, 1, tzinfo=UTC)
"""How the beginning of time is stored: no database reads back the year 1 in all zones."""


def history(tx: Tx) -> Chronicle:
    """Return every rotation's revisions, the earliest first."""
    found: dict[str, list[Revision]] = {}
    statement = select(REVISION).order_by(REVISION.c.rotation, REVISION.c.valid_from)
    for row in tx.all(statement):
        frozen = row["definition"]
        revision = Revision(
            rotation=rotation_from_json(frozen) if frozen else None,
            valid_from=_from_ever(row["valid_from"]),
        )
        found.setdefault(row["rotation"], []).append(revision)
    return Chronicle(revisions={name: tuple(each) for name, each in found.items()})


def _from_ever(valid_from: datetime) -> datetime:
    return BEGINNING if valid_from == SINCE_EVER else valid_from


def keep(tx: Tx, before: Chronicle, after: Chronicle, now: datetime) -> None:
    """Write what is different after a configuration was loaded."""
    for rotation, revisions in after.revisions.items():
        known = before.revisions.get(rotation, ())
        if revisions == known:
            continue
        tx.run(delete(REVISION).where(REVISION.c.rotation == rotation))
        tx.run(insert(REVISION), [_row(rotation, each, now) for each in revisions])
        touch(tx, "definitions")


def _row(rotation: str, revision: Revision, now: datetime) -> dict[str, object]:
    definition = revision.rotation
    return {
        "rotation": rotation,
        "valid_from": max(revision.valid_from, SINCE_EVER),
        "definition": rotation_to_json(definition) if definition else {},
        "loaded_at": now,
    }
