"""Load, decide, save: the shell around the escalation rules."""

from datetime import datetime

from escalation_policies.decide import (
    Note,
    PagePeople,
    TellBadNews,
    decide,
)
from escalation_policies.policy import Target
from escalation_policies.progress import Facts
from oncall.actions import outbox
from oncall.actions.house import View
from oncall.actions.words import tell_bad_news
from oncall.model import Issue, Status
from oncall.store import Tx, issues, promises, timeline
from oncall.store.issues import Standing

FINISHED = (Status.RESOLVED, Status.CLOSED)


def examine(tx: Tx, view: View, number: int, now: datetime) -> None:
    """Do what the policy wants done for an issue at this moment, and set its timer."""
    if standing := issues.lock(tx, number):
        examine_standing(tx, view, standing, now)


def examine_standing(tx: Tx, view: View, standing: Standing, now: datetime) -> None:
    """Do as `examine`, for an issue that this transaction already holds."""

    def on_call(target: Target) -> tuple[str, ...]:
        return view.people_of(target, now)

    decision = decide(
        standing.policy,
        standing.progress,
        facts(tx, view, standing.issue),
        on_call,
        now,
    )
    for effect in decision.effects:
        match effect:
            case PagePeople():
                _page(tx, view, standing.issue, effect, now)
            case TellBadNews():
                _tell(tx, view, standing.issue, effect, now)
            case Note():
                timeline.note(
                    tx,
                    standing.issue.number,
                    "note",
                    now,
                    reason=effect.reason,
                    detail=effect.detail,
                )
    issues.save_progress(tx, standing.issue.number, decision.progress)


def facts(tx: Tx, view: View, issue: Issue) -> Facts:
    """Return what the rules need to know of an issue."""
    return Facts(
        severity=issue.severity,
        opened_at=issue.opened_at,
        owner=issue.owner,
        acknowledged_at=issue.confirmed_at or issue.acknowledged_at,
        waiting_since=issue.waiting_since,
        promise_due=promises.earliest_due(tx, issue.number),
        asked_at=issue.asked_at,
        snoozed_until=issue.snoozed_until,
        finished=issue.status in FINISHED,
        unreachable=view.unreachable,
    )


def _page(tx: Tx, view: View, issue: Issue, effect: PagePeople, now: datetime) -> None:
    for person in effect.people:
        planned = outbox.page(
            tx,
            view,
            issue,
            person,
            now,
            level=effect.level,
            round_=effect.round,
            reason=effect.reason,
        )
        timeline.note(
            tx,
            issue.number,
            "page" if planned else "no_way_to_page",
            now,
            reason=effect.reason,
            person=person,
            detail=where(effect.level, effect.round),
        )


def where(level: int | None, round_: int) -> str:
    """Say which level and round is meant, counted from 1."""
    return "" if level is None else f"level {level + 1}, round {round_}"


def _tell(tx: Tx, view: View, issue: Issue, effect: TellBadNews, now: datetime) -> None:
    for person in effect.people:
        told = tell_bad_news(tx, view, issue, person, effect.reason, now)
        event = "bad_news" if told else "no_way_to_tell"
        timeline.note(tx, issue.number, event, now, reason=effect.reason, person=person)
