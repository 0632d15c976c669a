"""Pages that stand for many: what a phone has had lately, and what is joined for it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, func, or_, select, update

from oncall.model import Issue, Kind, Page, PageState
from oncall.store import issues
from oncall.store.among import Among
from oncall.store.due import Due
from oncall.store.pages import PAGE, Transition, move, plan_anew
from oncall.store.prepared import Prepared
from oncall.store.tx import Tx

WAITS = "waits for the next bundle"
HANDED_OVER = (PageState.SENDING, PageState.ACCEPTED, PageState.DELIVERED)

LATELY = Prepared(
    select(
        PAGE.c.id, PAGE.c.address, PAGE.c.issue, PAGE.c.bundle, PAGE.c.sent_at
    ).where(
        Among(PAGE.c.address, "these"),
        PAGE.c.sent_at > bindparam("since"),
        PAGE.c.kind == Kind.PAGE,
        or_(*(PAGE.c.state == state for state in HANDED_OVER)),
        PAGE.c.answered_at.is_(None),
        PAGE.c.issue.is_not(None),
    )
)


def lately(
    tx: Tx,
    addresses: Collection[str],
    since: datetime,
    now: datetime,
    *,
    but: Collection[str],
) -> dict[str, set[int]]:
    """Return the issues each address was paged for since then and that still wait.

    Nobody has answered them from there, and no colleague has them meanwhile. `but` are
    pages that do not count: those being claimed at this moment.
    """
    rows = [
        row
        for row in tx.all(LATELY, these=sorted(addresses), since=since)
        if row["id"] not in but
    ]
    paged = {row["id"]: {row["issue"], *row["bundle"]} for row in rows}
    about = issues.found(tx, set().union(*paged.values()))
    waiting: dict[str, set[int]] = {}
    for row in rows:
        known = (about[number] for number in paged[row["id"]] if number in about)
        still = {each.number for each in known if _waits(each, row["sent_at"], now)}
        waiting.setdefault(row["address"], set()).update(still)
    return waiting


def _waits(issue: Issue, paged_at: datetime, now: datetime) -> bool:
    """Tell whether an issue still waits for who was paged for it then."""
    if issue.status not in issues.UNFINISHED:
        return False
    if issue.snoozed_until is not None and now < issue.snoozed_until:
        return False
    taken_at = issue.confirmed_at or issue.acknowledged_at
    if taken_at is None:
        return True
    return issue.waiting_since is not None and taken_at < paged_at


def still_joined(tx: Tx, carrier: Page, now: datetime) -> set[int]:
    """Return the issues of a page for many whose own pages went into one, and wait.

    What a snooze holds by now waits by itself.
    """
    meant = and_(PAGE.c.issue.in_(carrier.bundle), PAGE.c.address == carrier.address)
    detail = "the page it was joined to is sent without it"
    plan_anew(tx, meant & (PAGE.c.held_until > now), now, detail)
    statement = select(PAGE.c.issue).where(
        meant, PAGE.c.state == PageState.SUPERSEDED, PAGE.c.called_off.is_(False)
    )
    return {int(row["issue"]) for row in tx.all(statement)}


def stand_for(tx: Tx, carrier: Page, numbers: Sequence[int]) -> None:
    """Let a page stand for these from now on."""
    its = update(PAGE).where(PAGE.c.id == carrier.id)
    tx.run(its.values(bundle=list(numbers), bundle_size=len(numbers)))


def last_bundles(
    tx: Tx,
    addresses: Collection[str],
    since: datetime,
    until: datetime,
    *,
    but: Collection[str],
) -> dict[str, datetime]:
    """Return when each address last got a bundle, if that was after `since`.

    What was sent after `until`, by a clock that was set back since, does not count.
    `but` are pages that do not count: a bundle that was given back, and is claimed
    again at this moment, must not wait for itself, nor for one that went into it.
    """
    statement = (
        select(PAGE.c.address, func.max(PAGE.c.sent_at).label("at"))
        .where(
            PAGE.c.address.in_(addresses),
            PAGE.c.sent_at > since,
            PAGE.c.sent_at < until,
            PAGE.c.kind == Kind.PAGE,
            PAGE.c.bundle_size > 0,
            PAGE.c.id.not_in(but),
            PAGE.c.bundled_into.is_(None),
        )
        .group_by(PAGE.c.address)
    )
    return {row["address"]: row["at"] for row in tx.all(statement)}


def join(
    tx: Tx, carrier: Page, others: Sequence[Page], numbers: list[int], now: datetime
) -> None:
    """Let `carrier` stand for these issues; the others' pages are not handed over."""
    stand_for(tx, carrier, numbers)
    for page in others:
        move(
            tx,
            page.id,
            Transition.SUPERSEDE,
            now,
            epoch=page.epoch,
            detail="bundled",
            also={"bundled_into": carrier.id},
        )


def unanswered(tx: Tx, addresses: Collection[str], since: datetime) -> list[int]:
    """Return all issues that pages to these addresses stand for and nobody answered.

    What is in doubt may well be on the phone.
    """
    statement = select(PAGE.c.issue).where(
        PAGE.c.address.in_(addresses),
        PAGE.c.sent_at > since,
        PAGE.c.kind == Kind.PAGE,
        PAGE.c.answered_at.is_(None),
        PAGE.c.issue.is_not(None),
        or_(
            PAGE.c.state.in_(HANDED_OVER),
            PAGE.c.bundled_into.is_not(None),
            PAGE.c.in_doubt.is_(True),
        ),
    )
    return sorted({int(row["issue"]) for row in tx.all(statement)})


def release(tx: Tx, issue: int, now: datetime) -> None:
    """Let an issue's pages wait for no bundle: they are to be sent by themselves."""
    held = update(PAGE).where(
        PAGE.c.issue == issue,
        PAGE.c.state == PageState.PLANNED,
        PAGE.c.detail == WAITS,
        PAGE.c.due_at > now,
    )
    if tx.run(held.values(due_at=now)).rowcount:
        tx.wake(Due.PAGE, now)
