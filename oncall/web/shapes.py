"""Values as the API shows them."""

from collections.abc import Mapping, Sequence
from typing import Any

from oncall.actions.answering import Way, way_to
from oncall.actions.house import View
from oncall.model import Customer, Issue, Kind, Page
from oncall.store import Tx, answers, paged, promises, timeline
from oncall.web.instants import written
from rotations.coverage import OnCall
from rotations.shift import Interval, Shift


def issue(found: Issue) -> dict[str, Any]:
    """Show an issue in short."""
    return {
        "id": found.id,
        "number": found.number,
        "status": found.status,
        "severity": found.severity,
        "policy": found.policy,
        "owner": found.owner,
        "helpers": list(found.helpers),
        "source": found.source,
        "external_id": found.external_id or None,
        "subject": found.subject,
        "customer": customer(found.customer) | {"unconfirmed": list(found.unconfirmed)},
        "tags": list(found.tags),
        "link": found.link or None,
        "opened_at": written(found.opened_at),
        "updated_at": written(found.updated_at),
        "acknowledged_at": written(found.acknowledged_at),
        "acknowledged_by": found.acknowledged_by,
        "resolved_at": written(found.resolved_at),
        "snoozed_until": written(found.snoozed_until),
        "waiting_since": written(found.waiting_since),
        "incident": found.incident,
    }


def customer(found: Customer) -> dict[str, Any]:
    """Show what is known of a customer."""
    return {
        "name": found.name or None,
        "email": found.email or None,
        "phone": found.phone or None,
        "handle": found.handle or None,
        "tier": found.tier or None,
        "language": found.language or None,
    }


def whole_issue(tx: Tx, view: View, found: Issue) -> dict[str, Any]:
    """Show an issue with all that was said and done about it."""
    number = found.number
    return {
        **issue(found),
        **conversation(tx, view, found),
        "pages": [
            page(each)
            for each in paged.of_issue(tx, number)
            if each.kind is not Kind.MESSAGE
        ],
        "promises": [
            {
                "id": row["id"],
                "text": row["text"],
                "owner": row["owner"],
                "due": written(row["due_at"]),
                "kept_at": written(row["kept_at"]),
            }
            for row in promises.of_issue(tx, number)
        ],
        "timeline": [line(dict(row)) for row in timeline.of_issue(tx, number)],
    }


def answering(way: Way) -> dict[str, Any]:
    """Show whether the customer can be answered from here, and where else."""
    return {
        "possible": bool(way.address),
        "source": way.source,
        "why_not": way.why_not or None,
        "link": way.link or None,
        "until": written(way.until),
    }


def conversation(tx: Tx, view: View, found: Issue) -> dict[str, Any]:
    """Show what was said on an issue, and how its customer is answered."""
    return {
        "answering": answering(way_to(tx, view, found)),
        "messages": [message(row) for row in answers.messages(tx, found.number)],
    }


def message(row: Mapping[str, Any]) -> dict[str, Any]:
    """Show what was said; `delivery` tells what became of an answer sent from here.

    `text` has the new words, `quoted` the old ones that they answer.
    """
    return {
        "id": row["id"],
        "direction": row["direction"],
        "author": row["author"],
        "text": row["text"],
        "quoted": row["quoted"],
        "attachments": [dict(each) for each in row["attachments"] or ()],
        "at": written(row["at"]),
        "occurred_at": written(row["occurred_at"]),
        "delivery": None if row["page"] is None else _delivery(row),
    }


def _delivery(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row["page"],
        "state": row["state"],
        "attempts": row["attempts"],
        "sent_at": written(row["sent_at"]),
        "detail": row["detail"] or None,
    }


def line(row: Mapping[str, Any]) -> dict[str, Any]:
    """Show a line of a timeline."""
    return {
        "at": written(row["at"]),
        "event": row["event"],
        "reason": row["reason"] or None,
        "person": row["person"],
        "detail": row["detail"] or None,
    }


def page(found: Page) -> dict[str, Any]:
    """Show a message to a person; its address is left out."""
    return {
        "id": found.id,
        "kind": found.kind,
        "person": found.person,
        "via": found.via,
        "state": found.state,
        "level": None if found.level is None else found.level + 1,
        "round": found.round or None,
        "because": found.reason or None,
        "attempts": found.attempts,
        "due_at": written(found.due_at),
        "sent_at": written(found.sent_at),
        "detail": found.detail or None,
    }


def on_call(rotation: str, found: OnCall) -> dict[str, Any]:
    """Show who is on call, as `oncall who --json` does."""
    return {
        "rotation": rotation,
        "people": list(found.people),
        "until": written(found.until),
    }


def shift(found: Shift) -> dict[str, Any]:
    """Show a shift, as `oncall shifts --json` does."""
    return {
        "person": found.person,
        "start": written(found.start),
        "end": written(found.end),
        "layer": found.layer,
        "because": found.because,
    }


def gap(found: Interval) -> dict[str, Any]:
    """Show a time with nobody on call."""
    return {"start": written(found.start), "end": written(found.end)}


def shifts(found: Sequence[Shift]) -> list[dict[str, Any]]:
    """Show shifts in order."""
    return [shift(each) for each in found]
