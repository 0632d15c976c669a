"""Deletion of what is older than it is to be kept, a small portion at a time.

Each portion is one short transaction, so that no page waits for it. Who was on call when
(revisions, overrides, swaps, absences) stays: the past is answered by it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Integer,
    Table,
    delete,
    exists,
    select,
    text,
    update,
)

from oncall.store.among import Among
from oncall.store.prepared import Row
from oncall.store.tables import (
    FINISHED,
    ConversationRow,
    CustomerRow,
    HandleRow,
    IncidentIssueRow,
    IncidentLetterRow,
    IncidentRow,
    IncidentSuggestionRow,
    IncidentUpdateRow,
    IntakeDeliveryRow,
    IntakeMessageRow,
    IssueRow,
    LookedAtRow,
    MessageRow,
    PageChangeRow,
    PageRow,
    PromiseRow,
    SentAnswerRow,
    SuggestionRow,
    TimelineRow,
    table,
)
from oncall.store.tx import Tx

ISSUE, PAGE, CHANGE = table(IssueRow), table(PageRow), table(PageChangeRow)
CUSTOMER, HANDLE = table(CustomerRow), table(HandleRow)
SUGGESTION = table(SuggestionRow)
INCIDENT, JOINED = table(IncidentRow), table(IncidentIssueRow)
UPDATE, LETTER = table(IncidentUpdateRow), table(IncidentLetterRow)
QUESTION, LOOKED_AT = table(IncidentSuggestionRow), table(LookedAtRow)
TAKEN, DELIVERED = table(IntakeMessageRow), table(IntakeDeliveryRow)
CONVERSATION = table(ConversationRow)
OF_AN_ISSUE: Sequence[Table] = (
    table(SentAnswerRow),
    LETTER,
    table(MessageRow),
    table(PromiseRow),
    table(TimelineRow),
    JOINED,
    LOOKED_AT,
    TAKEN,
)
"""In this order: an answer that was sent and a letter name a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """How many were deleted, and whether there may be `more`."""

    issues: int = 0
    customers: int = 0
    notices: int = 0
    more: bool = False

    def __add__(self, other: "Pruned") -> "Pruned":
        return Pruned(
            issues=self.issues + other.issues,
            customers=self.customers + other.customers,
            notices=self.notices + other.notices,
            more=other.more,
        )


def prune(tx: Tx, before: datetime, *, portion: int) -> Pruned:
    """Delete up to `portion` issues that ended before then, with all that is theirs.

    So go their customers, once nothing else is known of them, and notices of that age
    that concern no issue. An issue of an incident that is open stays with it.
    """
    ended = tx.all(
        select(ISSUE.c.number, ISSUE.c.customer)
        .where(text(FINISHED), ISSUE.c.updated_at < before, ~_in_an_open_incident())
        .order_by(ISSUE.c.updated_at)
        .limit(portion)
    )
    customers = _delete_issues(tx, ended, before) if ended else 0
    notices = _delete_notices(tx, before, portion)
    return Pruned(
        issues=len(ended),
        customers=customers,
        notices=notices,
        more=portion in (len(ended), notices),
    )


def _in_an_open_incident() -> ColumnElement[bool]:
    return exists().where(
        INCIDENT.c.id == ISSUE.c.incident, INCIDENT.c.closed_at.is_(None)
    )


def _delete_issues(tx: Tx, ended: Sequence[Row], before: datetime) -> int:
    """Delete issues and all that names them; return how many customers went too."""
    numbers = [row["number"] for row in ended]
    brought = tx.run(select(TAKEN).where(_of(TAKEN.c.issue)), {"these": numbers})
    taken = brought.mappings().all()
    incidents = tx.run(
        select(JOINED.c.incident).where(_of(JOINED.c.issue)).distinct(),
        {"these": numbers},
    )
    touched = [row.incident for row in incidents]
    _delete_pages(tx, PAGE.c.issue, numbers)
    for of_an_issue in OF_AN_ISSUE:
        _delete(tx, of_an_issue, of_an_issue.c.issue, numbers)
    _delete(tx, ISSUE, ISSUE.c.number, numbers)
    _delete_incidents(tx, touched)
    _delete_conversations(tx, {(row["source"], row["conversation"]) for row in taken})
    _delete_deliveries(tx, {row["delivery"] for row in taken}, before)
    return _delete_customers(tx, {row["customer"] for row in ended})


def _delete_pages(tx: Tx, column: ColumnElement[int], numbers: Collection[int]) -> None:
    """Delete pages by issue, what carried an answer first, and what became of them."""
    sent = table(SentAnswerRow)
    theirs = select(PAGE.c.id).where(_of(column))
    for child in (sent, CHANGE):
        tx.run(delete(child).where(child.c.page.in_(theirs)), {"these": [*numbers]})
    tx.run(delete(PAGE).where(_of(column)), {"these": [*numbers]})


