"""What falls due in the database, and how nodes tell each other of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum

AT_ONCE = datetime.min.replace(tzinfo=UTC)


class Due(StrEnum):
    """What somebody has to see to at an instant. What `CHANGED` is seen by all."""

    PAGE = "page"
    ISSUE = "issue"
    DELIVERY = "delivery"
    QUESTION = "question"
    INCIDENT = "incident"
    CHANGED = "changed"


Dues = Mapping[Due, datetime]
"""The earliest instant at which there is something of each kind to see to."""


def earliest(*many: Dues) -> dict[Due, datetime]:
    """Return the earliest of each kind."""
    found: dict[Due, datetime] = {}
    for dues in many:
        for due, at in dues.items():
            found[due] = min(at, found.get(due, at))
    return found


def written(node: str, dues: Dues) -> str:
    """Write down for other nodes what `node` knows to be due."""
    return " ".join([node, *(f"{due}@{at.isoformat()}" for due, at in dues.items())])


def read(words: str) -> tuple[str, Dues]:
    """Return who wrote it and what is due: everything, if it cannot be read."""
    node, *told = words.split() or [""]
    try:
        pairs = (each.split("@") for each in told)
        return node, {Due(due): datetime.fromisoformat(at) for due, at in pairs}
    except ValueError:
        return node, dict.fromkeys(Due, AT_ONCE)
