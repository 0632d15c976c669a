"""What became of a page at the provider, and what follows from it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from escalation_policies.backoff import next_attempt
from escalation_policies.contact import RECEIPT_TIMEOUT
from escalation_policies.decide import lost
from integrations.contract import Delivery, DeliveryUpdate
from oncall.actions import answered
from oncall.actions.examine import FINISHED, examine
from oncall.actions.house import View
from oncall.model import Kind, Page
from oncall.store import Tx, issues, methods, paged, pages, steps, timeline
from oncall.store.issues import Standing
from oncall.store.pages import Transition

TOLD_ONCE = (Kind.BAD_NEWS, Kind.NOTICE)
"""Once a provider took one of these, the person's next method is not wanted."""


def accepted(
    tx: Tx, page: Page, provider_id: str, now: datetime, *, epoch: int | None = None
) -> None:
    """Note that the provider took it; without a receipt the next step comes sooner.

    What wants no answer has no next step unless this one comes to nothing after all.
    `epoch` is the lease's; a provider's own report has none.
    """
    known = {"provider_id": provider_id, "in_doubt": False}
    if page.kind is Kind.MESSAGE:
        _hold_issue(tx, page)
    moved = pages.move(tx, page.id, Transition.ACCEPT, now, epoch=epoch, also=known)
    if moved and page.kind is Kind.MESSAGE:
        answered.taken(tx, page, now)
    if moved and page.kind is Kind.PAGE:
        steps.hasten_next_step(tx, page, now + RECEIPT_TIMEOUT)
    if moved and page.kind in TOLD_ONCE:
        steps.rest_standby(tx, [page])


def accepted_all(tx: Tx, taken: Sequence[tuple[Page, str]], now: datetime) -> None:
    """Do as `accepted` for many pages, each with the id its provider gave it."""
    known = {page.id: (page.epoch, provider_id) for page, provider_id in taken}
    for page, _ in taken:
        if page.kind is Kind.MESSAGE:
            _hold_issue(tx, page)
    moved = pages.accept_all(tx, known, now)
    ours = [page for page, _ in taken if page.id in moved]
    for page in ours:
        if page.kind is Kind.MESSAGE:
            answered.taken(tx, page, now)
    steps.rest_standby(tx, [page for page in ours if page.kind in TOLD_ONCE])
    wait = [page for page in ours if page.kind is Kind.PAGE]
    climbing = steps.with_steps_left(tx, {page.sequence for page in wait})
    for page in wait:
        if page.sequence in climbing:
            steps.hasten_next_step(tx, page, now + RECEIPT_TIMEOUT)


def delivered(
    tx: Tx, page: Page, provider_id: str, now: datetime, *, epoch: int | None = None
) -> None:
    """Note that it is on the phone, so that the next step has its time.

    That is no acknowledgement.
    """
    known = {"provider_id": provider_id, "in_doubt": False}
    if page.kind is Kind.MESSAGE:
        _hold_issue(tx, page)
    if not pages.move(tx, page.id, Transition.DELIVER, now, epoch=epoch, also=known):
        return
    if page.kind is Kind.MESSAGE:
        answered.arrived(tx, page, now)
        return
    methods.mark_working(tx, page.person, page.via, page.address, now)
    if page.kind is Kind.PAGE:
        steps.relax_next_step(tx, page, now)
    else:
        steps.drop_standby(tx, page, now)


def rejected(
    tx: Tx, view: View, page: Page, detail: str, now: datetime, *, broken: bool
) -> None:
    """Give this method up for this page, and try the next at once."""
    _hold_issue(tx, page)
    gone = pages.move(
        tx, page.id, Transition.REJECT, now, epoch=page.epoch, detail=detail
    )
    if gone:
        _give_up(tx, view, page, detail, now, broken=broken)


def _hold_issue(tx: Tx, page: Page) -> None:
    """Hold the issue before its page, as who answers does.

    Its levels may go on when a page came to nothing; its customer may have an answer.
    """
    if page.kind in (Kind.PAGE, Kind.MESSAGE) and page.issue is not None:
        issues.lock(tx, page.issue)


def _give_up(
    tx: Tx, view: View, page: Page, detail: str, now: datetime, *, broken: bool
) -> None:
    if page.kind is Kind.MESSAGE:
        answered.failed(tx, view, page, detail, now)
        return
    if broken:
        methods.mark_broken(tx, page.person, page.via, page.address, now, detail)
    if page.issue is not None:
        timeline.note(
            tx,
            page.issue,
            "not_delivered",
            now,
            reason=page.via,
            person=page.person,
            detail=detail,
        )
    if _told_by(tx, page) is not None:
        return  # by an earlier method, late; should it bounce, the next one follows it
    if steps.hasten_next_step(tx, page, now) is None and page.kind is Kind.PAGE:
        _next_level_if_nobody_is_left(tx, view, page, now)


