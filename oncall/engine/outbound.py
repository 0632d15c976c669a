"""Leased pages, as they are to be sent: to whom, in which words, with which buttons."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from integrations.contract import Button, OutboundMessage
from oncall import metrics
from oncall.actions import answer_trouble, answering, settle, words
from oncall.actions.house import View
from oncall.actions.outbox import address_now, lost_way
from oncall.model import Issue, Kind, Page
from oncall.store import Tx, issues, paged, pages

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Outbound:
    """A leased page, as it is to be sent.

    `before` is where one that is in doubt went, and in which words, if that differs.
    `lost` is why there is no way to its person any more. `edits` is the provider's id
    of the message that it changes.
    """

    page: Page
    message: OutboundMessage
    before: tuple[str, str] | None = None
    lost: str = ""
    edits: str | None = None

    @property
    def is_corrected(self) -> bool:
        """Whether it goes elsewhere, or says something else, than it did before."""
        return self.before is not None


def made(tx: Tx, view: View, leased: Sequence[Page], now: datetime) -> list[Outbound]:
    """Return what is to be sent of these, and keep the words to look them up by."""
    about = issues.found(tx, {number for page in leased for number in _about(page)})
    each = (_one(tx, view, page, about, now) for page in leased)
    outbounds = [outbound for outbound in each if outbound]
    pages.keep_texts(tx, _texts(outbounds))
    return outbounds


def _about(page: Page) -> Collection[int]:
    """Return the issues that must be known to say what a page says."""
    return page.bundle or (() if page.issue is None else (page.issue,))


def _texts(outbounds: Sequence[Outbound]) -> dict[str, str]:
    """Return the words that were put together just now, by page."""
    return {
        each.page.id: each.message.text
        for each in outbounds
        if each.message.text != each.page.text and not each.is_corrected
    }


def _one(
    tx: Tx, view: View, page: Page, about: Mapping[int, Issue], now: datetime
) -> Outbound | None:
    """Let one message that cannot be made not keep the others from being sent."""
    try:
        if page.kind is Kind.MESSAGE:
            return _to_customer(tx, view, page, about, now)
        detail = lost_way(view, page)
        if not detail:
            return _corrected(view, page, _prepared(tx, view, page, about, now))
        if page.in_doubt:  # it may have been taken before: then that is what it is
            before = OutboundMessage(reference=page.id, to=page.address, text=page.text)
            return Outbound(page, before, lost=detail)
        with tx.attempt():
            settle.rejected(tx, view, page, detail, now, broken=False)
            return None
    except Exception:
        log.exception("a message could not be made", action="prepare", page=page.id)
        metrics.TROUBLE.labels("unmade").inc()
        detail = "the message could not be made; it is our mistake and in the log"
        settle.postponed(tx, page, detail, now, retry_after=None, in_doubt=False)
        return None


def _corrected(view: View, page: Page, outbound: Outbound) -> Outbound:
    """Send one that is in doubt to where its person is reached now.

    It is looked for where it went.
    """
    to = address_now(view, page)
    message = replace(outbound.message, to=to)
    if not page.in_doubt or (to, message.text) == (page.address, page.text):
        return outbound
    return replace(outbound, message=message, before=(page.address, page.text))


def _to_customer(
    tx: Tx, view: View, page: Page, about: Mapping[int, Issue], now: datetime
) -> Outbound | None:
    """Return an answer as it is to be sent; None for one that is not sent again."""
    if answer_trouble.lost_twice(tx, view, page, now):
        return None
    issue = about.get(page.issue or 0)
    return Outbound(page, answering.as_sent(tx, view, page, issue))


def _prepared(
    tx: Tx, view: View, page: Page, about: Mapping[int, Issue], now: datetime
) -> Outbound:
    """Return a page as it is to be sent now.

    One that may have been taken before is looked for in the words that it had then.
    """
    issue = about.get(page.issue or 0)
    if page.kind is not Kind.PAGE or issue is None:
        message = OutboundMessage(reference=page.id, to=page.address, text=page.text)
        changed = None if page.edits is None else paged.find(tx, page.edits)
        return Outbound(page, message, edits=changed.provider_id if changed else None)
    rows = words.page_buttons(view, page, issue) if page.via in words.PRESSED else ()
    text = (
        words.bundle_text(view, page, list(about.values()))
        if page.bundle
        else words.page_text(tx, view.person(page.person), page, issue, now)
    )
    message = OutboundMessage(
        reference=page.id,
        to=page.address,
        text=text,
        buttons=tuple(
            tuple(Button(label=label, data=data) for label, data in row) for row in rows
        ),
    )
    return Outbound(page, message)
