"""Which issue a product's message belongs to.

It is looked for by its conversation, by the letters it answers, by `#number`, and by
who wrote it.
"""

from oncall.actions.arrival import Arrived
from oncall.actions.examine import FINISHED
from oncall.actions.letter_address import proven_before
from oncall.store import Tx, answers, customers, issues, threads
from oncall.store.issues import Standing


def thread_of(tx: Tx, arrived: Arrived) -> Standing | None:
    """Hold the issue that a message belongs to; the surest sign counts."""
    for look in (
        _by_conversation,
        _by_references,
        _by_our_letter,
        _by_number,
        _by_writer,
    ):
        number = look(tx, arrived)
        standing = None if number is None else issues.lock(tx, number)
        if standing is not None:
            return _going_on(tx, standing)
    return None


def _going_on(tx: Tx, standing: Standing) -> Standing:
    """Return the unfinished issue of the same conversation, if there is one by now."""
    issue = standing.issue
    if issue.status not in FINISHED:
        return standing
    number = issues.open_by_source(tx, issue.source, issue.external_id)
    later = None if number is None else issues.lock(tx, number)
    return later or standing


def _by_conversation(tx: Tx, arrived: Arrived) -> int | None:
    source, conversation = arrived.source.name, arrived.message.conversation_id
    number = issues.open_by_source(tx, source, conversation)
    return number or threads.by_conversation(tx, source, conversation)


def _by_references(tx: Tx, arrived: Arrived) -> int | None:
    answers = arrived.message.references
    return threads.by_references(tx, arrived.source.name, answers)


def _by_our_letter(tx: Tx, arrived: Arrived) -> int | None:
    """Return the issue that our own letter was about, when it is answered."""
    return answers.by_letters(tx, arrived.source.name, arrived.message.references)


def _by_number(tx: Tx, arrived: Arrived) -> int | None:
    """Believe a number in a subject only from that issue's own customer."""
    number = arrived.message.number_hint
    customer = None if number is None else customers.of_issue(tx, number)
    if customer is None:
        return None
    known = customers.handles_of(tx, customers.group_of(tx, customer))
    wrote_from = {(each.kind, each.value) for each in known}
    is_theirs = any((each.kind, each.value) in wrote_from for each in arrived.handles)
    return number if is_theirs else None


def _by_writer(tx: Tx, arrived: Arrived) -> int | None:
    """Return what somebody has open by any channel; what wrote now proves who it is."""
    customer = customers.verified_owner(tx, proven_before(tx, arrived))
    if customer is None:
        return None
    group = customers.group_of(tx, customer)
    return issues.open_of_customers(tx, group)
