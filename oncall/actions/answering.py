"""Answers to customers: whether one can be sent, and how it goes into the outbox."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from integrations.contract import OutboundMessage
from oncall.actions.house import View
from oncall.config import answers as configured
from oncall.errors import Conflict, Refused
from oncall.ids import new_id
from oncall.model import Issue, Kind, Page, Via
from oncall.store import Tx, answers, pages
from oncall.store.answers import Conversation

CUSTOMERS_LAST = 100
"""After all that goes to people: an answer never delays a page."""
GIVE_UP_AFTER = timedelta(hours=1)
"""An answer that nobody took for so long is not sent any more: people must know."""
LONGEST_SUBJECT = 120
STOPPED = "the customer wrote STOP, so the phone company hands on no text of ours to the number"
_ANSWERED = re.compile(r"^(?:(?:re|aw|sv|antw|پاسخ)\s*:\s*)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How an issue's customer is answered: by its `source`, from here or only there.

    `address` is where the outbox sends to; empty, `why_not` says why it cannot. `link`
    leads to where people can answer themselves. `until` is the instant up to which the
    customer may be written to, None for ever. `longest` is in characters.
    """

    source: str
    link: str
    address: str = ""
    why_not: str = ""
    until: datetime | None = None
    longest: int | None = None

    def open_at(self, now: datetime) -> bool:
        """Tell whether an answer may be sent now."""
        return bool(self.address) and (self.until is None or now < self.until)


def way_to(tx: Tx, view: View, issue: Issue) -> Way:
    """Return how an issue's customer is answered: where they last wrote, if we can.

    Who went from a text to a messenger, or takes no texts any more, is answered there.
    """
    own = answers.conversation(tx, issue.source, issue.external_id)
    ways = [(own.said_at if own else None, _way(view, issue, issue.source, own))]
    for spoken in answers.last_spoken(tx, issue.number):
        way = _way(view, issue, spoken.source, spoken.known)
        ways.append((spoken.known.said_at, way))
    open_ones = [(at, way) for at, way in ways if at is not None and way.address]
    # the first of those that are as late: the one in which the issue began
    return max(open_ones, key=itemgetter(0))[1] if open_ones else ways[0][1]


def _way(view: View, issue: Issue, source: str, known: Conversation | None) -> Way:
    why_not = configured.why_not(view.config, source)
    if not why_not and Via.SOURCE not in view.vias:
        why_not = "its account was added after the service began; restart the service"
    if not why_not and (known is None or not known.address):
        why_not = "it is not known in which conversation the customer wrote"
    if why_not or known is None:
        return Way(source=source, link=issue.link, why_not=why_not)
    if known.stopped_at is not None:
        return Way(source=source, link=issue.link, why_not=STOPPED)
    terms = configured.terms(view.config, source)
    return Way(
        source=source,
        link=issue.link,
        address=f"{source}/{known.address}",
        until=None if terms.window is None else known.said_at + terms.window,
        longest=terms.longest,
    )


def check(way: Way, text: str, now: datetime) -> None:
    """Raise Refused for words that are too long, Conflict for those that cannot be sent."""
    if not way.address:
        raise _not_from_here(way)
    if way.longest is not None and len(text) > way.longest:
        said = f"has {len(text)} characters, and {way.source} takes {way.longest}"
        msg = f"the text {said}: send it in parts"
        raise Refused(msg, [("text", said)])
    if not way.open_at(now):
        msg = (
            f"the customer last wrote by {way.source} more than 24 hours ago, and only "
            "a template may be sent there now: send one, or try another way, and "
            'record here what you said with "send": false, "where": "phone"'
        )
        raise Conflict(msg)


def must_say_where(way: Way) -> None:
    """Raise for an answer that was not sent and of which nobody says where it was told.

    Conflict when it could not be sent either, else Refused.
    """
    if not way.address:
        raise _not_from_here(way)
    msg = "say where the customer was told, or have it sent from here"
    raise Refused(msg, [("where", "is needed for what was told elsewhere")])


def _not_from_here(way: Way) -> Conflict:
    """Say that nothing was sent or recorded, and what can be done."""
    there = f"answer there ({way.link})" if way.link else "call, or answer there"
    msg = (
        f"this customer cannot be answered from here, and nothing was sent: "
        f"{way.why_not}; {there}, and then record what you said with "
        '"send": false, "where": "phone", or with `oncall issue told`'
    )
    return Conflict(msg)


def plan(
    tx: Tx, way: Way, issue: int, text: str, author: str | None, now: datetime
) -> None:
    """Keep an answer, and have the outbox hand it over."""
    key = new_id()
    page = pages.Plan(
        id=key,
        kind=Kind.MESSAGE,
        person="",
        via=Via.SOURCE,
        address=way.address,
        sequence=key,
        step=0,
        due_at=now,
        priority=CUSTOMERS_LAST,
        issue=issue,
        text=text,
    )
    pages.plan(tx, [page], now)
    answers.add(tx, issue, now, page=key, text=text, author=author)


def as_sent(tx: Tx, view: View, page: Page, issue: Issue | None) -> OutboundMessage:
    """Return an answer as it is handed over: exactly the words that were written."""
    source = source_of(page)
    by_mail = configured.kind_of(view.config, source) in configured.MAIL
    letters = answers.letters(tx, source, page.issue) if by_mail and page.issue else []
    return OutboundMessage(
        reference=page.id,
        to=page.address,
        text=page.text,
        valid_for=GIVE_UP_AFTER,
        subject=letter_subject(issue) if issue else "",
        answers=tuple(letters),
    )


def letter_subject(issue: Issue) -> str:
    """Return what a letter about an issue is called: an answer, with its number."""
    number = f"[#{issue.number}]"
    words = _ANSWERED.sub("", issue.subject).replace(number, "").strip()
    return f"Re: {words[:LONGEST_SUBJECT]} {number}"


def source_of(page: Page) -> str:
    """Return the source by which a page goes to a customer."""
    return page.address.partition("/")[0]
