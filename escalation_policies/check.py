"""What is wrong or doubtful in a policy, as values, before an issue finds out."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, Literal

from escalation_policies.duration import format_duration
from escalation_policies.policy import BadNewsRule, Policy, Target, TargetKind

LEADERSHIP: Final = Target(TargetKind.GROUP, "leadership")

_VERY_LONG: Final = timedelta(hours=4)


class ProblemKind(StrEnum):
    """What is the matter."""

    NO_LEVELS = "no_levels"
    NOBODY_NAMED = "nobody_named"
    NO_TIME = "no_time"
    NO_ROUNDS = "no_rounds"
    NEGATIVE_TIME = "negative_time"
    FIRES_ALWAYS = "fires_always"
    REPEATED_RULE = "repeated_rule"
    NEVER_LEADERSHIP = "never_leadership"
    VERY_LONG = "very_long"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyProblem:
    """One finding. `where` is dotted below the policy (`levels.0.wait`), may be empty.

    An `error` makes the policy unfit for use; a `warning` is for people to judge.
    """

    kind: ProblemKind
    where: str
    message: str
    hint: str
    level: Literal["error", "warning"] = "error"


def check_policy(
    policy: Policy, leaders: Collection[Target] = (LEADERSHIP,)
) -> tuple[PolicyProblem, ...]:
    """Return everything found, in the order of the policy's parts.

    `leaders` are the targets that count as leadership.
    """
    return (
        *_levels(policy),
        *_rounds(policy),
        *_clocks(policy),
        *_last_resort(policy),
        *_bad_news(policy),
        *_leadership(policy, leaders),
    )


def _levels(policy: Policy) -> Iterator[PolicyProblem]:
    if not policy.levels:
        yield PolicyProblem(
            kind=ProblemKind.NO_LEVELS,
            where="levels",
            message="there are no levels, so that only the last resort is paged",
            hint='add one: levels = [{page = ["rotation:NAME"], wait = "5m"}]',
        )
    for index, level in enumerate(policy.levels):
        if not level.targets:
            yield _nobody(f"levels.{index}.page", "the level pages nobody")
        if level.wait <= timedelta(0):
            yield _no_time(f"levels.{index}.wait")


def _rounds(policy: Policy) -> Iterator[PolicyProblem]:
    if policy.rounds < 1:
        yield PolicyProblem(
            kind=ProblemKind.NO_ROUNDS,
            where="rounds",
            message=f"{policy.rounds} rounds would page no level",
            hint="write 1 or more",
        )
    whole = max(policy.rounds, 0) * sum(
        (level.wait for level in policy.levels), timedelta(0)
    )
    if whole > _VERY_LONG:
        yield PolicyProblem(
            kind=ProblemKind.VERY_LONG,
            where="levels",
            message=f"the last resort is paged only after {format_duration(whole)}",
            hint="shorten the waits or use fewer rounds",
            level="warning",
        )


def _clocks(policy: Policy) -> Iterator[PolicyProblem]:
    if policy.reply_within is not None and policy.reply_within <= timedelta(0):
        yield _no_time("reply_within")
    if policy.last_resort_every <= timedelta(0):
        yield _no_time("last_resort_every")


def _last_resort(policy: Policy) -> Iterator[PolicyProblem]:
    if not policy.last_resort:
        yield _nobody("last_resort", "nobody is paged when the levels have run out")


def _bad_news(policy: Policy) -> Iterator[PolicyProblem]:
    for index, rule in enumerate(policy.bad_news):
        where = f"bad_news.{index}"
        if not rule.tell:
            yield _nobody(f"{where}.tell", "the rule can never tell anybody")
        yield from _conditions(where, rule)
        if rule in policy.bad_news[:index]:
            yield PolicyProblem(
                kind=ProblemKind.REPEATED_RULE,
                where=where,
                message="the rule says the same as one before it, and is told twice",
                hint="take one of them out",
                level="warning",
            )


def _conditions(where: str, rule: BadNewsRule) -> Iterator[PolicyProblem]:
    clocks = {
        "unacknowledged": rule.unacknowledged,
        "unresolved": rule.unresolved,
        "customer_waiting": rule.customer_waiting,
        "promise_overdue": rule.promise_overdue,
    }
    for name, span in clocks.items():
        if span is not None and span < timedelta(0):
            yield PolicyProblem(
                kind=ProblemKind.NEGATIVE_TIME,
                where=f"{where}.{name}",
                message="time cannot run backwards",
                hint='write a duration, like "20m"',
            )
    spans = [span for span in clocks.values() if span is not None]
    if rule.severity is None and not rule.asked and not spans:
        yield PolicyProblem(
            kind=ProblemKind.FIRES_ALWAYS,
            where=where,
            message="the rule has no condition: leaders hear of every single issue",
            hint='add one, like severity = "critical" or unacknowledged = "20m"',
            level="warning",
        )


def _leadership(policy: Policy, leaders: Collection[Target]) -> Iterator[PolicyProblem]:
    told = any(rule.tell for rule in policy.bad_news)
    if not told and not set(leaders).intersection(policy.targets):
        yield PolicyProblem(
            kind=ProblemKind.NEVER_LEADERSHIP,
            where="",
            message="leadership never hears of an issue that goes wrong",
            hint="add a bad_news rule, or leadership as a level",
            level="warning",
        )


def _nobody(where: str, message: str) -> PolicyProblem:
    return PolicyProblem(
        kind=ProblemKind.NOBODY_NAMED,
        where=where,
        message=message,
        hint='name targets, like ["rotation:weekend"] or ["group:leadership"]',
    )


def _no_time(where: str) -> PolicyProblem:
    return PolicyProblem(
        kind=ProblemKind.NO_TIME,
        where=where,
        message="no time to answer is left",
        hint='write a duration longer than zero, like "5m"',
    )
