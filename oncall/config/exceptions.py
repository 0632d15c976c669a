"""Overrides and absences of the file as values.

Their ids come from what they say, so that they stay when others are added or moved.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import combinations

from oncall.config.findings import Findings
from oncall.config.home import Home, interval
from oncall.config.lines import Path
from oncall.config.schema.rotations import (
    AbsenceTable,
    OverrideTable,
    RotationTable,
)
from oncall.config.turns import zone_of
from rotations.exception import Absence, Exceptions, Override
from rotations.shift import Interval

Placed = tuple[Path, Interval, str]
"""Where it is written, when it acts, and what it would get in the way of."""


def build_exceptions(
    rotations: Mapping[str, RotationTable],
    absences: Mapping[int, AbsenceTable],
    home: Home,
    findings: Findings,
) -> Exceptions:
    """Return all that is out of turn, in the file's order."""
    overrides = [
        override
        for name, table in rotations.items()
        for override in _overrides(name, table, home, findings)
    ]
    return Exceptions(
        overrides=tuple(overrides),
        absences=tuple(_absences(absences, home, findings)),
    )


def _overrides(
    rotation: str, table: RotationTable, home: Home, findings: Findings
) -> Iterable[Override]:
    placed: list[Placed] = []
    for index, written in enumerate(table.overrides):
        at = ("rotations", rotation, "overrides", index)
        when = interval(written, zone_of(table, home), at, findings)
        if when is not None:
            if written.person and not written.add:
                placed.append((at, when, written.instead_of or ""))
            yield _override(rotation, written, when)
    _note_overlaps(placed, "the later one in the file wins", findings)


def _override(rotation: str, written: OverrideTable, when: Interval) -> Override:
    who = written.person or f"-{written.remove}"
    return Override(
        id=_id(rotation, who, when.start),
        rotation=rotation,
        start=when.start,
        end=when.end,
        person=written.person,
        instead_of=written.instead_of,
        add=written.add,
        remove=written.remove,
        reason=written.reason,
    )


def _absences(
    tables: Mapping[int, AbsenceTable], home: Home, findings: Findings
) -> Iterable[Absence]:
    placed: list[Placed] = []
    for index, written in tables.items():
        when = interval(written, home.zone, ("absences", index), findings)
        if when is not None:
            placed.append((("absences", index), when, written.person))
            yield Absence(
                id=_id("absence", written.person, when.start),
                person=written.person,
                start=when.start,
                end=when.end,
                reason=written.reason,
            )
    _note_overlaps(placed, "write them as one", findings)


def _note_overlaps(placed: Iterable[Placed], hint: str, findings: Findings) -> None:
    for (first, one, about), (second, other, what) in combinations(placed, 2):
        if about == what and one.start < other.end and other.start < one.end:
            findings.warning(second, f"overlaps with number {first[-1]}", hint)


def _id(*parts: str | datetime) -> str:
    words = (
        part.strftime("%Y%m%dT%H%M%SZ") if isinstance(part, datetime) else part
        for part in parts
    )
    return ":".join(("config", *words))
