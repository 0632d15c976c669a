"""Customers, the handles they write from, and who is perhaps the same person.

A merge is a pointer from one customer to another: nothing is moved, so taking it back
leaves everything as it was.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    and_,
    bindparam,
    delete,
    func,
    insert,
    not_,
    or_,
    select,
    tuple_,
    update,
)

from oncall.model import Customer
from oncall.store.among import Among
from oncall.store.prepared import Prepared, Row
from oncall.store.tables import (
    CustomerRow,
    HandleRow,
    IssueRow,
    SuggestionRow,
    table,
)
from oncall.store.tx import Tx

CUSTOMER = table(CustomerRow)
HANDLE = table(HandleRow)
SUGGESTION = table(SuggestionRow)
ISSUE = table(IssueRow)
MERGING = 0x0_0CA13
"""PostgreSQL's lock for it."""
PERSONAL = tuple(field.name for field in fields(Customer))
# Statements that never change are built once: building is most of what they cost.
ADD = Prepared(insert(CUSTOMER).returning(CUSTOMER.c.id))
INTO = Prepared(select(CUSTOMER.c.merged_into).where(CUSTOMER.c.id == bindparam("its")))
ALL_INTO = Prepared(
    select(CUSTOMER.c.id, CUSTOMER.c.merged_into).where(
        Among(CUSTOMER.c.id, "these", Integer()), CUSTOMER.c.merged_into.is_not(None)
    )
)
MERGED_INTO = Prepared(
    select(CUSTOMER.c.id)
    .where(Among(CUSTOMER.c.merged_into, "these", Integer()))
    .order_by(CUSTOMER.c.id)
)
FIND = Prepared(select(CUSTOMER).where(CUSTOMER.c.id == bindparam("its")))
VERIFIED = Prepared(
    select(HANDLE.c.customer).where(
        HANDLE.c.verified,
        HANDLE.c.kind == bindparam("its_kind"),
        HANDLE.c.value == bindparam("its_value"),
    )
)
HAVING = Prepared(
    select(HANDLE.c.customer).where(
        HANDLE.c.kind == bindparam("its_kind"), HANDLE.c.value == bindparam("its_value")
    )
)
OLDEST_OTHER = Prepared(
    select(HANDLE.c.customer)
    .where(
        HANDLE.c.kind == bindparam("its_kind"),
        HANDLE.c.value == bindparam("its_value"),
        not_(Among(HANDLE.c.customer, "those", Integer())),
    )
    .order_by(HANDLE.c.customer)
    .limit(1)
)
OLDEST_WITH = Prepared(
    select(HANDLE.c.kind, HANDLE.c.value, func.min(HANDLE.c.customer).label("oldest"))
    .where(Among(HANDLE.c.kind, "kinds"), Among(HANDLE.c.value, "its_values"))
    .group_by(HANDLE.c.kind, HANDLE.c.value)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handle:
    """A way somebody writes: `kind` is email, phone, telegram, whatsapp or id.

    An `id` is a product's own, written `<source>:<id>`. `verified`: the channel itself
    proves it.
    """

    kind: str
    value: str
    verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A customer as kept; `merged_into` is the customer this one turned out to be."""

    id: int
    customer: Customer
    merged_into: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Two customers that share a handle which nobody has verified."""

    id: int
    customer: Known
    other: Known
    handle: Handle
    created_at: datetime


def add(tx: Tx, customer: Customer, now: datetime) -> int:
    """Keep a new customer and return the id."""
    said = {name: getattr(customer, name) for name in PERSONAL}
    row = tx.first(ADD, **said, created_at=now)
    return 0 if row is None else int(row["id"])


def drop(tx: Tx, customer: int) -> None:
    """Take back one who was just added: nothing points to them yet."""
    tx.run(delete(HANDLE).where(HANDLE.c.customer == customer))
    tx.run(delete(CUSTOMER).where(CUSTOMER.c.id == customer))


def change(tx: Tx, customer: int, before: Customer, to: Customer) -> None:
    """Write what is new of a customer; all else may be newer than `before`."""
    said = {name: getattr(to, name) for name in PERSONAL}
    values = {name: new for name, new in said.items() if new != getattr(before, name)}
    tx.run(update(CUSTOMER).where(CUSTOMER.c.id == customer).values(values))


def find(tx: Tx, customer: int) -> Known | None:
    """Return a customer, or None."""
    row = tx.first(FIND, its=customer)
    return None if row is None else _known(row)


def listed(
    tx: Tx, *, handle: str | None, before: int | None, limit: int
) -> list[Known]:
    """Return customers, the newest first; those with a handle of this value."""
    statement = select(CUSTOMER).order_by(CUSTOMER.c.id.desc()).limit(limit)
    if handle is not None:
        having = select(HANDLE.c.customer).where(HANDLE.c.value == handle)
        statement = statement.where(CUSTOMER.c.id.in_(having))
    if before is not None:
        statement = statement.where(CUSTOMER.c.id < before)
    return [_known(row) for row in tx.all(statement)]


def root_of(tx: Tx, customer: int) -> int:
    """Return the customer that this one turned out to be, at the end of all pointers."""
    passed = {customer}
    while (into := _into(tx, customer)) is not None and into not in passed:
        customer = into
        passed.add(into)
    return customer


def _into(tx: Tx, customer: int) -> int | None:
    row = tx.first(INTO, its=customer)
    return None if row is None else row["merged_into"]


def group_of(tx: Tx, customer: int) -> tuple[int, ...]:
    """Return all customers that are one person with this one, the root first."""
    return within(tx, root_of(tx, customer))


def within(tx: Tx, *customers: int) -> tuple[int, ...]:
    """Return customers and all that were merged into them, near or far."""
    found = dict.fromkeys(customers)
    edge = list(found)
    while edge:
        into = (row["id"] for row in tx.all(MERGED_INTO, these=edge))
        edge = [each for each in into if each not in found]
        found |= dict.fromkeys(edge)
    return tuple(found)


def serialise_merges(tx: Tx) -> None:
    """Let one merge at a time look and point: two that cross would make a ring."""
    if tx.shared:
        tx.run(select(func.pg_advisory_xact_lock(MERGING)))


def point(tx: Tx, customer: int, into: int | None, now: datetime | None) -> None:
    """Let a customer be another one, or (None) be on their own again."""
    statement = update(CUSTOMER).where(CUSTOMER.c.id == customer)
    tx.run(statement.values(merged_into=into, merged_at=now))


def of_issue(tx: Tx, number: int) -> int | None:
    """Return whose issue it is."""
    return tx.run(select(ISSUE.c.customer).where(ISSUE.c.number == number)).scalar()


def keep_handles(
    tx: Tx, customer: int, handles: Sequence[Handle], now: datetime
) -> int:
    """Note what a customer writes from; a handle verified now is so for good.

    Return whose the first verified one is: somebody else may have been quicker.
    """
    rows = [_handle_row(customer, handle, now) for handle in handles]
    tx.insert_all_new(HANDLE, rows)
    proven = (handle for handle in handles if handle.verified)
    owners = [_verified_for(tx, customer, handle) for handle in proven]
    return owners[0] if owners else customer


def _verified_for(tx: Tx, customer: int, handle: Handle) -> int:
    owner = verified_owner(tx, [handle])
    if owner is None:
        mine = (HANDLE.c.customer == customer, _is_one_of([handle]))
        tx.run(update(HANDLE).where(*mine).values(verified=True))
        return customer
    return owner


def verified_owner(tx: Tx, handles: Sequence[Handle]) -> int | None:
    """Return whose the first of these handles is that is verified here and known."""
    found = (
        tx.first(VERIFIED, its_kind=handle.kind, its_value=handle.value)
        for handle in handles
        if handle.verified
    )
    return next((int(row["customer"]) for row in found if row is not None), None)


def having(tx: Tx, kind: str, value: str, limit: int) -> list[int]:
    """Return the newest customers with a handle, proven or not."""
    rows = tx.all(HAVING, its_kind=kind, its_value=value)
    return sorted((int(row["customer"]) for row in rows), reverse=True)[:limit]


def oldest_other(tx: Tx, handle: Handle, those: Collection[int]) -> int | None:
    """Return the oldest customer with a handle who is none of those."""
    row = tx.first(
        OLDEST_OTHER, its_kind=handle.kind, its_value=handle.value, those=sorted(those)
    )
    return None if row is None else int(row["customer"])


def oldest_with(tx: Tx, handles: Collection[Handle]) -> dict[tuple[str, str], int]:
    """Return the oldest customer with each of these, by `(kind, value)`."""
    kinds = sorted({handle.kind for handle in handles})
    values = sorted({handle.value for handle in handles})
    rows = tx.all(OLDEST_WITH, kinds=kinds, its_values=values)
    return {(row["kind"], row["value"]): row["oldest"] for row in rows}


def sharing_handles(tx: Tx, customer: int) -> tuple[int, ...]:
    """Return this customer and all who wrote from the same handles, proven or not.

    However many they are, it takes few looks.
    """
    own = {(each.kind, each.value) for each in handles_of(tx, group_of(tx, customer))}
    found = {customer} | {
        int(row["customer"])
        for kind, value in sorted(own)
        for row in tx.all(HAVING, its_kind=kind, its_value=value)
    }
    return tuple(sorted(within(tx, *_roots_of(tx, found))))


def _roots_of(tx: Tx, customers: set[int]) -> set[int]:
    """Return whom these turned out to be, at the end of all pointers."""
    roots, edge = set(customers), set(customers)
    passed: set[int] = set()
    while into := tx.all(ALL_INTO, these=sorted(edge)):
        passed |= {row["id"] for row in into}
        edge = {row["merged_into"] for row in into} - passed
        roots |= edge
    return roots - passed or passed


def handles_of(tx: Tx, group: Collection[int]) -> list[Handle]:
    """Return what these customers write from."""
    statement = select(HANDLE).where(HANDLE.c.customer.in_(group))
    rows = tx.all(statement.order_by(HANDLE.c.kind, HANDLE.c.value, HANDLE.c.id))
    return list(dict.fromkeys(_handle(row) for row in rows))


def suggest(tx: Tx, customer: int, other: int, handle: Handle, now: datetime) -> None:
    """Note that two customers are perhaps one; once for each pair, dismissed or not."""
    turned = (SUGGESTION.c.customer == other, SUGGESTION.c.other == customer)
    if tx.first(select(SUGGESTION.c.id).where(*turned)) is not None:
        return
    row: dict[str, object] = {
        "customer": customer,
        "other": other,
        "kind": handle.kind,
        "value": handle.value,
        "created_at": now,
    }
    tx.insert_all_new(SUGGESTION, [row])


def suggestions(tx: Tx, *, before: int | None, limit: int) -> list[Suggestion]:
    """Return pairs that are not one yet and not dismissed, the newest first."""
    one, two = CUSTOMER.alias("one"), CUSTOMER.alias("two")
    statement = (
        select(SUGGESTION)
        .join(one, one.c.id == SUGGESTION.c.customer)
        .join(two, two.c.id == SUGGESTION.c.other)
        .where(_apart(one.c, two.c), SUGGESTION.c.dismissed_at.is_(None))
        .order_by(SUGGESTION.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(SUGGESTION.c.id < before)
    rows = tx.all(statement)
    wanted = {row[side] for row in rows for side in ("customer", "other")}
    people = _all_of(tx, wanted)
    return [
        Suggestion(
            id=row["id"],
            customer=people[row["customer"]],
            other=people[row["other"]],
            handle=Handle(kind=row["kind"], value=row["value"]),
            created_at=row["created_at"],
        )
        for row in rows
    ]


def dismiss(tx: Tx, suggestion: int, now: datetime) -> bool:
    """Note that two customers are not one; False when there is no such suggestion."""
    its = SUGGESTION.c.id == suggestion
    first = func.coalesce(SUGGESTION.c.dismissed_at, now)
    return tx.run(update(SUGGESTION).where(its).values(dismissed_at=first)).rowcount > 0


def _apart(one: Any, two: Any) -> ColumnElement[bool]:  # noqa: ANN401 (columns)
    """Tell customers who do not stand for one person by their pointers."""
    together = or_(
        one.merged_into == two.id,
        two.merged_into == one.id,
        and_(one.merged_into.is_not(None), one.merged_into == two.merged_into),
    )
    return together.is_not(True)


def _all_of(tx: Tx, wanted: Collection[int]) -> dict[int, Known]:
    if not wanted:
        return {}
    rows = tx.all(select(CUSTOMER).where(CUSTOMER.c.id.in_(wanted)))
    return {row["id"]: _known(row) for row in rows}


def _is_one_of(handles: Collection[Handle]) -> ColumnElement[bool]:
    wanted = [(handle.kind, handle.value) for handle in handles]
    return tuple_(HANDLE.c.kind, HANDLE.c.value).in_(wanted)


def _handle_row(customer: int, handle: Handle, now: datetime) -> dict[str, object]:
    return {
        "customer": customer,
        "kind": handle.kind,
        "value": handle.value,
        "verified": handle.verified,
        "seen_at": now,
    }


def _handle(row: Row) -> Handle:
    return Handle(kind=row["kind"], value=row["value"], verified=row["verified"])


def _known(row: Row) -> Known:
    return Known(
        id=row["id"],
        customer=Customer(**{name: row[name] for name in PERSONAL}),
        merged_into=row["merged_into"],
        created_at=row["created_at"],
    )
