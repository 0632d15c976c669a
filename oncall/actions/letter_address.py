"""At which address a customer who writes letters is answered.

A letter may join an issue by naming another of its letters, whoever wrote it. Where
the customer is answered changes only to an address that is known to be the customer's;
any other is shown, and a person says whether it is.
"""

from dataclasses import replace
from datetime import datetime

from integrations.intake.contract import CanonicalMessage
from oncall.actions.arrival import Arrived
from oncall.actions.done import Done
from oncall.config.answers import MAIL
from oncall.errors import Refused
from oncall.model import Issue, Outcome
from oncall.store import Tx, answers, customers, issues, timeline
from oncall.store.customers import Handle
from oncall.store.issues import Standing

MOST = 20
"""So many unconfirmed addresses are kept of an issue; more are an attack."""


def is_letter(arrived: Arrived) -> bool:
    """Tell whether a message is a letter, whose writer names any address."""
    return arrived.source.product.kind in MAIL


def is_answered_by_letter(tx: Tx, issue: Issue) -> bool:
    """Tell whether it is known to which address answers go: no letter changes that."""
    known = answers.conversation(tx, issue.source, issue.external_id)
    return known is not None and "@" in known.address


def is_theirs(tx: Tx, arrived: Arrived, issue: Issue) -> bool:
    """Tell whether a letter names only addresses of its issue's customer.

    Others are kept with the issue, to be shown.
    """
    known, named = _known(tx, issue), _named(arrived.message)
    others = [address for address in named if address not in known]
    if others:
        _show(tx, issue, others, arrived.now)
    return bool(named) and not others


def answered_where_proven(tx: Tx, arrived: Arrived) -> Arrived:
    """Return a first letter as it is answered: a proven writer, at a proven address.

    Anybody can write in a customer's name and ask for the answer to go elsewhere.
    """
    wrote, reply_to = _writer(arrived), arrived.message.reply_to or ""
    theirs = _proven_beside(tx, wrote)
    if not reply_to or not theirs or answers.mailbox_of(reply_to) in theirs:
        return arrived
    where = f"{wrote} {reply_to.partition(' ')[2]}".strip()
    return replace(arrived, message=replace(arrived.message, reply_to=where))


def show_others(tx: Tx, arrived: Arrived, issue: Issue) -> None:
    """Show what a proven writer's first letter names beside proven addresses."""
    if is_letter(arrived) and _proven_beside(tx, _writer(arrived)):
        is_theirs(tx, arrived, issue)


def _writer(arrived: Arrived) -> str:
    return (arrived.message.customer.email or "").lower() if is_letter(arrived) else ""


def _proven_beside(tx: Tx, address: str) -> frozenset[str]:
    """Return all proven addresses of whose this one is; none where it is not proven."""
    own = Handle(kind="email", value=address, verified=True)
    owner = customers.verified_owner(tx, [own]) if address else None
    return frozenset() if owner is None else _proven_of(tx, owner)


def _proven_of(tx: Tx, customer: int) -> frozenset[str]:
    own = customers.handles_of(tx, customers.group_of(tx, customer))
    return frozenset(e.value for e in own if e.kind == "email" and e.verified)


def confirm(
    tx: Tx, number: int, address: str, person: str | None, now: datetime
) -> Done:
    """Say that an address is the customer's: they are answered there from now on.

    Raises Refused for one from which nobody wrote on this issue.
    """
    standing = issues.lock(tx, number)
    if standing is None:
        return Done(outcome=Outcome.UNKNOWN)
    issue, address = standing.issue, address.strip().lower()
    if address not in issue.unconfirmed:
        msg = f"nobody wrote on issue #{number} from this address, or it is confirmed"
        raise Refused(msg, [("address", "is not among customer.unconfirmed")])
    customer = customers.of_issue(tx, number)
    if customer is not None:
        own = Handle(kind="email", value=address, verified=True)
        customers.keep_handles(tx, customer, [own], now)
    _answer_at(tx, issue, address, now)
    left = [each for each in issue.unconfirmed if each != address]
    issues.change(tx, number, unconfirmed=left or None, updated_at=now)
    timeline.note(tx, number, "address_confirmed", now, person=person)
    return Done(outcome=Outcome.APPLIED, issue=issues.find(tx, number))


def prove_by_reply(tx: Tx, arrived: Arrived, standing: Standing) -> None:
    """Note that an address is its writer's, who answers a letter that we sent there.

    Nobody else has seen its Message-ID. Who has it from the customer writes from
    elsewhere, and proves nothing.
    """
    wrote = (arrived.message.customer.email or "").lower()
    if wrote and wrote in answers.sent_to(tx, arrived.message.references):
        customer = customers.of_issue(tx, standing.issue.number)
        if customer is not None:
            own = Handle(kind="email", value=wrote, verified=True)
            customers.keep_handles(tx, customer, [own], arrived.now)


def proven_before(tx: Tx, arrived: Arrived) -> tuple[Handle, ...]:
    """Return the sender's handles; an address that was proven before is proven.

    A letter may be forged, and then it joins what its address has open: answers go to
    the address all the same.
    """
    return tuple(
        _proven(tx, handle) if is_letter(arrived) and handle.kind == "email" else handle
        for handle in arrived.handles
    )


def _proven(tx: Tx, handle: Handle) -> Handle:
    as_proven = Handle(kind=handle.kind, value=handle.value, verified=True)
    owner = customers.verified_owner(tx, [as_proven])
    return handle if owner is None else as_proven


def _named(message: CanonicalMessage) -> list[str]:
    """Return the addresses that a letter names as its writer's, in lower case."""
    reply_to = answers.mailbox_of(message.reply_to or "")
    named = (*message.addresses, message.customer.email or "", reply_to)
    return list(dict.fromkeys(each.lower() for each in named if each))


def _known(tx: Tx, issue: Issue) -> set[str]:
    """Return the addresses of an issue's customer: answered at, given, or proven."""
    answered = answers.conversation(tx, issue.source, issue.external_id)
    known = {answers.mailbox_of(answered.address)} if answered else set()
    known.add(issue.customer.email.lower())
    customer = customers.of_issue(tx, issue.number)
    if customer is not None:
        known |= _proven_of(tx, customer)
    return known - {""}


def _show(tx: Tx, issue: Issue, others: list[str], now: datetime) -> None:
    wrote = list(dict.fromkeys([*issue.unconfirmed, *others]))[:MOST]
    if wrote != list(issue.unconfirmed):
        issues.change(tx, issue.number, unconfirmed=wrote)
        timeline.note(tx, issue.number, "other_address", now)


def _answer_at(tx: Tx, issue: Issue, address: str, now: datetime) -> None:
    """Have answers go to another address, and answers to them come where they came."""
    before = answers.conversation(tx, issue.source, issue.external_id)
    if before is None or "@" not in before.address:
        return
    ours = before.address.partition(" ")[2]
    answers.customer_said(
        tx,
        issue.source,
        issue.external_id,
        address=f"{address} {ours}".strip(),
        at=max(now, before.said_at),
    )
