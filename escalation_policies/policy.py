"""What a policy says, as values that can be frozen onto an issue."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Self


class Severity(StrEnum):
    """How bad it is; `rank` grows with badness."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for low … 3 for critical."""
        return tuple(Severity).index(self)

    def worse_of(self, other: Self) -> Self:
        """Return the worse of the two."""
        return max(self, other, key=lambda severity: severity.rank)


class TargetKind(StrEnum):
    """What a target names."""

    ROTATION = "rotation"
    GROUP = "group"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Target:
    """`rotation:weekend`, `group:leadership` or `person:nina`."""

    kind: TargetKind
    name: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `kind:name`; ValueError when it is not of that form."""
        kind, colon, name = text.partition(":")
        if not colon or not name:
            msg = f"{text!r} is not of the form rotation:NAME, group:NAME or person:NAME"
            raise ValueError(msg)
        return cls(TargetKind(kind), name)

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Page all of `targets`, then wait before the next level."""

    targets: tuple[Target, ...]
    wait: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class BadNewsRule:
    """When leaders are told. All conditions given must hold; each fires once an issue."""

    tell: tuple[Target, ...]
    severity: Severity | None = None
    unacknowledged: timedelta | None = None
    unresolved: timedelta | None = None
    customer_waiting: timedelta | None = None
    promise_overdue: timedelta | None = None
    asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """An escalation policy, complete in itself: what is frozen onto an issue."""

    id: str
    levels: tuple[Level, ...]
    rounds: int = 1
    reply_within: timedelta | None = None
    bad_news: tuple[BadNewsRule, ...] = ()
    last_resort: tuple[Target, ...] = ()
    last_resort_every: timedelta = timedelta(minutes=30)
