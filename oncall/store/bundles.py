"""Pages that stand for many: what a phone has had lately, and what is joined for it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select, update

from oncall.model import Kind, Page, PageState
from oncall.store.among import Among
from oncall.store.due import Due
from oncall.store.pages import PAGE, Transition, move
from oncall.store.prepared import Prepared
from oncall.store.tx import Tx

WAITS = "waits for the next bundle"
HANDED_OVER = (PageState.SENDING, PageState.ACCEPTED, PageState.DELIVERED)

LATELY = Prepared(
    select(PAGE.c.id, PAGE.c.address, PAGE.c.issue, PAGE.c.bundle).where(
        Among(PAGE.c.address, "these"),
        PAGE.c.sent_at > bindparam("since"),
        PAGE.c.kind == Kind.PAGE,
        or_(*(PAGE.c.state == state for state in HANDED_OVER)),
        PAGE.c.answered_at.is_(None),
        PAGE.c.issue.is_not(None),
    )
)


def lately(
    tx: Tx, addresses: Collection[str], since: datetime, *, but: Collection[str]
) -> dict[str, set[int]]:
    """Return the unanswered issues each address was paged for since then.

    `but` are pages that do not count: those being claimed at this moment.
    """
    found: dict[str, set[int]] = {}
    for row in tx.all(LATELY, these=sorted(addresses), since=since):
        if row["id"] in but:
            continue
        issues = {row["issue"], *row["bundle"]}
        found.setdefault(row["address"], set()).update(issues)
    return found


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
    tx: Tx, carrier: Page, others: Sequence[Page], issues: list[int], now: datetime
) -> None:
    """Let `carrier` stand for `issues`; the others' pages are not handed over."""
    stands_for = {"bundle": issues, "bundle_size": len(issues)}
    tx.run(update(PAGE).where(PAGE.c.id == carrier.id).values(stands_for))
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
