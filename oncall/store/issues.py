"""Issues: opening, finding, and moving them on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    Select,
    String,
    bindparam,
    case,
    func,
    or_,
    select,
    text,
    type_coerce,
)

from escalation_policies.policy import Policy, Severity, policy_from_json, to_json
from escalation_policies.progress import (
    Progress,
    progress_from_json,
    progress_to_json,
)
from oncall.model import Customer, Issue, Status
from oncall.store import tables
from oncall.store.among import Among
from oncall.store.due import Due
from oncall.store.prepared import Prepared, Row
from oncall.store.tables import (
    OPEN_WITH_SOURCE,
    CustomerRow,
    IssueRow,
    table,
)
from oncall.store.tx import Tx

ISSUE = table(IssueRow)
CUSTOMER = table(CustomerRow)
UNFINISHED = (Status.OPEN, Status.ACKNOWLEDGED)
STILL_UNFINISHED = text(tables.UNFINISHED)
"""The same in the words of the partial indexes."""
WORST_FIRST = case(
    {severity.value: -severity.rank for severity in Severity}, value=ISSUE.c.severity
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An issue with what drives its escalation: read, decide, save."""

    issue: Issue
    policy: Policy
    progress: Progress


def insert(
    tx: Tx, standing: Standing, *, customer: int, because: Sequence[str]
) -> Issue:
    """Keep an issue that is being opened, and return it with its number."""
    issue, policy, progress = standing.issue, standing.policy, standing.progress
    wake(tx, progress)
    row = tx.first(
        OPEN,
        **{name: getattr(issue, name) for name in _PLAIN if name != "number"},
        customer=customer,
        severity_because=list(because),
        policy_id=policy.id,
        policy=to_json(policy),
        progress=progress_to_json(progress),
        due_at=progress.due,
        tags=list(issue.tags),
        helpers=list(issue.helpers),
        result="",
    )
    return issue if row is None else replace(issue, number=row["number"])


def find(tx: Tx, number: int) -> Issue | None:
    """Return one issue, or None."""
    row = tx.first(FIND, its=number)
    return None if row is None else _issue(row)


def found(tx: Tx, numbers: Collection[int]) -> dict[int, Issue]:
    """Return those of these issues that exist, by number."""
    if not numbers:
        return {}
    rows = tx.all(FOUND, these=list(numbers))
    return {row["number"]: _issue(row) for row in rows}


def lock(tx: Tx, number: int) -> Standing | None:
    """Return an issue and hold it against other writers until the transaction ends.

    Its number stays, so what only points to it, as a line of its timeline does, need
    not wait: who writes down what became of a page holds that, which we may want.
    """
    row = tx.first(LOCK, its=number)
    return None if row is None else _standing(row)


def open_by_source(tx: Tx, source: str, external_id: str) -> int | None:
    """Return the number of the unfinished issue that came in under this id."""
    row = tx.first(OPEN_BY_SOURCE, its_source=source, its_external_id=external_id)
    return None if row is None else int(row["number"])


def open_of_customers(tx: Tx, customers: Collection[int]) -> int | None:
    """Return these customers' newest unfinished issue, by whatever channel it came."""
    row = tx.first(
        select(ISSUE.c.number)
        .where(
            ISSUE.c.customer.in_(customers),
            STILL_UNFINISHED,
        )
        .order_by(ISSUE.c.number.desc())
        .limit(1)
    )
    return None if row is None else int(row["number"])


def of_customers(tx: Tx, customers: Collection[int], limit: int = 100) -> list[Issue]:
    """Return these customers' issues, the newest first."""
    statement = _issues().where(ISSUE.c.customer.in_(customers))
    rows = tx.all(statement.order_by(ISSUE.c.number.desc()).limit(limit))
    return [_issue(row) for row in rows]


def claim_due(tx: Tx, now: datetime, limit: int) -> list[Standing]:
    """Hold up to `limit` issues whose time has come, the worst first.

    What another node holds is passed over.
    """
    return [_standing(row) for row in tx.all(CLAIM_DUE, now=now, most=limit)]


def next_due(tx: Tx) -> datetime | None:
    """Return the earliest instant at which an issue wants looking at."""
    row = tx.first(NEXT_DUE)
    return None if row is None else row["due_at"]


