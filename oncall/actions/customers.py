"""Who a customer is: one person, many handles.

Only what a channel itself proves links two reports by itself. All else that two
customers share is a suggestion for people, who merge them and may take it back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from oncall.config import phones
from oncall.config.findings import Unfit
from oncall.errors import Conflict, NotFound
from oncall.model import Customer, Report
from oncall.store import Tx, customers
from oncall.store.customers import Handle, Known, Suggestion


@dataclass(frozen=True, slots=True)
class _Newcomer:
    customer: int
    handles: Sequence[Handle]
    came: datetime


def identify(
    tx: Tx, customer: Customer, handles: Sequence[Handle], now: datetime
) -> int:
    """Return whose a report is: somebody's by a verified handle, else a new customer's.

    What is new about somebody we know is kept; what we knew is not overwritten, but
    for tier and language.
    """
    owner = customers.verified_owner(tx, handles)
    if owner is None:
        return _new(tx, customer, handles, now)
    _learn(tx, owner, customer)
    _suggest(tx, owner, handles, now)
    customers.keep_handles(tx, owner, handles, now)
    return owner


def _new(tx: Tx, customer: Customer, handles: Sequence[Handle], now: datetime) -> int:
    """Add a customer, unless another node has just heard of the same one."""
    new = customers.add(tx, customer, now)
    if customers.keep_handles(tx, new, handles, now) != new:
        customers.drop(tx, new)
        return identify(tx, customer, handles, now)
    tx.at_the_end(_suggest_newcomers, _Newcomer(new, handles, now))
    return new


def _learn(tx: Tx, owner: int, said: Customer) -> None:
    before = _known(tx, owner).customer
    after = Customer(
        name=before.name or said.name,
        email=before.email or said.email,
        phone=before.phone or said.phone,
        handle=before.handle or said.handle,
        tier=said.tier or before.tier,
        language=said.language or before.language,
    )
    if after != before:
        customers.change(tx, owner, before, after)


def _suggest(tx: Tx, owner: int, handles: Sequence[Handle], now: datetime) -> None:
    """Suggest the oldest other customer with the same handle, once for each handle."""
    seen = set(customers.group_of(tx, owner))
    for handle in handles:
        other = customers.oldest_other(tx, handle, seen)
        if other is not None:
            customers.suggest(tx, owner, other, handle, now)
            seen |= set(customers.group_of(tx, other))


def _suggest_newcomers(tx: Tx, newcomers: Sequence[_Newcomer]) -> None:
    """Do the same for many who are new; in a storm of them it is one look."""
    handles = [handle for newcomer in newcomers for handle in newcomer.handles]
    oldest = customers.oldest_with(tx, handles)
    for newcomer in newcomers:
        seen = {newcomer.customer}
        for handle in newcomer.handles:
            other = oldest.get((handle.kind, handle.value))
            if other is not None and other not in seen:
                customers.suggest(tx, newcomer.customer, other, handle, newcomer.came)
                seen |= set(customers.group_of(tx, other))


def person(tx: Tx, customer: int) -> Customer:
    """Return what is known of a customer; tier and language also by who they are."""
    own, root_id = _known(tx, customer).customer, customers.root_of(tx, customer)
    root = own if root_id == customer else _known(tx, root_id).customer
    return replace(
        own, tier=own.tier or root.tier, language=own.language or root.language
    )


def reported_handles(report: Report) -> tuple[Handle, ...]:
    """Return the handles that a report names; nothing proves them."""
    own = f"{report.source}:{report.customer.handle}" if report.customer.handle else ""
    return handles(report.customer, own=own)


def handles(
    customer: Customer, *, own: str = "", verified: bool = False
) -> tuple[Handle, ...]:
    """Return a customer's handles; `own` is the source's own, `verified` if it is."""
    found = (
        Handle(kind="id", value=own, verified=verified),
        Handle(kind="phone", value=in_e164(customer.phone)),
        Handle(kind="email", value=_mailbox(customer.email)),
    )
    return tuple(handle for handle in found if handle.value)


def in_e164(written: str) -> str:
    """Return a number as networks write it; empty when it is none."""
    try:
        return phones.phone(written) if written else ""
    except Unfit:
        return ""


def _mailbox(written: str) -> str:
    address = written.strip().lower()
    return address if "@" in address else ""


def merge(tx: Tx, customer: int, into: int, now: datetime) -> Known:
    """Let two customers be one. Raises NotFound, and Conflict when they are already."""
    customers.serialise_merges(tx)
    one = _known(tx, customer)
    root = customers.root_of(tx, _known(tx, into).id)
    if one.merged_into is not None:
        msg = f"customer {customer} is merged into {one.merged_into}; unmerge it first"
        raise Conflict(msg)
    if root in customers.within(tx, customer):
        msg = f"customer {customer} and customer {into} are one already"
        raise Conflict(msg)
    customers.point(tx, customer, root, now)
    return _known(tx, customer)


def unmerge(tx: Tx, customer: int) -> Known:
    """Take a merge back. Raises NotFound, and Conflict when there is none."""
    if _known(tx, customer).merged_into is None:
        msg = f"customer {customer} is not merged into another"
        raise Conflict(msg)
    customers.point(tx, customer, None, None)
    return _known(tx, customer)


def suggested(tx: Tx, *, before: int | None, limit: int) -> list[Suggestion]:
    """Return who is perhaps the same person, the newest first."""
    return list(islice(_two_people(tx, before, limit), limit))


def _two_people(tx: Tx, before: int | None, at_once: int) -> Iterator[Suggestion]:
    """Go through the suggestions, but for those who were merged since."""
    while found := customers.suggestions(tx, before=before, limit=at_once):
        for each in found:
            before = each.id
            root = customers.root_of(tx, each.customer.id)
            if root != customers.root_of(tx, each.other.id):
                yield each


def dismiss(tx: Tx, suggestion: int, now: datetime) -> None:
    """Say that two customers are not one; it is not suggested again. Raises NotFound."""
    if not customers.dismiss(tx, suggestion, now):
        msg = f"there is no suggestion {suggestion}"
        raise NotFound(msg)


def _known(tx: Tx, customer: int) -> Known:
    found = customers.find(tx, customer)
    if found is None:
        msg = f"there is no customer {customer}"
        raise NotFound(msg)
    return found
