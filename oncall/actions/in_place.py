"""Messages on phones that are no longer true, changed where they stand.

A change is a message of the outbox like any other, so it survives a crash and a
provider that is away. Where a channel cannot change a message, a text says it once.
"""

from datetime import datetime

from escalation_policies.reason import Reason
from oncall import wording
from oncall.actions import outbox
from oncall.actions.house import View
from oncall.actions.words import PRESSED, RICH, bad_news_in, edited_page, shown
from oncall.model import Issue, Kind, Page, PageState, Person, Verb, Via
from oncall.store import Tx, bad_news, paged

EDITED, OWNER_NAMED = "edited", "owner_named"
"""Why these are sent, as the timeline and `oncall why` say it."""


def settle_buttons(
    tx: Tx,
    view: View,
    issue: Issue,
    person: str,
    verb: Verb,
    now: datetime,
    *,
    pressed: str = "",
) -> None:
    """Let pages in a person's chat say what they answered by another way.

    `pressed` is the page whose own button it was: that is changed with the answer.
    """
    reader = view.config.people.get(person)
    if reader is None:
        return
    for page in paged.with_buttons(tx, issue.number, person, PRESSED):
        if page.id != pressed:
            text = edited_page(view, reader, issue, verb, now)
            outbox.edit(tx, page, text, now, reason=EDITED)


def name_owner(tx: Tx, view: View, issue: Issue, now: datetime) -> None:
    """Correct bad news that said that nobody has an issue: once, when somebody takes it.

    What was not sent yet says it from the start. What was is changed where it stands,
    or followed by one text that names the owner; who took it knows.
    """
    if issue.owner is None:
        return
    for ladder in bad_news.without_owner(tx, issue.number):
        reader = view.config.people.get(ladder[0].person)
        told = [page for page in ladder if _may_be_told(page)]
        for page in ladder:
            words = None
            if reader and page not in told:
                words = _news(tx, view, issue, reader, page, now)
            bad_news.name(tx, page.id, issue.owner, words)
        if reader is not None and told:
            _correct(tx, view, issue, reader, told[0], now)


def _may_be_told(page: Page) -> bool:
    return page.state is not PageState.PLANNED or page.in_doubt


def _news(
    tx: Tx, view: View, issue: Issue, reader: Person, page: Page, now: datetime
) -> str:
    return bad_news_in(tx, view, issue, reader, Reason(page.reason), page.via, now)


def _correct(
    tx: Tx, view: View, issue: Issue, reader: Person, page: Page, now: datetime
) -> None:
    can_edit = page.via in PRESSED and bool(page.provider_id)
    if reader.id == issue.owner and not can_edit:
        return
    at = shown(reader, issue.acknowledged_at or now, now)

    def text(via: Via) -> str:
        return wording.owner_has_it(
            reader.language,
            number=issue.number,
            owner=view.name_of(issue.owner),
            at=at,
            rich=via in RICH,
        )

    if can_edit:
        news = _news(tx, view, issue, reader, page, now)
        outbox.edit_or_tell(tx, view, page, news, now, reason=OWNER_NAMED, texts=text)
        return
    outbox.tell(
        tx,
        view,
        reader.id,
        now,
        kind=Kind.NOTICE,
        issue=issue.number,
        reason=OWNER_NAMED,
        texts=text,
    )