def bring_forward(
    tx: Tx, after: tuple[datetime, int], now: datetime, limit: int
) -> tuple[datetime, int] | None:
    """Have issues with a timer after `after` (its instant and number) looked at now.

    Return where the portion ended, or None when it was the last.
    """
    at, number = after
    rows = tx.all(LATER, after_at=at, after_number=number, most=limit)
    if rows:
        tx.do(LOOK_NOW, these=[row["number"] for row in rows], now=now)
    last = rows[-1] if len(rows) == limit else None
    return None if last is None else (last["due_at"], last["number"])


def unwatched(tx: Tx, limit: int = 10) -> list[int]:
    """Return open, unacknowledged issues that have no next due time: there are none."""
    return [int(row["number"]) for row in tx.all(UNWATCHED, most=limit)]


def save_progress(tx: Tx, number: int, progress: Progress) -> None:
    """Write where the escalation stands, and with it the timer."""
    wake(tx, progress)
    tx.put(SAVE_PROGRESS, its=number, to=progress_to_json(progress), at=progress.due)


def change(tx: Tx, number: int, **values: object) -> None:
    """Set columns of an issue."""
    tx.run(ISSUE.update().where(ISSUE.c.number == number).values(**values))


def wake(tx: Tx, progress: Progress) -> None:
    """Have the engine look at its timers again after the commit."""
    if progress.due is not None:
        tx.wake(Due.ISSUE, progress.due)


def listed(
    tx: Tx,
    *,
    status: Status | None = None,
    severity: Severity | None = None,
    owner: str | None = None,
    customer: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Issue]:
    """Return issues, the newest first, with numbers below `before`."""
    statement = _issues().order_by(ISSUE.c.number.desc()).limit(limit)
    if status:
        statement = statement.where(ISSUE.c.status == status)
    if status in UNFINISHED:  # few of all that ever were, and in an index of their own
        statement = statement.where(STILL_UNFINISHED)
    if customer:
        statement = statement.where(_is_customer(customer))
    if severity:
        statement = statement.where(_found(ISSUE.c.severity, customer) == severity)
    if owner:
        statement = statement.where(_found(ISSUE.c.owner, customer) == owner)
    if before:
        statement = statement.where(ISSUE.c.number < before)
    return [_issue(row) for row in tx.all(statement)]


def open_of(tx: Tx, person: str, limit: int = 10) -> list[int]:
    """Return the numbers of unfinished issues that a person owns."""
    statement = (
        select(ISSUE.c.number)
        .where(ISSUE.c.owner == person, STILL_UNFINISHED)
        .order_by(ISSUE.c.number.desc())
        .limit(limit)
    )
    return [int(row["number"]) for row in tx.all(statement)]


def counts(tx: Tx) -> dict[str, int]:
    """Return how many unfinished issues there are in each status.

    Those that are resolved are not counted: there is no end to them.
    """
    statement = (
        select(ISSUE.c.status, func.count().label("many"))
        .where(STILL_UNFINISHED)
        .group_by(ISSUE.c.status)
    )
    found = {row["status"]: row["many"] for row in tx.all(statement)}
    return {status.value: found.get(status, 0) for status in UNFINISHED}


def begin_numbers_at(tx: Tx, first: int) -> None:
    """Let the next issue have the number `first`, on a database that has none yet."""
    if tx.shared:
        tx.run(
            text(
                "SELECT setval(pg_get_serial_sequence('issue', 'number'), :n, false)"
            ).bindparams(n=first)
        )
        return
    tx.run(text("DELETE FROM sqlite_sequence WHERE name = 'issue'"))
    tx.run(
        text("INSERT INTO sqlite_sequence (name, seq) VALUES ('issue', :n)").bindparams(
            n=first - 1
        )
    )


def _found(column: Column[Any], customer: str | None) -> ColumnElement[Any]:
    """Return a column to find issues by, or only to compare those of a customer.

    A planner that knows no better would read all that one owner ever had.
    """
    return type_coerce(column, String).concat("") if customer else column


def _is_customer(text_: str) -> Any:  # noqa: ANN401 (a SQLAlchemy condition)
    # Who they are is looked up first: else all issues would be asked for their customer.
    who = CUSTOMER.alias("who")
    named = (who.c[c] == text_ for c in ("name", "email", "phone", "handle"))
    return ISSUE.c.customer.in_(select(who.c.id).where(or_(*named)))


