"""Incidents as the API shows them, and the command line with `--json`."""

from collections import Counter
from typing import Any

from oncall.model import Incident
from oncall.store import (
    Tx,
    incident_suggestions,
    incident_updates,
    incidents,
    issues,
)
from oncall.store.incident_suggestions import Suggested, Suggestion
from oncall.store.incident_updates import Copy, Fate, Update
from oncall.store.incidents import Member
from oncall.web import shapes
from oncall.web.instants import written


def incident(found: Incident) -> dict[str, Any]:
    """Show an incident in short; `issues` and `customers` are how many."""
    return {
        "id": found.id,
        "title": found.title,
        "status": found.status,
        "owner": found.owner,
        "cause": found.cause or None,
        "rule": found.rule or None,
        "issues": found.issues,
        "customers": found.customers,
        "opened_at": written(found.opened_at),
        "opened_by": found.opened_by,
        "acknowledged_at": written(found.acknowledged_at),
        "resolved_at": written(found.closed_at),
        "resolved_by": found.closed_by,
        "result": found.result or None,
    }


def whole(tx: Tx, found: Incident) -> dict[str, Any]:
    """Show an incident with every issue that is or was in it, and its updates."""
    members = incidents.members(tx, found.id)
    known = issues.found(tx, {each.issue for each in members})
    return incident(found) | {
        "members": [
            shapes.issue(known[each.issue]) | member(each)
            for each in members
            if each.issue in known
        ],
        "updates": [
            update(tx, each) for each in incident_updates.of_incident(tx, found.id)
        ],
    }


def member(found: Member) -> dict[str, Any]:
    """Show how an issue came into an incident, and when it left."""
    return {
        "joined_at": written(found.joined_at),
        "joined_by": found.joined_by,
        "reason": found.reason,
        "because": found.detail or None,
        "left_at": written(found.left_at),
        "left_by": found.left_by,
    }


def update(tx: Tx, found: Update) -> dict[str, Any]:
    """Show an update, and how many of its copies are where."""
    fates = Counter(copy.fate for copy in incident_updates.copies(tx, found.id))
    return _said(found) | {"customers": _counted(fates)}


def tracked(tx: Tx, found: Update) -> dict[str, Any]:
    """Show an update with what became of it for each customer."""
    copies = incident_updates.copies(tx, found.id)
    return _said(found) | {
        "customers": _counted(Counter(copy.fate for copy in copies)),
        "copies": [copy_(each) for each in copies],
    }


def copy_(found: Copy) -> dict[str, Any]:
    """Show what became of one customer's copy."""
    return {
        "customer": found.customer,
        "name": found.name,
        "issue": found.issue,
        "language": found.language or None,
        "state": found.fate,
        "detail": found.detail or None,
        "at": written(found.at),
    }


def suggestion(tx: Tx, found: Suggestion) -> dict[str, Any]:
    """Show issues that are perhaps one incident, and what says so."""
    return {
        "id": found.id,
        "title": found.title,
        "incident": found.incident,
        "created_at": written(found.created_at),
        "issues": [
            suggested(each) for each in incident_suggestions.suggested(tx, found.id)
        ],
    }


def suggested(found: Suggested) -> dict[str, Any]:
    """Show one issue of a suggestion; the first is like none before it."""
    return {
        "number": found.number,
        "subject": found.subject,
        "customer": found.customer or None,
        "like": found.like,
        "score": found.score if found.like else None,
        "because": found.because.split(", ") if found.because else [],
    }


def _said(found: Update) -> dict[str, Any]:
    anybody = found.texts.get("")
    return {
        "id": found.id,
        "author": found.author,
        "text": anybody if anybody is not None else dict(found.texts),
        "at": written(found.written_at),
    }


def _counted(fates: Counter[Fate]) -> dict[str, int]:
    return {fate: fates[fate] for fate in Fate}
