"""The append-only record of an issue: what happened, why, and what was said."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Integer, bindparam, func, insert, select, update

from integrations.intake.contract import Attachment
from oncall.store.among import Among
from oncall.store.prepared import Prepared, Row
from oncall.store.tables import IssueRow, MessageRow, TimelineRow, table
from oncall.store.tx import Tx

TIMELINE = table(TimelineRow)
MESSAGE = table(MessageRow)
ISSUE = table(IssueRow)
# Statements that never change are built once: building is most of what they cost.
ADD_LINE = Prepared(insert(TIMELINE))
ADD_MESSAGE = Prepared(insert(MESSAGE))
MESSAGES = Prepared(
    select(MESSAGE).where(MESSAGE.c.issue == bindparam("its")).order_by(MESSAGE.c.id)
)
FIRST_SINCE = Prepared(
    select(func.min(TIMELINE.c.at).label("at")).where(
        TIMELINE.c.issue == bindparam("its"),
        TIMELINE.c.event == bindparam("wanted"),
        TIMELINE.c.at > bindparam("after"),
    )
)
WRITTEN_BY = Prepared(
    select(func.count().label("many"))
    .select_from(MESSAGE.join(ISSUE, ISSUE.c.number == MESSAGE.c.issue))
    .where(
        Among(ISSUE.c.customer, "these", Integer()),
        ISSUE.c.updated_at > bindparam("after"),  # each message of theirs moves it
        MESSAGE.c.direction == "in",
        MESSAGE.c.at > bindparam("after"),
        MESSAGE.c.at <= bindparam("to"),
    )
)


def note(
    tx: Tx,
    issue: int,
    event: str,
    now: datetime,
    *,
    reason: str = "",
    person: str | None = None,
    detail: str = "",
) -> None:
    """Write one line of an issue's timeline."""
    tx.put(
        ADD_LINE,
        issue=issue,
        at=now,
        event=event,
        reason=reason,
        person=person,
        detail=detail,
    )


def of_issue(tx: Tx, issue: int) -> Sequence[Row]:
    """Return an issue's lines in order: `at, event, reason, person, detail`."""
    statement = select(TIMELINE).where(TIMELINE.c.issue == issue)
    return tx.all(statement.order_by(TIMELINE.c.id))


def of_issues(tx: Tx, numbers: Collection[int]) -> Sequence[Row]:
    """Return several issues' lines in order, each with its `issue`."""
    statement = select(TIMELINE).where(TIMELINE.c.issue.in_(numbers))
    return tx.all(statement.order_by(TIMELINE.c.id))


def first_since(tx: Tx, issue: int, event: str, after: datetime) -> datetime | None:
    """Return when something first happened to an issue later than `after`, if it did."""
    row = tx.first(FIRST_SINCE, its=issue, wanted=event, after=after)
    return None if row is None else row["at"]


def add_message(
    tx: Tx,
    issue: int,
    now: datetime,
    *,
    direction: str,
    text: str,
    author: str | None = None,
    occurred_at: datetime | None = None,
    quoted: str = "",
    attachments: Sequence[Attachment] = (),
    name: str = "",
) -> None:
    """Keep what was said, exactly as it was said, and which files came along.

    `name` is what its product calls it; by that it is found when it is edited.
    """
    beside: dict[str, object] = {}
    if quoted or attachments:  # most messages have neither, and share one statement
        files = [asdict(each) for each in attachments]
        beside = {"quoted": quoted or None, "attachments": files or None}
    if name:
        beside["name"] = name
    tx.put(
        ADD_MESSAGE,
        issue=issue,
        direction=direction,
        author=author,
        text=text,
        at=now,
        occurred_at=occurred_at,
        **beside,
    )


def reword(tx: Tx, issue: int, name: str, text: str) -> str | None:
    """Change a customer's message, and return the words that it had.

    Those stand beside it from now on, as old words do. None: no message of this issue
    has this name.
    """
    its = (MESSAGE.c.issue == issue, MESSAGE.c.name == name)
    found = tx.first(select(MESSAGE).where(*its, MESSAGE.c.direction == "in"))
    if found is None:
        return None
    old: str = found["text"]
    said = {"text": text, "quoted": found["quoted"] or old}
    tx.run(update(MESSAGE).where(MESSAGE.c.id == found["id"]).values(said))
    return old


def written_by(
    tx: Tx, customers: Collection[int], since: datetime, until: datetime
) -> int:
    """Return how many messages came in from these customers in `(since, until]`."""
    row = tx.first(WRITTEN_BY, these=list(customers), after=since, to=until)
    return 0 if row is None else int(row["many"])


def messages(tx: Tx, issue: int) -> Sequence[Row]:
    """Return what was said: `direction, author, text, at, occurred_at`, in order."""
    return tx.all(MESSAGES, its=issue)
