"""Putting messages to people into the outbox: their ladder, step by step."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from escalation_policies.policy import Severity
from oncall.actions.house import Step, View
from oncall.ids import new_id
from oncall.model import Issue, Kind, Page, Via
from oncall.store import Tx, pages, timeline

# What is sent first when there is more to send than providers take.
PRIORITY = {
    Severity.CRITICAL: 0,
    Severity.HIGH: 20,
    Severity.NORMAL: 30,
    Severity.LOW: 40,
}
BAD_NEWS_FIRST = 10
ANSWERS = 5
NOTICES_LAST = 90


def page(
    tx: Tx,
    view: View,
    issue: Issue,
    person: str,
    now: datetime,
    *,
    level: int | None,
    round_: int,
    reason: str,
) -> bool:
    """Plan a page up a person's whole ladder; False when there is no way to them."""
    ladder = _ladder(view, person)
    _say_what_is_left_out(tx, view, issue.number, person, now)
    sequence = new_id()
    plans = [
        pages.Plan(
            id=new_id(),
            kind=Kind.PAGE,
            person=person,
            via=rung.via,
            address=rung.address,
            sequence=sequence,
            step=step,
            due_at=now + rung.after,
            priority=PRIORITY[issue.severity],
            issue=issue.number,
            level=level,
            round=round_,
            reason=reason,
        )
        for step, rung in enumerate(ladder)
    ]
    pages.plan(tx, plans, now)
    return bool(plans)


def tell(
    tx: Tx,
    view: View,
    person: str,
    now: datetime,
    *,
    kind: Kind,
    issue: int | None,
    reason: str,
    texts: Callable[[Via], str],
    owner: str | None = None,
) -> bool:
    """Plan a message that wants no answer: the next method only if one fails.

    `owner` is whom bad news names as the issue's, "" for nobody. False when there is no
    way to them.
    """
    ladder = _ladder(view, person)
    if issue is not None and kind is Kind.BAD_NEWS:
        _say_what_is_left_out(tx, view, issue, person, now)
    sequence = new_id()
    plans = [
        pages.Plan(
            id=new_id(),
            kind=kind,
            person=person,
            via=rung.via,
            address=rung.address,
            sequence=sequence,
            step=step,
            due_at=now if step == 0 else None,
            priority=BAD_NEWS_FIRST if kind is Kind.BAD_NEWS else NOTICES_LAST,
            issue=issue,
            reason=reason,
            text=texts(rung.via),
            owner=owner,
        )
        for step, rung in enumerate(ladder)
    ]
    pages.plan(tx, plans, now)
    return bool(plans)


def edit(tx: Tx, page: Page, text: str, now: datetime, *, reason: str) -> None:
    """Plan that a page's message on the phone is changed; an earlier change is not."""
    pages.call_off_edits(tx, page.id, now)
    pages.plan(tx, [_edit(page, text, now, reason, new_id())], now)


def edit_or_tell(
    tx: Tx,
    view: View,
    page: Page,
    text: str,
    now: datetime,
    *,
    reason: str,
    texts: Callable[[Via], str],
) -> None:
    """Do as `edit`; if it cannot be changed any more, tell its person something else."""
    sequence = new_id()
    first = _edit(page, text, now, reason, sequence)
    steps = [
        replace(
            first,
            id=new_id(),
            via=rung.via,
            address=rung.address,
            step=step,
            due_at=None,
            text=texts(rung.via),
            edits=None,
        )
        for step, rung in enumerate(_ladder(view, page.person), 1)
    ]
    pages.plan(tx, [first, *steps], now)


def _edit(
    page: Page, text: str, now: datetime, reason: str, sequence: str
) -> pages.Plan:
    return pages.Plan(
        id=new_id(),
        kind=Kind.NOTICE,
        person=page.person,
        via=page.via,
        address=page.address,
        sequence=sequence,
        step=0,
        due_at=now,
        priority=NOTICES_LAST,
        issue=page.issue,
        reason=reason,
        text=text,
        edits=page.id,
    )


def _ladder(view: View, person: str) -> tuple[Step, ...]:
    """Return how a person is reached: not at all who has left the configuration."""
    found = view.config.people.get(person)
    return () if found is None else view.ladder(found)


def _say_what_is_left_out(
    tx: Tx, view: View, issue: int, person: str, now: datetime
) -> None:
    """Write down which methods are not even tried, so that it can be explained."""
    found = view.config.people.get(person)
    for via, how in view.left_out(found) if found else ():
        timeline.note(
            tx, issue, "method_left_out", now, reason=via, person=person, detail=how
        )


def readdressed(tx: Tx, view: View, page: Page) -> Page:
    """Return a page as it goes to where its person is reached now.

    The address may have been corrected since it was planned. One that is in doubt is
    looked for where it went, and readdressed only when it was not found there.
    """
    address = address_now(view, page)
    if page.in_doubt or address == page.address:
        return page
    pages.readdress(tx, page.id, address)
    return replace(page, address=address)


def address_now(view: View, page: Page) -> str:
    """Return where a page's person is reached now; its own address if they are not."""
    person = view.config.people.get(page.person)
    found = None if person is None else view.address(person, page.via)
    return found or page.address


def lost_way(view: View, page: Page) -> str:
    """Return why there is no way to a page's person by its method any more, or ""."""
    if page.kind is Kind.ANSWER:  # in a chat, to whoever wrote there
        return ""
    person = view.config.people.get(page.person)
    if person is None:
        return f"{page.person} is no longer in the configuration"
    if view.address(person, page.via) is None:
        return f"{page.person} has no address for {page.via} any more"
    return ""


def answer_in_chat(tx: Tx, via: str, chat: str, text: str, now: datetime) -> None:
    """Plan the answer to somebody's words, back into the same chat."""
    key = new_id()
    plan = pages.Plan(
        id=key,
        kind=Kind.ANSWER,
        person="",
        via=Via(via),
        address=chat,
        sequence=key,
        step=0,
        due_at=now,
        priority=ANSWERS,
        text=text,
    )
    pages.plan(tx, [plan], now)
