"""Who joins and who leaves the level that is being waited for.

A level is frozen as the people that its targets mean at each instant: an override, a
swap, an absence, a handoff or a reload may change them while it is waited for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from escalation_policies.case import Case
from escalation_policies.effect import CallOff, Decision, Effect, Note, PagePeople
from escalation_policies.policy import Target
from escalation_policies.progress import Progress
from escalation_policies.reason import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """What was paged last: `level` is its index, None for the last resort."""

    level: int | None
    round: int
    targets: tuple[Target, ...]


def awaited(case: Case, progress: Progress) -> Awaited | None:
    """Return the level that is being waited for; None before the first was paged."""
    levels = case.policy.levels
    if progress.next_level_at is None:
        return None
    if progress.last_resort:
        last = case.last_resort_targets()
        return Awaited(level=None, round=progress.round, targets=last)
    index, lap = progress.level - 1, progress.round
    if index < 0:
        index, lap = len(levels) - 1, lap - 1
    if lap < 1:
        return None
    return Awaited(level=index, round=lap, targets=levels[index].targets)


def follow(case: Case, progress: Progress) -> Decision:
    """Call off what waits for those who left, and page those who joined.

    In a snooze nobody is paged, and once the next level is due nobody joins this one.
    A level that all have left is not waited for any longer.
    """
    at = awaited(case, progress)
    if at is None:
        return Decision(progress=progress)
    present = case.people(at.targets)
    left = tuple(sorted(progress.paged.difference(present)))
    paged = progress.paged.difference(left)
    effects: list[Effect] = []
    if left:
        effects.append(CallOff(people=left, level=at.level, round=at.round))
    progress = replace(progress, paged=paged)
    if not (case.snoozed or _next_is_due(case, progress)):
        progress, more = _join(case, progress, at)
        effects += more
    return Decision(progress=progress, effects=tuple(effects))


def _next_is_due(case: Case, progress: Progress) -> bool:
    return progress.next_level_at is None or progress.next_level_at <= case.now


def _join(
    case: Case, progress: Progress, at: Awaited
) -> tuple[Progress, tuple[Effect, ...]]:
    if people := joined(case, progress):
        paged = progress.paged.union(people)
        return replace(progress, paged=paged), (_page(at, people),)
    if progress.paged or at.level is None:
        return progress, ()
    return replace(progress, next_level_at=case.now), (_empty(at),)


def joined(case: Case, progress: Progress) -> tuple[str, ...]:
    """Return who came to the level that is waited for and was not paged there yet."""
    at = awaited(case, progress)
    everybody = case.reachable(at.targets) if at else ()
    return tuple(person for person in everybody if person not in progress.paged)


def next_change(case: Case, progress: Progress) -> datetime | None:
    """Return when the people of the level that is waited for next change, if known."""
    at = awaited(case, progress)
    if at is None:
        return None
    return min((m for t in at.targets if (m := case.changes(t))), default=None)


def _page(at: Awaited, people: Sequence[str]) -> PagePeople:
    return PagePeople(
        people=tuple(people), level=at.level, round=at.round, reason=Reason.LEVEL_JOINED
    )


def _empty(at: Awaited) -> Note:
    names = ", ".join(map(str, at.targets))
    detail = f"everybody has left: {names}"
    return Note(
        reason=Reason.LEVEL_EMPTY, detail=detail, level=at.level, round=at.round
    )