_PERSONAL = ("name", "email", "phone", "handle", "tier", "language")
_CUSTOMER_COLUMNS = [CUSTOMER.c[name].label(f"customer_{name}") for name in _PERSONAL]
_FROZEN = ("policy", "progress", "due_at", "result", "severity_because")
_COLUMNS = [column for column in ISSUE.c if column.name not in _FROZEN]


def _issues() -> Select[Any]:
    return select(*_COLUMNS, *_CUSTOMER_COLUMNS).join(CUSTOMER)


def _standings() -> Select[Any]:
    return select(*_COLUMNS, *_CUSTOMER_COLUMNS, ISSUE.c.policy, ISSUE.c.progress).join(
        CUSTOMER
    )


def _issue(row: Row) -> Issue:
    return Issue(
        customer=Customer(**{name: row[f"customer_{name}"] for name in _PERSONAL}),
        policy=row["policy_id"],
        tags=tuple(row["tags"]),
        helpers=tuple(row["helpers"]),
        unconfirmed=tuple(row["unconfirmed"] or ()),
        **{name: row[name] for name in _PLAIN},
    )


_PLAIN = (
    "number",
    "id",
    "source",
    "external_id",
    "subject",
    "severity",
    "status",
    "owner",
    "opened_at",
    "updated_at",
    "acknowledged_at",
    "acknowledged_by",
    "confirmed_at",
    "resolved_at",
    "snoozed_until",
    "asked_at",
    "waiting_since",
    "link",
    "incident",
    "reply_held_until",
)


def _standing(row: Row) -> Standing:
    return Standing(
        issue=_issue(row),
        policy=policy_from_json(row["policy"]),
        progress=progress_from_json(row["progress"]),
    )


# Statements that never change are built once: building is most of what they cost.
OPEN = Prepared(ISSUE.insert().returning(ISSUE.c.number))
FIND = Prepared(_issues().where(ISSUE.c.number == bindparam("its")))
FOUND = Prepared(_issues().where(Among(ISSUE.c.number, "these", Integer())))
LOCK = Prepared(
    _standings()
    .where(ISSUE.c.number == bindparam("its"))
    .with_for_update(of=ISSUE, key_share=True)
)
CLAIM_DUE = Prepared(
    _standings()
    .where(ISSUE.c.due_at <= bindparam("now"))
    .order_by(WORST_FIRST, ISSUE.c.due_at)
    .limit(bindparam("most", type_=Integer()))
    .with_for_update(of=ISSUE, skip_locked=True, key_share=True)
)
LATER = Prepared(
    select(ISSUE.c.number, ISSUE.c.due_at)
    .where(
        ISSUE.c.due_at >= bindparam("after_at"),
        or_(
            ISSUE.c.due_at > bindparam("after_at"),
            ISSUE.c.number > bindparam("after_number"),
        ),
    )
    .order_by(ISSUE.c.due_at, ISSUE.c.number)
    .limit(bindparam("most", type_=Integer()))
)
LOOK_NOW = Prepared(
    ISSUE.update()
    .where(Among(ISSUE.c.number, "these", Integer()))
    .values(due_at=bindparam("now"))
)
UNWATCHED = Prepared(
    select(ISSUE.c.number)
    .where(text(tables.UNWATCHED))
    .order_by(ISSUE.c.number)
    .limit(bindparam("most", type_=Integer()))
)
OPEN_BY_SOURCE = Prepared(
    select(ISSUE.c.number).where(
        ISSUE.c.source == bindparam("its_source"),
        ISSUE.c.external_id == bindparam("its_external_id"),
        text(OPEN_WITH_SOURCE),
    )
)
SAVE_PROGRESS = Prepared(
    ISSUE.update()
    .where(ISSUE.c.number == bindparam("its"))
    .values(progress=bindparam("to"), due_at=bindparam("at"))
)
NEXT_DUE = Prepared(
    select(ISSUE.c.due_at)
    .where(ISSUE.c.due_at.is_not(None))
    .order_by(ISSUE.c.due_at)
    .limit(1)
)
