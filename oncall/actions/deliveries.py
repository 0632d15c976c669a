"""A product's delivery: kept as it came, and read from what is kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from integrations.intake.contract import (
    CanonicalMessage,
    Direction,
    Unparsed,
)
from oncall import metrics
from oncall.actions.arrival import Arrived
from oncall.actions.house import View
from oncall.actions.intake import Fate, Taken, take
from oncall.actions.report import report
from oncall.actions.sources import ConfiguredSource
from oncall.actions.verdict import Verdict
from oncall.errors import Conflict, NotFound
from oncall.model import Customer, Report
from oncall.store import Tx, intake, timeline
from oncall.store.intake import BEING_READ, Arrival, Stored

SUBJECT = "unparsed message"
SHOWN = 2_000
"""So many characters of an unparsed message stand in its issue."""
GONE = "Its source is no longer in the configuration."
OUR_MISTAKE = "It could not be taken in, by our own mistake; the log says more."
NEVER_THROUGH = "It was begun to be read twice, and the service ended both times."
LOST_TWICE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What became of a delivery and of each message in it."""

    verdict: Verdict
    taken: tuple[Taken, ...]
    detail: str = ""


def keep(tx: Tx, arrival: Arrival, now: datetime) -> Verdict:
    """Keep a verified request. Once this is committed it is not lost.

    Its arrival was put together before: nothing of a request is read in a transaction.
    """
    first = intake.keep(tx, arrival, verdict=Verdict.ACCEPTED, now=now)
    if first is None:
        return Verdict.ACCEPTED
    again = Verdict.DUPLICATE
    intake.note_duplicate(tx, arrival, of=first, verdict=again, now=now)
    return again


def unreadable(source: ConfiguredSource | None, stored: Stored) -> Unparsed | None:
    """Return why a delivery is not even tried; None when it is to be parsed.

    Whatever ends the service while it is read must not end it for ever.
    """
    if source is None:
        return Unparsed(GONE)
    if stored.detail == BEING_READ and stored.attempts > LOST_TWICE:
        return Unparsed(NEVER_THROUGH)
    return None


def take_in(
    tx: Tx,
    view: View,
    source: ConfiguredSource | None,
    stored: Stored,
    parsed: Sequence[CanonicalMessage] | Unparsed,
    now: datetime,
) -> Reading:
    """Take a delivery's messages, as they were parsed; people get what was not."""
    if isinstance(parsed, Unparsed):
        return show_people(tx, view, stored, parsed.reason, now)
    if source is None:
        return show_people(tx, view, stored, GONE, now)
    messages = parsed
    if stored.asked is None and source.askable and questions(messages):
        intake.ask(tx, stored.id, now)
        return Reading(verdict=Verdict.ACCEPTED, taken=())
    taken = tuple(
        take(
            tx,
            view,
            Arrived(
                source=source,
                message=message,
                delivery=stored.id,
                now=now,
                unasked=_unasked(source, stored) if message.needs_fetch else "",
            ),
        )
        for message in messages
    )
    reading = Reading(verdict=_verdict(taken), taken=taken, detail=_why(taken))
    _note_read(tx, stored, reading, now)
    return reading


def questions(messages: Iterable[CanonicalMessage]) -> list[CanonicalMessage]:
    """Return the messages whose rest the product has to be asked for."""
    said = (Direction.INBOUND, Direction.OUTBOUND)
    return [one for one in messages if one.needs_fetch and one.direction in said]


def _unasked(source: ConfiguredSource, stored: Stored) -> str:
    if stored.asked is None:
        return f"{source.name} was not asked for the rest: it has no api_token"
    failed = stored.asked["failed"] or "its answer could not be read"
    return f"{source.name} was asked for the rest: {failed}"


def show_people(
    tx: Tx, view: View, stored: Stored, reason: str, now: datetime
) -> Reading:
    """Open an issue for a delivery that we cannot read, once."""
    opened = _opened_before(stored)
    if opened is None:
        issue = report(tx, view, _unparsed(view, stored, reason), now).issue
        tx.once_kept(metrics.ISSUES.labels(stored.source, issue.severity).inc)
        opened = issue.number
    taken = (Taken(fate=Fate.OPENED, issue=opened),)
    reading = Reading(verdict=Verdict.UNPARSED, taken=taken, detail=reason)
    _settle(tx, stored, reading, now)
    return reading


def replay(tx: Tx, delivery: int, now: datetime) -> Stored:
    """Have a delivery read again. Raises NotFound, and Conflict for a duplicate.

    Messages that were taken before are duplicates then, and change nothing.
    """
    stored = found(tx, delivery)
    if stored.duplicate_of is not None:
        msg = f"delivery {delivery} repeats {stored.duplicate_of}; replay that one"
        raise Conflict(msg)
    intake.read_again(tx, stored, now)
    return stored


def found(tx: Tx, delivery: int) -> Stored:
    """Return a delivery. Raises NotFound."""
    stored = intake.find(tx, delivery)
    if stored is None:
        msg = f"there is no delivery {delivery}; they are kept for 90 days"
        raise NotFound(msg)
    return stored


def _why(taken: Sequence[Taken]) -> str:
    """Return why messages opened nothing, each reason once."""
    return " ".join(dict.fromkeys(each.why for each in taken if each.why))


def _verdict(taken: Sequence[Taken]) -> Verdict:
    again = bool(taken) and all(each.fate is Fate.DUPLICATE for each in taken)
    return Verdict.DUPLICATE if again else Verdict.ACCEPTED


def _note_read(tx: Tx, stored: Stored, reading: Reading, now: datetime) -> None:
    """Note what a delivery brought; one read before and again in vain stays as it is."""
    if reading.verdict is Verdict.DUPLICATE and stored.read_at is not None:
        intake.settle(
            tx,
            stored.id,
            verdict=stored.verdict,
            outcomes=stored.outcomes,
            detail="" if stored.detail == BEING_READ else stored.detail,
            now=now,
        )
        return
    _settle(tx, stored, reading, now)
    before = _opened_before(stored)
    if before is not None:
        detail = ", ".join(f"#{each.issue}" for each in reading.taken if each.issue)
        timeline.note(tx, before, "read_after_all", now, detail=detail)


def _settle(tx: Tx, stored: Stored, reading: Reading, now: datetime) -> None:
    intake.settle(
        tx,
        stored.id,
        verdict=reading.verdict,
        outcomes=[
            {"outcome": each.fate, "issue": each.issue} for each in reading.taken
        ],
        detail=reading.detail,
        now=now,
    )


def _opened_before(stored: Stored) -> int | None:
    """Return the issue that people got when this delivery could not be read."""
    if stored.verdict != Verdict.UNPARSED or not stored.outcomes:
        return None
    return int(stored.outcomes[0]["issue"])


def _unparsed(view: View, stored: Stored, reason: str) -> Report:
    raw = stored.body[: 4 * SHOWN].decode(errors="replace").replace("\0", "")
    return Report(
        source=stored.source,
        subject=SUBJECT,
        customer=Customer(name=stored.source),
        text=f"{reason}\n\n{raw[:SHOWN]}",
        external_id=f"delivery-{stored.id}",
        link=f"{view.config.service.url}/api/v1/deliveries/{stored.id}",
    )
