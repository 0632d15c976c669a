"""What the rules of now would say of what customers wrote before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from integrations.intake.contract import Direction, Unparsed
from oncall.actions.arrival import Arrived, as_report, keys, sender
from oncall.actions.house import View
from oncall.actions.report import contacts_then, judged
from oncall.actions.sources import Sources
from oncall.actions.verdict import Verdict
from oncall.model import Issue
from oncall.store import Tx, customers, intake, issues, threads
from oncall.store.intake import Stored
from oncall.store.threads import Judged, Key

Known = Mapping[tuple[int, Key], Judged]
"""What was taken, by delivery and key."""

BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """How bad and by which policy; both empty where nothing could be read."""

    severity: str
    policy: str


NONE = Opinion(severity="", policy="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A message that would be judged otherwise; `because` says by what."""

    delivery: int
    source: str
    received_at: datetime
    issue: int | None
    before: Opinion
    after: Opinion
    because: tuple[str, ...]


def rejudge(tx: Tx, view: View, sources: Sources, start: datetime) -> Iterator[Change]:
    """Yield what would change of all that was delivered from `start` on.

    Nothing is written, and nobody is paged.
    """
    after = 0
    while batch := intake.since(tx, start, after, BATCH):
        start, after = batch[-1].received_at, batch[-1].id
        taken = threads.of_deliveries(tx, [stored.id for stored in batch])
        known = {(each.delivery, each.key): each for each in taken}
        for stored in batch:
            yield from _changes(tx, view, sources, stored, known)


def _changes(
    tx: Tx, view: View, sources: Sources, stored: Stored, known: Known
) -> Iterator[Change]:
    source = sources.get(stored.source)
    if source is None:
        return
    try:
        messages = source.parse(stored)
    except Unparsed as error:
        if stored.verdict == Verdict.ACCEPTED:
            yield from _lost(stored, known, error.reason)
        return
    for message in messages:
        arrived = Arrived(
            source=source, message=message, delivery=stored.id, now=stored.received_at
        )
        change = _change(tx, view, arrived, stored, known)
        if change is not None:
            yield change


def _change(
    tx: Tx, view: View, arrived: Arrived, stored: Stored, known: Known
) -> Change | None:
    """Return how a customer's words would be judged, if otherwise than they were."""
    message = arrived.message
    if message.direction is not Direction.INBOUND or message.auto_reply:
        return None
    names = ((stored.id, key) for key in keys(arrived))
    before = next((known[name] for name in names if name in known), None)
    unread = stored.verdict == Verdict.UNPARSED
    if not unread and (before is None or not before.policy):
        return None
    issue = issues.find(tx, before.issue) if before and before.issue else None
    said = as_report(arrived, issue.customer if issue else sender(message))
    verdict = judged(view, said, contacts=_contacts(tx, view, stored, issue))
    then = _opinion(before)
    now = Opinion(severity=verdict.severity, policy=verdict.policy)
    if then == now:
        return None
    return _told(stored, issue.number if issue else None, then, now, verdict.because)


def _contacts(tx: Tx, view: View, stored: Stored, issue: Issue | None) -> int:
    """Return how often the customer had written when this was read."""
    customer = None if issue is None else customers.of_issue(tx, issue.number)
    if customer is None or stored.read_at is None:
        return 1
    return contacts_then(tx, view, customer, stored.read_at)


def _lost(stored: Stored, known: Known, reason: str) -> Iterator[Change]:
    """Yield what was read of a delivery and could not be read any more."""
    for (delivery, _), before in known.items():
        if delivery == stored.id and before.policy:
            yield _told(stored, before.issue, _opinion(before), NONE, (reason,))


def _opinion(judged: Judged | None) -> Opinion:
    if judged is None:
        return NONE
    return Opinion(severity=judged.severity, policy=judged.policy)


def _told(
    stored: Stored,
    issue: int | None,
    before: Opinion,
    after: Opinion,
    because: tuple[str, ...],
) -> Change:
    return Change(
        delivery=stored.id,
        source=stored.source,
        received_at=stored.received_at,
        issue=issue,
        before=before,
        after=after,
        because=because,
    )
