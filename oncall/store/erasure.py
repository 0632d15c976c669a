"""A customer's words, names and handles replaced by nothing; the figures stay.

What stays: that there was an issue, when, how bad, who took it, whom it paged, by which
method, and what became of each page. Each step is small, so that no page waits for it.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Table,
    and_,
    delete,
    func,
    or_,
    select,
    update,
)

from oncall.model import Kind
from oncall.store import customers
from oncall.store.among import Among
from oncall.store.pages import call_off
from oncall.store.tables import (
    ConversationRow,
    CustomerRow,
    DeliveryRow,
    HandleRow,
    IdempotencyRow,
    IncidentIssueRow,
    IncidentRow,
    IncidentSuggestionRow,
    IntakeDeliveryRow,
    IntakeMessageRow,
    IssueRow,
    LookedAtRow,
    MessageRow,
    PageChangeRow,
    PageRow,
    PromiseRow,
    SuggestionRow,
    TimelineRow,
    table,
)
from oncall.store.tx import Tx

CUSTOMER, HANDLE = table(CustomerRow), table(HandleRow)
SUGGESTION = table(SuggestionRow)
ISSUE, MESSAGE, PROMISE = table(IssueRow), table(MessageRow), table(PromiseRow)
TIMELINE, PAGE, CHANGE = table(TimelineRow), table(PageRow), table(PageChangeRow)
TAKEN, DELIVERED = table(IntakeMessageRow), table(IntakeDeliveryRow)
CONVERSATION, LOOKED_AT = table(ConversationRow), table(LookedAtRow)
WRITTEN, ANSWERED = table(IdempotencyRow), table(DeliveryRow)
INCIDENT, JOINED = table(IncidentRow), table(IncidentIssueRow)
QUESTION = table(IncidentSuggestionRow)
STRUCTURAL = ("page", "no_way_to_page", "cancelled", "told", "snoozed", "skipped")
"""Events whose detail is ours alone: a level, an instant, a count."""
NAMED = re.compile(r"#\u2068?(\d+)")
"""An issue's number as our answers write it, in any script of digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """How much was replaced by nothing; `more` issues may be left."""

    customers: int = 0
    handles: int = 0
    issues: int = 0
    messages: int = 0
    pages: int = 0
    deliveries: int = 0
    more: bool = False

    def __add__(self, other: "Erased") -> "Erased":
        return Erased(
            customers=self.customers + other.customers,
            handles=self.handles + other.handles,
            issues=self.issues + other.issues,
            messages=self.messages + other.messages,
            pages=self.pages + other.pages,
            deliveries=self.deliveries + other.deliveries,
            more=other.more,
        )


def erase_person(tx: Tx, customer: int) -> Erased:
    """Erase who a customer is, with all who are merged into them.

    This comes first: what they write while their issues are erased is a stranger's.
    """
    group = [*customers.within(tx, customer)]
    for either in (SUGGESTION.c.customer, SUGGESTION.c.other):
        tx.run(delete(SUGGESTION).where(_of(either)), {"these": group})
    handles = tx.run(delete(HANDLE).where(_of(HANDLE.c.customer)), {"these": group})
    blank = {"name": "", "email": "", "phone": "", "handle": ""}
    _blank(tx, CUSTOMER, CUSTOMER.c.id, group, blank)
    return Erased(customers=len(group), handles=handles.rowcount, more=True)


def erase_issues(
    tx: Tx, customer: int, now: datetime, *, after: int, portion: int
) -> tuple[Erased, int]:
    """Erase the words of up to `portion` issues with numbers above `after`.

    Returns what was erased, and the last number.
    """
    group = [*customers.within(tx, customer)]
    found = (
        select(ISSUE.c.number, ISSUE.c.subject, ISSUE.c.opened_at)
        .where(_of(ISSUE.c.customer), ISSUE.c.number > after)
        .order_by(ISSUE.c.number)
        .limit(portion)
    )
    issues = tx.run(found, {"these": group}).mappings().all()
    if not issues:
        return Erased(), after
    numbers = [row["number"] for row in issues]
    _erase_titles(tx, numbers, {row["subject"] for row in issues})
    deliveries = _erase_deliveries(tx, numbers)
    _call_off_words(tx, numbers, now)
    _erase_answers(tx, numbers, min(row["opened_at"] for row in issues))
    erased = Erased(
        issues=len(numbers),
        messages=_erase_records(tx, numbers),
        pages=_erase_pages(tx, numbers),
        deliveries=deliveries,
        more=len(numbers) == portion,
    )
    for number in numbers:
        tx.run(
            TIMELINE.insert(),
            {"issue": number, "at": now, "event": "erased", "reason": "", "detail": ""},
        )
    return erased, numbers[-1]


def _erase_records(tx: Tx, numbers: Sequence[int]) -> int:
    """Erase what an issue says itself; return how many messages there were."""
    issue = {
        "subject": "",
        "external_id": "",
        "link": "",
        "result": "",
        "tags": [],
        "unconfirmed": [],
    }
    _blank(tx, ISSUE, ISSUE.c.number, numbers, issue)
    _blank(tx, PROMISE, PROMISE.c.issue, numbers, {"text": ""})
    _blank(tx, LOOKED_AT, LOOKED_AT.c.issue, numbers, {"because": ""})
    _blank(tx, JOINED, JOINED.c.issue, numbers, {"detail": ""})
    worded = and_(_of(TIMELINE.c.issue), TIMELINE.c.event.not_in(STRUCTURAL))
    tx.run(update(TIMELINE).where(worded).values(detail=""), {"these": [*numbers]})
    message: dict[str, Any] = {
        "text": "",
        "quoted": None,
        "attachments": [],
        "name": None,  # a product's id may hold the customer's number
    }
    return _blank(tx, MESSAGE, MESSAGE.c.issue, numbers, message)


