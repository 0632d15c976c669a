"""The one decision: what escalation does for an issue now, and when it looks again.

    bad news  every rule whose moment has come     whatever else is true
    reply     the owner, when the customer waits   while somebody has it
    levels    the next level, or the last resort   while nobody has it, or in vain

Deciding is pure. Deciding again with nothing newly due changes nothing, so the service
may ask as often as it likes; it must ask at `progress.due` and after every change.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from escalation_policies import bad_news, levels, reply
from escalation_policies.bad_news import ASKED_RULE
from escalation_policies.case import (
    Case,
    ChangesLookup,
    OnCallLookup,
    never_changes,
)
from escalation_policies.effect import (
    CallOff,
    Decision,
    Effect,
    Note,
    PagePeople,
    TellBadNews,
)
from escalation_policies.policy import Policy
from escalation_policies.progress import Facts, Progress
from escalation_policies.reason import Reason

__all__ = [
    "ASKED_RULE",
    "CallOff",
    "Decision",
    "Effect",
    "Note",
    "OnCallLookup",
    "PagePeople",
    "Reason",
    "TellBadNews",
    "decide",
    "lost",
    "pass_on",
    "start",
]

_STEPS: Final = (bad_news.tell, reply.remind, levels.climb)
_CLOCKS: Final = (bad_news.due, reply.due, levels.due)


def start(policy: Policy, now: datetime) -> Progress:
    """Return where a new issue stands: the first level is due now.

    A policy without levels begins with its last resort.
    """
    return Progress(next_level_at=now, last_resort=not policy.levels, due=now)


def pass_on(progress: Progress, now: datetime) -> Progress:
    """Return `progress` after somebody passed: the next level is due at once."""
    return replace(lost(progress, now), passed=True)


def lost(progress: Progress, now: datetime) -> Progress:
    """Return `progress` after a level was lost: nobody of it is waited for."""
    return replace(progress, next_level_at=now, due=now)


def decide(
    policy: Policy,
    progress: Progress,
    facts: Facts,
    on_call: OnCallLookup,
    now: datetime,
    changes: ChangesLookup = never_changes,
) -> Decision:
    """Return what to do at `now` (UTC) and where the issue stands after it.

    At most one level is paged at a time, however late `now` is. `changes` says when the
    people of a target next change, so that who joins a level is paged at once. `progress.due` of the
    outcome is the next instant to decide at: None when the issue is finished, or when
    somebody has it and nothing is awaited.
    """
    if facts.finished:
        return _finished(progress)
    case = Case(policy=policy, facts=facts, on_call=on_call, now=now, changes=changes)
    effects: tuple[Effect, ...] = ()
    for step in _STEPS:
        decision = step(case, progress)
        progress, effects = decision.progress, effects + decision.effects
    return Decision(
        progress=replace(progress, due=_due(case, progress)), effects=effects
    )


def _finished(progress: Progress) -> Decision:
    detail = "the issue is finished: nothing more is due"
    note = Note(reason=Reason.FINISHED, detail=detail)
    known = progress.standing is Reason.FINISHED
    progress = replace(
        progress,
        next_level_at=None,
        passed=False,
        paged=frozenset[str](),
        standing=Reason.FINISHED,
        due=None,
    )
    return Decision(progress=progress, effects=() if known else (note,))


def _due(case: Case, progress: Progress) -> datetime | None:
    moments = [at for clock in _CLOCKS if (at := clock(case, progress))]
    return min(moments, default=None)