def _delete_notices(tx: Tx, before: datetime, portion: int) -> int:
    old = tx.all(
        select(PAGE.c.id)
        .where(PAGE.c.issue.is_(None), PAGE.c.created_at < before)
        .where(PAGE.c.due_at.is_(None))
        .order_by(PAGE.c.created_at)
        .limit(portion)
    )
    ids = [row["id"] for row in old]
    if ids:
        tx.run(delete(CHANGE).where(Among(CHANGE.c.page, "these")), {"these": ids})
        tx.run(delete(PAGE).where(Among(PAGE.c.id, "these")), {"these": ids})
    return len(ids)


def _delete_conversations(tx: Tx, known: Collection[tuple[str, str]]) -> None:
    """Delete where customers were answered, once no issue is left of a conversation."""
    for source, name in sorted(known):
        others = exists().where(TAKEN.c.source == source, TAKEN.c.conversation == name)
        its = (CONVERSATION.c.source == source, CONVERSATION.c.conversation == name)
        tx.run(delete(CONVERSATION).where(*its, ~others))


def _delete_deliveries(tx: Tx, ids: Collection[int], before: datetime) -> None:
    """Delete deliveries as they came; those that came again since then stay a while."""
    old = (DELIVERED.c.received_at < before, DELIVERED.c.due_at.is_(None))
    again = _of(DELIVERED.c.duplicate_of)
    tx.run(delete(DELIVERED).where(again, *old), {"these": [*ids]})
    found = tx.run(select(DELIVERED.c.duplicate_of).where(again), {"these": [*ids]})
    alone = {*ids}.difference(row.duplicate_of for row in found)
    first = delete(DELIVERED).where(_of(DELIVERED.c.id), *old)
    tx.run(first, {"these": [*alone]})


def _delete_incidents(tx: Tx, touched: Collection[int]) -> None:
    """Delete incidents that have ended and hold no issue any more."""
    empty = (
        select(INCIDENT.c.id)
        .where(_of(INCIDENT.c.id), INCIDENT.c.closed_at.is_not(None))
        .where(~exists().where(JOINED.c.incident == INCIDENT.c.id))
    )
    ids = [row.id for row in tx.run(empty, {"these": [*touched]})]
    if not ids:
        return
    updates = select(UPDATE.c.id).where(_of(UPDATE.c.incident))
    tx.run(delete(LETTER).where(LETTER.c.update_id.in_(updates)), {"these": ids})
    _delete(tx, UPDATE, UPDATE.c.incident, ids)
    questions = select(QUESTION.c.id).where(_of(QUESTION.c.incident))
    forget = update(LOOKED_AT).where(LOOKED_AT.c.suggestion.in_(questions))
    tx.run(forget.values(suggestion=None), {"these": ids})
    _delete(tx, QUESTION, QUESTION.c.incident, ids)
    _delete(tx, INCIDENT, INCIDENT.c.id, ids)


def _delete_customers(tx: Tx, customers: Collection[int]) -> int:
    """Delete those of whom no issue is left and into whom nobody is merged.

    Into whom one of them was merged may stand for nobody else: then they go, too.
    """
    # Each asked for by itself: together a planner may read a whole table instead.
    busy = {
        row[0]
        for column in (ISSUE.c.customer, LETTER.c.customer, CUSTOMER.c.merged_into)
        for row in tx.run(
            select(column).where(_of(column)).distinct(), {"these": [*customers]}
        )
    }
    unknown = select(CUSTOMER.c.id, CUSTOMER.c.merged_into).where(_of(CUSTOMER.c.id))
    gone = tx.run(unknown, {"these": [*{*customers} - busy]}).all()
    if not gone:
        return 0
    ids = [row.id for row in gone]
    _delete(tx, HANDLE, HANDLE.c.customer, ids)
    for either in (SUGGESTION.c.customer, SUGGESTION.c.other):
        _delete(tx, SUGGESTION, either, ids)
    _delete(tx, CUSTOMER, CUSTOMER.c.id, ids)
    into = {row.merged_into for row in gone if row.merged_into is not None}
    return len(ids) + _delete_customers(tx, into)


def _delete(
    tx: Tx, of: Table, column: ColumnElement[int], these: Collection[int]
) -> None:
    tx.run(delete(of).where(_of(column)), {"these": [*these]})


def _of(column: ColumnElement[int]) -> Among:
    return Among(column, "these", Integer())
