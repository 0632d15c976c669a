"""Letters that come back: an answer of ours did not arrive, so its customer waits again.

What a mail server gives back is found by the Message-ID that we gave it, which only
those know who had the letter. A server that gives back nothing is believed by the
address it names, as long as we wrote there lately.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from integrations.intake.contract import Bounce
from oncall.actions import settle
from oncall.actions.house import View
from oncall.model import Kind, Page, PageState, Via
from oncall.store import Tx, answers, customers, issues, paged, timeline

RETURNS_WITHIN = timedelta(days=7)
"""Servers try for five days at most; without a Message-ID nothing older is meant."""
LOOKED_AT = 5
"""So many recipients, customers with an address, and issues of one are looked at."""
RETURNED = "a mail server gave it back: the address takes no letters"


def returned(tx: Tx, view: View, bounce: Bounce, now: datetime) -> int | None:
    """Note what became of the answer that is meant; return its issue.

    None when it is no answer of ours. A server that goes on trying changes nothing yet.
    """
    page = _by_name(tx, bounce) or _by_recipient(tx, bounce, now)
    if page is None or page.issue is None:
        return None
    if bounce.permanent:
        settle.undelivered(tx, view, page, RETURNED, now)
    else:
        detail = "a mail server has not delivered it yet, and goes on trying"
        timeline.note(tx, page.issue, "answer_delayed", now, detail=detail)
    return page.issue


def _by_name(tx: Tx, bounce: Bounce) -> Page | None:
    found = (paged.by_provider_id(tx, name) for name in bounce.message_ids)
    return next((page for page in found if page is not None and _is_answer(page)), None)


def _is_answer(page: Page) -> bool:
    return page.kind is Kind.MESSAGE and page.via is Via.SOURCE


def _by_recipient(tx: Tx, bounce: Bounce, now: datetime) -> Page | None:
    """Return the latest answer that went to an address and may still come back."""
    if bounce.message_ids:
        return None
    sent = (page for to in bounce.recipients[:LOOKED_AT] for page in _sent_to(tx, to))
    lately = [
        page
        for page in sent
        if page.state is PageState.ACCEPTED
        and page.sent_at is not None
        and page.sent_at > now - RETURNS_WITHIN
    ]
    return max(lately, key=lambda page: page.sent_at or now, default=None)


def _sent_to(tx: Tx, to: str) -> Iterator[Page]:
    """Yield the answers that went to an address, on the issues of who wrote from it."""
    writers = customers.having(tx, "email", to.lower(), LOOKED_AT)
    for issue in issues.of_customers(tx, writers, limit=LOOKED_AT) if writers else ():
        for page in paged.of_issue(tx, issue.number):
            mailbox = answers.mailbox_of(page.address.partition("/")[2])
            if _is_answer(page) and mailbox == to.lower():
                yield page
