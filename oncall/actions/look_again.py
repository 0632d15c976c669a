"""Look at the issues that wait again once the people of their levels may have changed.

A handoff is known beforehand and is in each issue's timer. An override, a swap, an
absence or a new file is not: then every issue with a timer is brought forward, in
portions, so that thousands that are open delay no page.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from zlib import crc32

from oncall.config.values import Config
from oncall.store import Tx, issues, versions

ROSTER = ("exceptions", "definitions")
"""The marks of what says who is on call; people and groups are in the file."""
LOOKED_AT = "looked_at"
PORTION = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What the issues were looked at under, as `key`, and how far that has come.

    `after` is the timer and number of the last that was brought forward; None when all
    were.
    """

    config: Config
    key: int
    after: tuple[datetime, int] | None = None


def look_again(tx: Tx, config: Config, before: Looked | None, now: datetime) -> Looked:
    """Bring a portion of the issues forward if the people on call may have changed.

    Of several nodes one is enough when the database changed. A new file is each node's
    own: until then it decided by the old one. A node that has just started asks what
    the issues were looked at under last.
    """
    marks = versions.all_of(tx)
    key = _key(config, marks)
    looked = before
    if looked is None or looked.key != key or looked.config is not config:
        reloaded = looked is not None and looked.config is not config
        looked = Looked(config=config, key=key)
        if reloaded or marks.get(LOOKED_AT) != key:
            looked = replace(looked, after=(now, 0))
    if looked.after is None:
        return looked
    brought = issues.bring_forward(tx, looked.after, now, PORTION)
    if brought is None:
        versions.keep(tx, LOOKED_AT, key)
    return replace(looked, after=brought)


def _key(config: Config, marks: dict[str, int]) -> int:
    """Return a number for who may be on call; equal on all nodes for the same."""
    groups = sorted((name, sorted(people)) for name, people in config.groups.items())
    said = ([marks.get(name) for name in ROSTER], groups, sorted(config.people))
    return crc32(repr(said).encode()) >> versions.SPARE_BITS
