"""What became of an answer to a customer, and what follows from it."""

from datetime import datetime

from oncall import wording
from oncall.actions.answering import source_of
from oncall.actions.examine import FINISHED, examine
from oncall.actions.heard import heard
from oncall.actions.house import View
from oncall.actions.incident_heard import news_heard
from oncall.actions.words import notice
from oncall.model import Page, PageState
from oncall.store import Tx, answers, issues, timeline
from oncall.store.issues import Standing


def taken(tx: Tx, page: Page, now: datetime) -> None:
    """Note that the product took it: from now on the customer has an answer.

    Whoever holds the page holds its issue, too (see `settle`).
    """
    _note(tx, page, "answer_sent", now)
    message = answers.of_page(tx, page.id)
    if message is None or page.issue is None:
        return
    at, author = message["at"], message["author"]
    heard(tx, page.issue, now, written_at=at, by=author, how=source_of(page))
    news_heard(tx, message, page.issue, now)


def arrived(tx: Tx, page: Page, now: datetime) -> None:
    """Note that the customer has it. That may be heard before it is heard that it went."""
    if page.state is not PageState.ACCEPTED:
        taken(tx, page, now)
    _note(tx, page, "answer_delivered", now)


def failed(tx: Tx, view: View, page: Page, detail: str, now: datetime) -> None:
    """Note that the customer will not have it: the customer waits again.

    Whoever looks after the issue is told, once.
    """
    _note(tx, page, "answer_failed", now, detail=detail)
    standing = None if page.issue is None else issues.lock(tx, page.issue)
    if standing is None:
        return
    issue = standing.issue
    for person in _looking_after(view, standing, now):
        say = wording.answer_failed
        notice(tx, view, issue, person, now, reason="answer_failed", say=say)
    if issue.status not in FINISHED:
        since = issue.waiting_since or now
        issues.change(tx, issue.number, waiting_since=since, updated_at=now)
        examine(tx, view, issue.number, now)


def _note(tx: Tx, page: Page, event: str, now: datetime, *, detail: str = "") -> None:
    if page.issue is not None:
        source = source_of(page)
        timeline.note(tx, page.issue, event, now, reason=source, detail=detail)


def _looking_after(view: View, standing: Standing, now: datetime) -> tuple[str, ...]:
    """Return the owner, else who is on call for the first level that has anybody."""
    owner = standing.issue.owner
    if owner is not None and owner in view.config.people:
        return (owner,)
    levels = [level.targets for level in standing.policy.levels]
    for targets in (*levels, view.config.service.last_resort):
        found = {each for target in targets for each in view.people_of(target, now)}
        if found:
            return tuple(sorted(found))
    return ()
