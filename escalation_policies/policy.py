"""What a policy says, as values that can be frozen onto an issue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, Self

LAST_RESORT_EVERY: Final = timedelta(minutes=30)


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
        return self if self.rank >= other.rank else other


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
        kind, _, name = text.partition(":")
        if kind not in tuple(TargetKind) or not name:
            msg = (
                f"{text!r} is not of the form rotation:NAME, group:NAME or person:NAME"
            )
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
    last_resort_every: timedelta = LAST_RESORT_EVERY

    @property
    def targets(self) -> tuple[Target, ...]:
        """Every target the policy names, each once."""
        paged = [target for level in self.levels for target in level.targets]
        told = [target for rule in self.bad_news for target in rule.tell]
        return tuple(dict.fromkeys((*paged, *told, *self.last_resort)))


def to_json(policy: Policy) -> dict[str, Any]:
    """Return `policy` as what JSON can hold; durations (`…_s`) in seconds."""
    return {
        "id": policy.id,
        "levels": [
            {"page": _names(level.targets), "wait_s": _seconds(level.wait)}
            for level in policy.levels
        ],
        "rounds": policy.rounds,
        "reply_within_s": _seconds(policy.reply_within),
        "bad_news": [_rule_to_json(rule) for rule in policy.bad_news],
        "last_resort": _names(policy.last_resort),
        "last_resort_every_s": _seconds(policy.last_resort_every),
    }


def policy_from_json(frozen: Mapping[str, Any]) -> Policy:
    """Return the policy that `to_json` froze, also by an older or newer version.

    What this version does not know is ignored; what is missing has its default.
    """
    every = _span(frozen.get("last_resort_every_s"))
    return Policy(
        id=frozen["id"],
        levels=tuple(
            Level(
                targets=_targets(level["page"]),
                wait=timedelta(seconds=level["wait_s"]),
            )
            for level in frozen["levels"]
        ),
        rounds=frozen.get("rounds", 1),
        reply_within=_span(frozen.get("reply_within_s")),
        bad_news=tuple(_rule_from_json(rule) for rule in frozen.get("bad_news", ())),
        last_resort=_targets(frozen.get("last_resort", ())),
        last_resort_every=LAST_RESORT_EVERY if every is None else every,
    )


def _rule_to_json(rule: BadNewsRule) -> dict[str, Any]:
    return {
        "tell": _names(rule.tell),
        "severity": rule.severity,
        "unacknowledged_s": _seconds(rule.unacknowledged),
        "unresolved_s": _seconds(rule.unresolved),
        "customer_waiting_s": _seconds(rule.customer_waiting),
        "promise_overdue_s": _seconds(rule.promise_overdue),
        "asked": rule.asked,
    }


def _rule_from_json(frozen: Mapping[str, Any]) -> BadNewsRule:
    severity = frozen.get("severity")
    return BadNewsRule(
        tell=_targets(frozen["tell"]),
        severity=None if severity is None else Severity(severity),
        unacknowledged=_span(frozen.get("unacknowledged_s")),
        unresolved=_span(frozen.get("unresolved_s")),
        customer_waiting=_span(frozen.get("customer_waiting_s")),
        promise_overdue=_span(frozen.get("promise_overdue_s")),
        asked=frozen.get("asked", False),
    )


def _names(targets: Sequence[Target]) -> list[str]:
    return [str(target) for target in targets]


def _targets(names: Sequence[str]) -> tuple[Target, ...]:
    return tuple(Target.parse(name) for name in names)


def _seconds(span: timedelta | None) -> float | None:
    return None if span is None else span.total_seconds()


def _span(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)
