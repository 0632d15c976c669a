"""An issue driven through `decide` as the service does it: at every due instant.

Minutes count from the opening of the issue.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from escalation_policies.decide import (
    Decision,
    Effect,
    Note,
    PagePeople,
    Reason,
    TellBadNews,
    decide,
    pass_on,
    start,
)
from escalation_policies.policy import BadNewsRule, Level, Policy, Severity, Target
from escalation_policies.progress import Facts

OPENED = datetime(2026, 12, 4, 18, 30, tzinfo=UTC)
ROSTER = {
    "rotation:weekend": ("sara",),
    "rotation:backup": ("reza",),
    "group:leadership": ("nina", "omid"),
    "person:nina": ("nina",),
    "person:mina": ("mina",),
}


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def after(count: float) -> datetime:
    return OPENED + minutes(count)


def targets(*names: str) -> tuple[Target, ...]:
    return tuple(Target.parse(name) for name in names)


def level(*names: str, wait: float = 5) -> Level:
    return Level(targets=targets(*names), wait=minutes(wait))


POLICY = Policy(
    id="customer-issue",
    levels=(
        level("rotation:weekend", wait=5),
        level("rotation:backup", wait=10),
        level("group:leadership", wait=15),
    ),
    rounds=2,
    reply_within=minutes(15),
    last_resort=targets("person:mina"),
)


def telling(*rules: BadNewsRule, policy: Policy = POLICY) -> Policy:
    return replace(policy, bad_news=rules)


class Story:
    def __init__(
        self,
        policy: Policy = POLICY,
        *,
        roster: dict[str, tuple[str, ...]] | None = None,
        severity: Severity = Severity.NORMAL,
    ) -> None:
        self.policy = policy
        self.roster = ROSTER if roster is None else roster
        self.facts = Facts(severity=severity, opened_at=OPENED)
        self.progress = start(policy, OPENED)
        self.now = OPENED
        self.log: list[tuple[float, Effect]] = []

    def on_call(self, target: Target) -> tuple[str, ...]:
        return self.roster.get(str(target), ())

    def decide(self, minute: float) -> Decision:
        """Decide once at `minute`, whatever was due before."""
        self.now = after(minute)
        decision = decide(
            self.policy, self.progress, self.facts, self.on_call, self.now
        )
        self.progress = decision.progress
        self.log += [(minute, effect) for effect in decision.effects]
        return decision

    def run_to(self, minute: float) -> "Story":
        """Wake at every due instant up to and with `minute`."""
        while self.progress.due is not None and self.progress.due <= after(minute):
            self.decide((self.progress.due - OPENED) / minutes(1))
        self.now = after(minute)
        return self

    def change(
        self,
        minute: float,
        **facts: Any,  # noqa: ANN401 - whatever fields Facts has
    ) -> "Story":
        """Run up to `minute`, let `facts` become true, and decide."""
        self.run_to(minute)
        self.facts = replace(self.facts, **facts)
        self.decide(minute)
        return self

    def take(self, minute: float, person: str = "sara") -> "Story":
        return self.change(minute, owner=person, acknowledged_at=after(minute))

    def pass_on(self, minute: float) -> "Story":
        self.run_to(minute)
        self.facts = replace(self.facts, acknowledged_at=None)
        self.progress = pass_on(self.progress, after(minute))
        self.decide(minute)
        return self

    @property
    def pages(self) -> list[tuple[float, tuple[str, ...], Reason]]:
        return [
            (at, effect.people, effect.reason)
            for at, effect in self.log
            if isinstance(effect, PagePeople)
        ]

    @property
    def told(self) -> list[tuple[float, tuple[str, ...], Reason]]:
        return [
            (at, effect.people, effect.reason)
            for at, effect in self.log
            if isinstance(effect, TellBadNews)
        ]

    @property
    def notes(self) -> list[tuple[float, Reason]]:
        return [
            (at, effect.reason) for at, effect in self.log if isinstance(effect, Note)
        ]
