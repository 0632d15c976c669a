"""The levels: whom to page next, and when they stand still."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from escalation_policies import members, reply
from escalation_policies.case import Case
from escalation_policies.effect import Decision, Effect, Note, PagePeople
from escalation_policies.policy import Level, Policy
from escalation_policies.progress import Progress
from escalation_policies.reason import Reason

NOBODY_RETRY: Final = timedelta(minutes=30)
"""When nobody at all can be paged, look again after so long."""

# A frozen policy that says zero must not make the service spin.
_SHORTEST_WAIT: Final = timedelta(seconds=1)


def climb(case: Case, progress: Progress) -> Decision:
    """Page the next level if it is due; say why, when the levels come to a stand."""
    progress = _within_its_wait(case, progress)
    hold = _hold(case, progress)
    effects = _standstill(case, hold) if hold is not progress.standing else ()
    if hold is not progress.standing:
        progress = replace(progress, standing=hold)
    if hold is Reason.ACKNOWLEDGED:
        still = replace(
            progress, next_level_at=None, passed=False, paged=frozenset[str]()
        )
        return Decision(progress=still, effects=effects)
    followed = members.follow(case, progress)
    progress, effects = followed.progress, (*effects, *followed.effects)
    # Who passes wants somebody now, whatever was snoozed before.
    if hold is Reason.SNOOZED and not progress.passed:
        return Decision(progress=progress, effects=effects)
    lost = _lost_level(case, progress)
    if not lost and progress.next_level_at and case.now < progress.next_level_at:
        return Decision(progress=progress, effects=effects)
    paged = _page_next(case, progress)
    return Decision(progress=paged.progress, effects=(*effects, *lost, *paged.effects))


def _within_its_wait(case: Case, progress: Progress) -> Progress:
    """Keep a clock that was set back from making a level wait longer than its wait."""
    latest = case.now + _own_wait(case.policy, progress)
    if progress.next_level_at is None or progress.next_level_at <= latest:
        return progress
    return replace(progress, next_level_at=latest)


def _own_wait(policy: Policy, progress: Progress) -> timedelta:
    """Return how long the level is waited for that was paged last."""
    if progress.last_resort or not policy.levels:
        return max(policy.last_resort_every, NOBODY_RETRY)
    return max(policy.levels[progress.level - 1].wait, _SHORTEST_WAIT)


def due(case: Case, progress: Progress) -> datetime | None:
    """Return when the next level is due, or the people of this one change.

    None while the levels stand still.
    """
    at = progress.next_level_at
    if progress.standing is Reason.SNOOZED and (held := case.facts.snoozed_until):
        # Who joined in a snooze is paged when it ends, whenever the next level comes.
        at = held if members.joined(case, progress) else max(held, at or held)
    moments = (at, members.next_change(case, progress))
    return min((moment for moment in moments if moment), default=None)


def _hold(case: Case, progress: Progress) -> Reason | None:
    """Return why the levels must not go on, or None."""
    if case.facts.acknowledged_at and not reply.overdue(case, progress):
        return Reason.ACKNOWLEDGED
    return Reason.SNOOZED if case.snoozed else None


def _standstill(case: Case, hold: Reason | None) -> tuple[Effect, ...]:
    if hold is Reason.ACKNOWLEDGED:
        who = case.facts.owner or "somebody"
        return (Note(reason=hold, detail=f"{who} has it: the levels stand still"),)
    if hold is Reason.SNOOZED and case.facts.snoozed_until:
        until = f"{case.facts.snoozed_until:%Y-%m-%d %H:%M} UTC"
        return (Note(reason=hold, detail=f"the levels stand still until {until}"),)
    return ()


def _lost_level(case: Case, progress: Progress) -> tuple[Effect, ...]:
    """Say that the level being waited for has turned out to be unreachable."""
    lost = progress.paged <= case.facts.unreachable
    if progress.last_resort or not progress.paged or not lost:
        return ()
    index, lap = progress.level - 1, progress.round
    if index < 0:
        index, lap = len(case.policy.levels) - 1, lap - 1
    people = tuple(sorted(progress.paged))
    return (_unreachable(Reason.LEVEL_UNREACHABLE, people, level=index, lap=lap),)


def _page_next(case: Case, progress: Progress) -> Decision:
    """Page the next level that has somebody; after a whole pass of none, the last."""
    notes: list[Effect] = []
    for _ in case.policy.levels:
        index, lap = progress.level, progress.round
        if index >= len(case.policy.levels):
            break
        level = case.policy.levels[index]
        progress = _advanced(case.policy, progress)
        people = case.reachable(level.targets)
        notes += _left_out(case, level, people, index=index, lap=lap)
        if people:
            reason = _reason(case, progress, Reason.LEVEL_REACHED)
            page = PagePeople(people=people, level=index, round=lap, reason=reason)
            effects = (*notes, page)
            return _waiting(case, progress, people, level.wait, effects)
    return _page_last_resort(case, progress, notes)


def _advanced(policy: Policy, progress: Progress) -> Progress:
    following = progress.level + 1
    if following == len(policy.levels) and progress.round < policy.rounds:
        return replace(progress, level=0, round=progress.round + 1)
    return replace(progress, level=following)


def _left_out(
    case: Case, level: Level, paged: tuple[str, ...], *, index: int, lap: int
) -> tuple[Effect, ...]:
    """Say who of the level is not paged and why."""
    everybody = case.people(level.targets)
    if not everybody:
        names = ", ".join(map(str, level.targets)) or "a level without targets"
        detail = f"nobody is on call: {names}"
        return (Note(reason=Reason.LEVEL_EMPTY, detail=detail, level=index, round=lap),)
    lost = tuple(person for person in everybody if person not in paged)
    if not lost:
        return ()
    reason = Reason.PERSON_UNREACHABLE if paged else Reason.LEVEL_UNREACHABLE
    return (_unreachable(reason, lost, level=index, lap=lap),)


def _unreachable(
    reason: Reason, people: tuple[str, ...], *, level: int, lap: int
) -> Note:
    detail = f"no contact method works: {', '.join(people)}"
    return Note(reason=reason, detail=detail, level=level, round=lap)


def _page_last_resort(
    case: Case, progress: Progress, effects: list[Effect]
) -> Decision:
    if not progress.last_resort:
        detail = f"the levels have run out in round {progress.round}"
        effects.append(Note(reason=Reason.LEVELS_EXHAUSTED, detail=detail))
    people = case.last_resort()
    progress = replace(progress, level=len(case.policy.levels), last_resort=True)
    if not people:
        detail = "nobody can be paged, not even the last resort: somebody must look now"
        effects.append(Note(reason=Reason.NOBODY_TO_PAGE, detail=detail))
        return _waiting(case, progress, (), NOBODY_RETRY, effects)
    reason = _reason(case, progress, Reason.LAST_RESORT)
    effects.append(
        PagePeople(people=people, level=None, round=progress.round, reason=reason)
    )
    return _waiting(case, progress, people, case.policy.last_resort_every, effects)


def _reason(case: Case, progress: Progress, otherwise: Reason) -> Reason:
    if progress.passed:
        return Reason.PASSED
    return Reason.NO_REPLY if case.facts.acknowledged_at else otherwise


def _waiting(
    case: Case,
    progress: Progress,
    paged: Sequence[str],
    wait: timedelta,
    effects: Sequence[Effect],
) -> Decision:
    """Wait so long for those who are paged before the next is due."""
    at = case.now + max(wait, _SHORTEST_WAIT)
    progress = replace(progress, next_level_at=at, passed=False, paged=frozenset(paged))
    return Decision(progress=progress, effects=tuple(effects))