def _erase_titles(tx: Tx, numbers: Sequence[int], subjects: Collection[str]) -> None:
    """Erase a title that was taken from what the customer wrote, and no other."""
    joined = select(JOINED.c.incident).where(_of(JOINED.c.issue))
    asked = select(LOOKED_AT.c.suggestion).where(_of(LOOKED_AT.c.issue))
    for titled, ids in ((INCIDENT, joined), (QUESTION, asked)):
        theirs = and_(titled.c.id.in_(ids), titled.c.title.in_([*subjects]))
        tx.run(update(titled).where(theirs).values(title=""), {"these": [*numbers]})


def _call_off_words(tx: Tx, numbers: Sequence[int], now: datetime) -> None:
    """Call off what waits to be sent as it stands: it would go out without its words.

    Pages are put into words when they are sent, and go on.
    """
    stands = [PAGE.c.issue.in_(numbers), PAGE.c.kind != Kind.PAGE]
    call_off(tx, [*stands, PAGE.c.due_at.is_not(None)], now, "")


def _erase_pages(tx: Tx, numbers: Sequence[int]) -> int:
    """Erase what pages said, also those that named several issues at once.

    The address is the customer's where the page was an answer to them; else ours.
    """
    its = _of(PAGE.c.issue)
    bundles = [
        row.bundled_into
        for row in tx.run(
            select(PAGE.c.bundled_into).where(its, PAGE.c.bundled_into.is_not(None)),
            {"these": [*numbers]},
        )
    ]
    said = {"text": "", "detail": ""}
    tx.run(
        update(PAGE).where(Among(PAGE.c.id, "these")).values(said), {"these": bundles}
    )
    answers = and_(its, PAGE.c.kind == Kind.MESSAGE)
    tx.run(update(PAGE).where(answers).values(address=""), {"these": [*numbers]})
    theirs = select(PAGE.c.id).where(its)
    changes = update(CHANGE).where(CHANGE.c.page.in_(theirs)).values(detail="")
    tx.run(changes, {"these": [*numbers]})
    return _blank(tx, PAGE, PAGE.c.issue, numbers, said)


def _erase_deliveries(tx: Tx, numbers: Sequence[int]) -> int:
    """Erase deliveries as they came, and what tells where and by whom they were sent."""
    taken = tx.run(select(TAKEN).where(_of(TAKEN.c.issue)), {"these": [*numbers]})
    rows = taken.mappings().all()
    for row in rows:
        its = and_(
            CONVERSATION.c.source == row["source"],
            CONVERSATION.c.conversation == row["conversation"],
        )
        tx.run(delete(CONVERSATION).where(its))
        same = and_(
            TAKEN.c.source == row["source"], TAKEN.c.dedup_key == row["dedup_key"]
        )
        blank = {"conversation": "", "message_id": ""}
        # The key stays unreadable and unique: the same delivery is not taken again.
        key = f"erased:{row['delivery']}:{row['at'].timestamp()}"
        tx.run(update(TAKEN).where(same).values(blank | {"dedup_key": key}))
    ids = sorted({row["delivery"] for row in rows})
    whole: Mapping[str, Any] = {
        "url": "",
        "query": {},
        "headers": {},
        "body": b"",
        "detail": "",
        "asked": None,
    }
    once = or_(_of(DELIVERED.c.id), _of(DELIVERED.c.duplicate_of))
    return tx.run(update(DELIVERED).where(once).values(whole), {"these": ids}).rowcount


def _erase_answers(tx: Tx, numbers: Collection[int], since: datetime) -> None:
    """Erase what writes and people's answers were answered about these issues.

    Both are kept for 30 days by a key that names no issue, so those of the time since
    the first of the issues are looked through.
    """
    about = WRITTEN.c.body["number"].as_integer().in_([*numbers])
    tx.run(
        update(WRITTEN)
        .where(WRITTEN.c.created_at >= since, about)
        .values(body={"erased": True})
    )
    answers = tx.run(
        select(ANSWERED.c.channel, ANSWERED.c.delivery_id, ANSWERED.c.answer).where(
            ANSWERED.c.received_at >= since, func.length(ANSWERED.c.answer) > 0
        )
    ).all()
    for row in answers:
        if {int(number) for number in NAMED.findall(row.answer)} & {*numbers}:
            same = and_(
                ANSWERED.c.channel == row.channel,
                ANSWERED.c.delivery_id == row.delivery_id,
            )
            tx.run(update(ANSWERED).where(same).values(answer=""))


def _blank(
    tx: Tx,
    of: Table,
    column: ColumnElement[int],
    these: Collection[int],
    values: Mapping[str, Any],
) -> int:
    changed = update(of).where(_of(column)).values(dict(values))
    return tx.run(changed, {"these": [*these]}).rowcount


def _of(column: ColumnElement[int]) -> Among:
    return Among(column, "these", Integer())
