"""Bad news in the outbox: whom it names as an issue's owner, and who never had it."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy import select, update

from oncall.model import Kind, Page, PageState
from oncall.store.pages import CAME_TO_NOTHING, PAGE, as_page, call_off
from oncall.store.timeline import TIMELINE
from oncall.store.tx import Tx

GONE = (*CAME_TO_NOTHING, PageState.CANCELLED)
IN_PAGE = "bad_news_in_page"
"""The event that somebody was not told bad news, since a page says as much."""


def without_owner(tx: Tx, issue: int) -> list[list[Page]]:
    """Return the ladders of bad news that name nobody as the owner, step by step.

    Without the steps that reached nobody.
    """
    statement = select(PAGE).where(
        PAGE.c.issue == issue,
        PAGE.c.kind == Kind.BAD_NEWS,
        PAGE.c.owner == "",
        PAGE.c.state.not_in(GONE),
    )
    rows = tx.all(statement.order_by(PAGE.c.sequence, PAGE.c.step))
    steps: Iterable[Page] = map(as_page, rows)
    return [list(each) for _, each in groupby(steps, key=attrgetter("sequence"))]


def name(tx: Tx, page: str, owner: str, text: str | None) -> None:
    """Note whom bad news names by now; `text` when it says so itself."""
    its = update(PAGE).where(PAGE.c.id == page)
    said = {} if text is None else {"text": text}
    tx.run(its.values(owner=owner, **said))


def paged_since(tx: Tx, issue: int, person: str, since: datetime) -> bool:
    """Tell whether somebody was paged for an issue after `since`, or is about to be."""
    statement = select(PAGE.c.id).where(
        PAGE.c.issue == issue,
        PAGE.c.person == person,
        PAGE.c.kind == Kind.PAGE,
        PAGE.c.created_at > since,
        PAGE.c.state.not_in(GONE),
    )
    return tx.first(statement.limit(1)) is not None


def call_off_untold(tx: Tx, issue: int, person: str, now: datetime) -> None:
    """Call off bad news that nobody was handed yet: its person is paged for the issue."""
    meant = [
        PAGE.c.issue == issue,
        PAGE.c.person == person,
        PAGE.c.kind == Kind.BAD_NEWS,
    ]
    rows = tx.all(select(PAGE.c.sequence, PAGE.c.sent_at).where(*meant))
    begun = {row["sequence"] for row in rows if row["sent_at"] is not None}
    if untold := {row["sequence"] for row in rows} - begun:
        its = PAGE.c.sequence.in_(sorted(untold))
        call_off(tx, [*meant, its], now, "paged for it meanwhile")


def unheard(tx: Tx, issue: int) -> dict[str, str]:
    """Return who should have had bad news from a page that nobody was handed, and why."""
    left_to_page = select(TIMELINE.c.person, TIMELINE.c.reason).where(
        TIMELINE.c.issue == issue, TIMELINE.c.event == IN_PAGE
    )
    heard = select(PAGE.c.person).where(
        PAGE.c.issue == issue,
        PAGE.c.kind.in_((Kind.PAGE, Kind.BAD_NEWS)),
        PAGE.c.state.not_in(GONE),
    )
    have_it = {row["person"] for row in tx.all(heard)}
    meant = tx.all(left_to_page.order_by(TIMELINE.c.id))
    return {
        row["person"]: row["reason"] for row in meant if row["person"] not in have_it
    }
