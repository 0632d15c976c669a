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
) -> bool:
    """Plan a message that wants no answer: the next method only if one fails.

    False when there is no way to them.
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
        )
        for step, rung in enumerate(ladder)
    ]
    pages.plan(tx, plans, now)
    return bool(plans)


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
