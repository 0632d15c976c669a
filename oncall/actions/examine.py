"""Load, decide, save: the shell around the escalation rules."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from escalation_policies.decide import decide
from escalation_policies.effect import (
    CallOff,
    Decision,
    Effect,
    Note,
    PagePeople,
    TellBadNews,
)
from escalation_policies.policy import Target
from escalation_policies.progress import Facts
from escalation_policies.reason import Reason
from oncall.actions import outbox
from oncall.actions.house import View
from oncall.actions.incident_news import told_before
from oncall.actions.words import tell_bad_news
from oncall.model import Issue, Status
from oncall.store import Tx, bad_news, issues, pages, promises, timeline, told
from oncall.store.issues import Standing

FINISHED = (Status.RESOLVED, Status.CLOSED)
SAME_MINUTE = timedelta(minutes=1)


def examine(tx: Tx, view: View, number: int, now: datetime) -> None:
    """Do what the policy wants done for an issue at this moment, and set its timer."""
    if standing := issues.lock(tx, number):
        examine_standing(tx, view, standing, now)


def examine_standing(tx: Tx, view: View, standing: Standing, now: datetime) -> None:
    """Do as `examine`, for an issue that this transaction already holds."""
    issue = standing.issue
    promise_due = promises.earliest_due(tx, issue.number)
    decision = decided(view, standing, now, promise_due=promise_due)
    carry_out(tx, view, issue, decision.effects, now)
    issues.save_progress(tx, issue.number, decision.progress)


def decided(
    view: View, standing: Standing, now: datetime, *, promise_due: datetime | None
) -> Decision:
    """Return what the rules say; nothing is done yet."""

    def on_call(target: Target) -> tuple[str, ...]:
        return view.people_of(target, now)

    def changes(target: Target) -> datetime | None:
        return view.change_of(target, now)

    known = facts(view, standing.issue, promise_due=promise_due)
    return decide(standing.policy, standing.progress, known, on_call, now, changes)


def carry_out(
    tx: Tx, view: View, issue: Issue, effects: Iterable[Effect], now: datetime
) -> None:
    """Do what was decided for an issue.

    Whoever is paged needs no other message that says how bad it is: pages come first.
    """
    paged: set[str] = set()
    for effect in sorted(effects, key=lambda effect: isinstance(effect, TellBadNews)):
        match effect:
            case PagePeople():
                paged |= _page(tx, view, issue, effect, now)
            case CallOff():
                _call_off(tx, issue, effect, now)
            case TellBadNews():
                _tell(tx, view, issue, effect, now, paged)
            case Note():
                why, detail = effect.reason, effect.detail
                timeline.note(tx, issue.number, "note", now, reason=why, detail=detail)


def facts(view: View, issue: Issue, *, promise_due: datetime | None) -> Facts:
    """Return what the rules need to know of an issue."""
    return Facts(
        severity=issue.severity,
        opened_at=issue.opened_at,
        owner=issue.owner,
        acknowledged_at=issue.confirmed_at or issue.acknowledged_at,
        waiting_since=issue.waiting_since,
        promise_due=promise_due,
        asked_at=issue.asked_at,
        snoozed_until=issue.snoozed_until,
        reply_held_until=issue.reply_held_until,
        finished=issue.status in FINISHED,
        unreachable=view.unreachable | _left(view, issue.owner),
    )


def _left(view: View, owner: str | None) -> frozenset[str]:
    """Return an owner who has left the configuration: no method reaches them."""
    if owner is None or owner in view.config.people:
        return frozenset()
    return frozenset({owner})


def _page(
    tx: Tx, view: View, issue: Issue, effect: PagePeople, now: datetime
) -> set[str]:
    """Page these people, and return those to whom there is a way."""
    reached: set[str] = set()
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
        if planned:
            reached.add(person)
            if issue.opened_at < now:  # of a new one nobody was told before
                bad_news.call_off_untold(tx, issue.number, person, now)
    return reached


def _call_off(tx: Tx, issue: Issue, effect: CallOff, now: datetime) -> None:
    for person in effect.people:
        pages.cancel_at_level(
            tx,
            issue.number,
            person,
            now,
            level=effect.level,
            round_=effect.round,
            detail="no longer on call",
        )
        timeline.note(
            tx,
            issue.number,
            "cancelled",
            now,
            reason=Reason.LEVEL_LEFT,
            person=person,
            detail=where(effect.level, effect.round),
        )


def where(level: int | None, round_: int) -> str:
    """Say which level and round is meant, counted from 1."""
    return "" if level is None else f"level {level + 1}, round {round_}"


def _tell(
    tx: Tx,
    view: View,
    issue: Issue,
    effect: TellBadNews,
    now: datetime,
    paged: Collection[str],
) -> None:
    for person in effect.people:
        if person in paged or _paged_lately(tx, issue, person, now):
            event = bad_news.IN_PAGE
        elif told_before(tx, issue, person, effect.reason, now):
            event = "bad_news_of_incident"
        else:
            done = tell_bad_news(tx, view, issue, person, effect.reason, now)
            event = "bad_news" if done else "no_way_to_tell"
        timeline.note(tx, issue.number, event, now, reason=effect.reason, person=person)


def tell_unheard(tx: Tx, view: View, issue: Issue, but: str, now: datetime) -> None:
    """Tell how bad it is to whom a page was to say it that is called off unsent.

    A rule fires once: else a leader whose page waited would never hear of it. That
    nobody had the issue is over; `but` is who has it, and knows.
    """
    for person, reason in bad_news.unheard(tx, issue.number).items():
        if person == but or reason != Reason.SEVERITY or not _is_bad(tx, issue):
            continue
        if tell_bad_news(tx, view, issue, person, Reason.SEVERITY, now):
            timeline.note(
                tx, issue.number, "bad_news", now, reason=reason, person=person
            )


def _is_bad(tx: Tx, issue: Issue) -> bool:
    """Tell whether an issue is so severe by now that a rule wants it told."""
    rules = told.policy(tx, issue.number).bad_news
    wanted = [rule.severity for rule in rules if rule.severity is not None]
    return any(severity.rank <= issue.severity.rank for severity in wanted)


def _paged_lately(tx: Tx, issue: Issue, person: str, now: datetime) -> bool:
    """Tell whether the page of the same minute has told a person of the issue."""
    before = issue.opened_at < now  # else there was nothing yet to be paged for
    return before and bad_news.paged_since(tx, issue.number, person, now - SAME_MINUTE)
