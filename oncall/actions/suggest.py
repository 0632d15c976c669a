"""An issue is put with those that it is like, for people to decide."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from escalation_policies.likeness import Alike
from oncall.actions.examine import FINISHED
from oncall.model import Incident, Issue
from oncall.store import Tx, incident_suggestions, incidents
from oncall.store.incident_suggestions import Compared, Placed


def suggest(
    tx: Tx,
    number: int,
    like: Sequence[Alike],
    *,
    known: Mapping[int, Compared],
    seen: Collection[int],
    now: datetime,
) -> None:
    """Put an issue with those that it is like, unless that was decided otherwise.

    What was not `seen` yet is passed over: it will be put here when its turn comes.
    """
    like = [each for each in like if each.number in seen and _goes_on(known, each)]
    if not like or not is_free(known[number]):
        return
    mine = known[number]
    best = known[like[0].number]
    if best.incident is not None:
        incident = incidents.find(tx, best.incident)
        if incident is not None and incident.closed_at is None:
            _put(tx, mine.number, _for_incident(tx, incident, now), like[0])
        return
    free = [each for each in like if known[each.number].incident is None]
    if free:
        _gather(tx, mine, free, known, now)


def is_free(issue: Issue | Compared) -> bool:
    """Tell whether an issue may be joined to an incident."""
    return issue.incident is None and issue.status not in FINISHED


def _goes_on(known: Mapping[int, Compared], each: Alike) -> bool:
    return each.number in known and known[each.number].status not in FINISHED


def _gather(
    tx: Tx,
    one: Compared,
    like: Sequence[Alike],
    known: Mapping[int, Compared],
    now: datetime,
) -> None:
    """Let an issue, those that it is like, and what they are with be one suggestion.

    A dismissed one takes in what comes later, too: people are not asked again.
    """
    placed = incident_suggestions.of_issues(tx, [one.number, *(a.number for a in like)])
    nearest = placed.get(like[0].number)
    if nearest is not None and nearest.decided:
        if not nearest.confirmed:
            _put(tx, one.number, nearest.id, like[0])
        return
    asked = sorted({each.id for each in placed.values() if each.may_grow})
    if asked:
        into, *others = asked
        incident_suggestions.merge(tx, others, into)
    else:
        eldest = known[min(one.number, *(each.number for each in like))]
        into = incident_suggestions.suggest(tx, eldest.subject, now, incident=None)
        incident_suggestions.put(tx, eldest.number, into)
        placed[eldest.number] = Placed(id=into)
    if one.number not in placed:
        _put(tx, one.number, into, like[0])
    for each in like:
        if each.number not in placed:
            _put(tx, each.number, into, replace(each, number=one.number))


def _put(tx: Tx, number: int, suggestion: int, like: Alike) -> None:
    incident_suggestions.put(
        tx,
        number,
        suggestion,
        like=like.number,
        score=like.score,
        because=", ".join(like.because),
    )


def _for_incident(tx: Tx, incident: Incident, now: datetime) -> int:
    there = incident_suggestions.for_incident(tx, incident.id)
    return there or incident_suggestions.suggest(
        tx, incident.title, now, incident=incident.id
    )
