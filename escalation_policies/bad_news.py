"""What leaders are told, at its moment: beside levels, acknowledgement and snooze."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from escalation_policies.case import Case
from escalation_policies.effect import Decision, Effect, Note, TellBadNews
from escalation_policies.policy import BadNewsRule, Target
from escalation_policies.progress import Progress
from escalation_policies.reason import Reason

ASKED_RULE: Final = -1
"""Stands for a rule's index when somebody asked and no rule answers to that."""


def tell(case: Case, progress: Progress) -> Decision:
    """Fire every rule whose moment has come, and obey who asked for leaders."""
    fired = [
        index
        for index, moment in _pending(case, progress)
        if moment is not None and moment <= case.now
    ]
    rules = case.policy.bad_news
    effects: list[Effect] = []
    for index in fired:
        rule = rules[index]
        effects += _told(case, rule.tell, index, _reason(rule))
    if _asked(case, progress):
        if not any(rules[index].asked for index in fired):
            effects += _told(case, _leaders(case), ASKED_RULE, Reason.ASKED)
        progress = replace(progress, asked_told_at=case.facts.asked_at)
    if fired:
        progress = replace(progress, told=progress.told.union(fired))
    return Decision(progress=progress, effects=tuple(effects))


def due(case: Case, progress: Progress) -> datetime | None:
    """Return when the next rule fires, as things are; None when none will."""
    moments = [moment for _, moment in _pending(case, progress) if moment is not None]
    asked_at = case.facts.asked_at
    if asked_at is not None and _newly_asked(asked_at, progress):
        moments.append(asked_at)
    return min(moments, default=None)


def _pending(case: Case, progress: Progress) -> Iterator[tuple[int, datetime | None]]:
    for index, rule in enumerate(case.policy.bad_news):
        if index not in progress.told:
            yield index, _moment(rule, case)


def _moment(rule: BadNewsRule, case: Case) -> datetime | None:
    """Return from when on all conditions hold; None while one of them cannot."""
    facts = case.facts
    if rule.severity is not None and facts.severity.rank < rule.severity.rank:
        return None
    if rule.unacknowledged is not None and facts.acknowledged_at is not None:
        return None
    # Opened in the future, by a clock that was set back since, is opened all the same.
    moments = [min(facts.opened_at, case.now)]
    for since, span in (
        (facts.opened_at, rule.unacknowledged),
        (facts.opened_at, rule.unresolved),
        (facts.waiting_since, rule.customer_waiting),
        (facts.promise_due, rule.promise_overdue),
        (facts.asked_at, timedelta(0) if rule.asked else None),
    ):
        if span is None:
            continue
        if since is None:
            return None
        moments.append(since + span)
    return max(moments)


def _reason(rule: BadNewsRule) -> Reason:
    """Name the condition that says most about why leaders hear of it."""
    if rule.asked:
        return Reason.ASKED
    if rule.promise_overdue is not None:
        return Reason.PROMISE_MISSED
    clocks = (rule.unacknowledged, rule.unresolved, rule.customer_waiting)
    if any(clock is not None for clock in clocks):
        return Reason.TIMEOUT
    return Reason.SEVERITY


def _asked(case: Case, progress: Progress) -> bool:
    asked_at = case.facts.asked_at
    if asked_at is None or asked_at > case.now:
        return False
    return _newly_asked(asked_at, progress)


def _newly_asked(asked_at: datetime, progress: Progress) -> bool:
    return progress.asked_told_at is None or progress.asked_told_at < asked_at


def _leaders(case: Case) -> tuple[Target, ...]:
    rules = case.policy.bad_news
    told = tuple(target for rule in rules for target in rule.tell)
    return told or case.policy.last_resort


def _told(
    case: Case, targets: tuple[Target, ...], rule: int, reason: Reason
) -> Iterator[Effect]:
    people = case.reachable(targets)
    if not people:
        people = case.last_resort()
        names = ", ".join(map(str, targets)) or "no target"
        instead = ", ".join(people) or "nobody at all"
        detail = f"bad news for {names} reaches nobody; told instead: {instead}"
        yield Note(reason=Reason.NOBODY_TO_TELL, detail=detail)
    if people:
        yield TellBadNews(people=people, rule=rule, reason=reason)
