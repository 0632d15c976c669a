"""The reply clock: an issue that somebody has may still wait for an answer."""

from dataclasses import replace
from datetime import datetime

from escalation_policies.case import Case
from escalation_policies.effect import Decision, Note, PagePeople
from escalation_policies.progress import Progress
from escalation_policies.reason import Reason


def remind(case: Case, progress: Progress) -> Decision:
    """Page the owner once `reply_within` has gone by without a human answer."""
    at = _strikes_at(case, progress)
    if at is None or case.now < at or case.snoozed or _reminded_at(case, progress):
        return Decision(progress=progress)
    progress = replace(progress, reply_nudged_at=case.now)
    return Decision(progress=progress, effects=(_reminder(case, progress),))


def overdue(case: Case, progress: Progress) -> bool:
    """Whether the owner was reminded in vain, so that the levels go on.

    Once they do they go on until somebody answers: that the owner could be reached
    again by now does not mean that they know.
    """
    at, started = _strikes_at(case, progress), _started_at(case)
    reminded = _reminded_at(case, progress)
    if at is None or started is None or reminded is None:
        return False
    goes_on = progress.standing is None and started < reminded
    return at <= case.now or goes_on


def due(case: Case, progress: Progress) -> datetime | None:
    """Return when the clock strikes next; None when it stands or the levels go on."""
    at = _strikes_at(case, progress)
    if at is None or overdue(case, progress):
        return None
    return max(at, case.facts.snoozed_until or at)


def _reminder(case: Case, progress: Progress) -> PagePeople | Note:
    owner = case.facts.owner
    if owner is None or owner in case.facts.unreachable:
        detail = f"the customer waits and {owner or 'no owner'} cannot be reminded"
        return Note(reason=Reason.OWNER_UNREACHABLE, detail=detail)
    return PagePeople(
        people=(owner,), level=None, round=progress.round, reason=Reason.NO_REPLY
    )


def _strikes_at(case: Case, progress: Progress) -> datetime | None:
    """Return when the owner is to be reminded or, after that, the levels go on."""
    started, within = _started_at(case), case.policy.reply_within
    if started is None or within is None:
        return None
    reminded = _reminded_at(case, progress)
    if reminded is None:
        return started + within
    owner = case.facts.owner
    # There is nothing to wait for from an owner who cannot be reached. But whoever said
    # in the instant of the reminder that they have it has as long as anybody.
    lost = owner is None or owner in case.facts.unreachable
    return max(reminded, started + within) if lost else reminded + within


def _started_at(case: Case) -> datetime | None:
    """Return since when somebody has it and the customer waits all the same.

    News of an incident is an answer to what is written soon after, too.
    """
    acknowledged, waiting = case.facts.acknowledged_at, case.facts.waiting_since
    if acknowledged is None or waiting is None:
        return None
    return max(acknowledged, waiting, case.facts.reply_held_until or waiting)


def _reminded_at(case: Case, progress: Progress) -> datetime | None:
    """Return when the owner was reminded of this very wait, if so.

    What is later than now was before the clock was set back: of another wait, perhaps.
    """
    started, nudged = _started_at(case), progress.reply_nudged_at
    if started is None or nudged is None or not started <= nudged <= case.now:
        return None
    return nudged
