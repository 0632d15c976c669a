"""A storm: more pages than a person can read become one that says how many and which.

A critical issue's page is always sent by itself, and before everything else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

from escalation_policies.policy import Severity
from oncall.actions.outbox import PRIORITY
from oncall.model import Kind, Page, Via
from oncall.store import Tx, bundles, pages

ALONE = 3
"""So many unanswered pages may stand on a phone before more are joined."""
WITHIN = timedelta(minutes=5)
APART = timedelta(minutes=1)
"""Between two bundles to the same phone."""


def bundled(tx: Tx, claimed: Sequence[Page], now: datetime) -> list[Page]:
    """Return what is to be handed over of the pages just claimed, the most urgent first.

    The others were joined into one of these, or put off for a moment.
    """
    bundled_before = [page for page in claimed if page.bundle]
    joinable = [page for page in claimed if _may_be_joined(page)]
    if not (joinable or bundled_before):
        return list(claimed)
    addresses = {page.address for page in (*joinable, *bundled_before)}
    claimed_ids = [page.id for page in claimed]
    standing = bundles.lately(tx, addresses, now - WITHIN, now, but=claimed_ids)
    claimed = _as_they_stand(tx, claimed, bundled_before, standing, now)
    joinable = [page for page in claimed if _may_be_joined(page)]
    joined: dict[str, Page | None] = {}
    for (_, address), group in groupby(sorted(joinable, key=_way), key=_way):
        known = standing.get(address, set())
        surplus = list(group)[max(0, ALONE - len(known)) :]
        if surplus:
            joined |= _join(tx, surplus, known, now, claimed_ids)
    kept = (joined.get(page.id, page) for page in claimed)
    return [page for page in kept if page is not None]


def _as_they_stand(
    tx: Tx,
    claimed: Sequence[Page],
    carriers: Sequence[Page],
    standing: Mapping[str, set[int]],
    now: datetime,
) -> list[Page]:
    """Let a page that had to wait stand for what still waits: others may be taken.

    When none is left but its own issue, it is a page like any other.
    """
    now_for: dict[str, Page] = {}
    for page in carriers:
        known = standing.get(page.address, set()).intersection(page.bundle)
        waiting = known | bundles.still_joined(tx, page, now) | _own(page)
        left = tuple(sorted(waiting)) if len(waiting) > 1 else ()
        if left == page.bundle:
            continue
        now_for[page.id] = replace(page, bundle=left)
        if not page.in_doubt:  # else it may be on the phone, and stand for all of them
            bundles.stand_for(tx, page, left)
    return [now_for.get(page.id, page) for page in claimed]


def _may_be_joined(page: Page) -> bool:
    first_try = page.kind is Kind.PAGE and not page.in_doubt
    return first_try and page.priority > PRIORITY[Severity.CRITICAL]


def _way(page: Page) -> tuple[Via, str]:
    """Return what pages are joined by: a call is not made up for by a text."""
    return page.via, page.address


def _join(
    tx: Tx,
    surplus: Sequence[Page],
    known: set[int],
    now: datetime,
    claimed: Sequence[str],
) -> dict[str, Page | None]:
    """Make one page of many; return what becomes of each (None: not handed over)."""
    carrier, *others = surplus
    # Another node's clock may be ahead of ours, or ours was until now.
    last = bundles.last_bundles(
        tx, [carrier.address], now - APART, now + APART, but=claimed
    )
    if carrier.address in last:
        return _put_off(tx, surplus, min(last[carrier.address], now) + APART, now)
    issues = sorted(known.union(*(_stands_for(page) for page in surplus)))
    bundles.join(tx, carrier, others, issues, now)
    gone: dict[str, Page | None] = {page.id: None for page in others}
    return gone | {carrier.id: replace(carrier, bundle=tuple(issues))}


def _stands_for(page: Page) -> set[int]:
    """Return a page's issues; a bundle that had to wait has several already."""
    return {*page.bundle, *_own(page)}


def _own(page: Page) -> set[int]:
    return set() if page.issue is None else {page.issue}


def _put_off(
    tx: Tx, surplus: Sequence[Page], until: datetime, now: datetime
) -> dict[str, Page | None]:
    for page in surplus:
        pages.give_back(tx, page, until, now, detail=bundles.WAITS)
    return {page.id: None for page in surplus}