def _told_by(tx: Tx, page: Page) -> int | None:
    """Return the step by which somebody was told who is to be told once, if any."""
    return steps.taken_step(tx, page.sequence) if page.kind in TOLD_ONCE else None


def _next_level_if_nobody_is_left(
    tx: Tx, view: View, page: Page, now: datetime
) -> None:
    """Do not wait a level out when none of its people can be reached.

    A level that is behind us hurries nothing. Nor does the last resort: after it comes
    only the last resort again. Nor does anything while the issue is snoozed, or while
    the levels stand still because somebody has it.
    """
    if page.issue is None or page.level is None:
        return
    standing = issues.lock(tx, page.issue)
    if standing is None or standing.issue.status in FINISHED:
        return
    snoozed_until = standing.issue.snoozed_until
    if snoozed_until is not None and now < snoozed_until:
        return
    if standing.progress.next_level_at is None:
        return
    if (page.level, page.round) != _waited_for(standing):
        return
    if paged.alive(tx, page.issue, page.level, page.round):
        return
    timeline.note(tx, page.issue, "level_unreachable", now, reason="not_delivered")
    issues.save_progress(tx, page.issue, lost(standing.progress, now))
    examine(tx, view, page.issue, now)


def _waited_for(standing: Standing) -> tuple[int, int] | None:
    """Return the level that was paged last, and its round; None when all are behind."""
    if standing.progress.last_resort:
        return None
    level, round_ = standing.progress.level - 1, standing.progress.round
    return (
        (level, round_) if level >= 0 else (len(standing.policy.levels) - 1, round_ - 1)
    )


def postponed(
    tx: Tx,
    page: Page,
    detail: str,
    now: datetime,
    *,
    retry_after: timedelta | None,
    in_doubt: bool,
) -> None:
    """Try again later; meanwhile the person's next method does not wait for it.

    What an earlier method has told rests, as does what comes after it.
    """
    told = _told_by(tx, page)
    again = now + next_attempt(page.attempts, key=page.id, retry_after=retry_after)
    rests = told is not None and told < page.step
    moved = pages.move(
        tx,
        page.id,
        Transition.POSTPONE,
        now,
        epoch=page.epoch,
        detail=detail,
        also={
            "due_at": None if rests else again,
            "in_doubt": page.in_doubt or in_doubt,
        },
    )
    if moved and page.issue is not None and page.attempts == 1:
        to_customer = page.kind is Kind.MESSAGE
        timeline.note(
            tx,
            page.issue,
            "answer_delayed" if to_customer else "not_delivered",
            now,
            reason="provider_trouble",
            person=page.person or None,
            detail=detail,
        )
    if moved and told is None:
        steps.hasten_next_step(tx, page, now + RECEIPT_TIMEOUT)


def updated(tx: Tx, view: View, update: DeliveryUpdate, now: datetime) -> bool:
    """Take a provider's later word. False when it is about no page of ours."""
    page = paged.find(tx, update.reference) if update.reference else None
    page = page or paged.by_provider_id(tx, update.provider_id)
    if page is None:
        return False
    match update.state:
        case Delivery.ACCEPTED | Delivery.SENT:
            # The callback names our page: it was taken, whatever we heard ourselves.
            accepted(tx, page, update.provider_id, now)
        case Delivery.DELIVERED:
            delivered(tx, page, update.provider_id, now)
        case Delivery.UNDELIVERED:
            detail = f"the carrier did not deliver it (code {update.code or 'unknown'})"
            known_as, broken = update.provider_id, update.broken
            undelivered(tx, view, page, detail, now, known_as=known_as, broken=broken)
    return True


def undelivered(
    tx: Tx,
    view: View,
    page: Page,
    detail: str,
    now: datetime,
    *,
    known_as: str = "",
    broken: bool = False,
) -> None:
    """Note that it was taken and did not arrive; what follows it is done once."""
    known = {"provider_id": known_as or page.provider_id, "in_doubt": False}
    _hold_issue(tx, page)
    gone = pages.move(tx, page.id, Transition.BOUNCE, now, detail=detail, also=known)
    if gone:
        _give_up(tx, view, page, detail, now, broken=broken)
