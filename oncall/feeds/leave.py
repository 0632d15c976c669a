"""A calendar of leave, event by event: what one of them costs or breaks is its own."""

from collections.abc import Callable, Iterator, Sequence
from datetime import tzinfo
from typing import TypeAlias

from oncall.errors import Refused
from oncall.feeds.absences import MOST, Unread, prefix
from oncall.feeds.budget import Budget, TooMuchWorkError
from oncall.feeds.leave_event import LeaveEvent, leave_event
from oncall.feeds.leave_file import RawEvent, raw_events
from oncall.feeds.leave_series import taken
from oncall.feeds.recurrence import TooOftenError, is_slow
from rotations.exception import Absence
from rotations.shift import Interval

REASON = "calendar"
"""What an event is called is its owner's: it may say why somebody sees a doctor."""
CALLS = 3_000_000
"""How much work all rules may be together: two seconds or so."""
CALLS_EACH = 100_000
"""How much work the rules of one event may be: decades of days, counted singly."""
SLOW = 8
"""A call for rules of years and months is so much more work than one for days."""

Written: TypeAlias = tuple[RawEvent, LeaveEvent]
Note: TypeAlias = Callable[[Unread], None]


def read_leave(
    body: bytes, person: str, zone: tzinfo, span: Interval, unread: Note
) -> tuple[Absence, ...]:
    """Return the absences that touch a span, as `absences_in` says."""
    budget = Budget(CALLS)
    found: dict[str, Absence] = {}
    for series in _series(body, zone, unread):
        for time in _times(series, span, budget, unread):
            one = _absence(person, series[0][1].uid, time)
            known = found.get(one.id)
            if _touches(time, span) and (known is None or known.end < one.end):
                found[one.id] = one
        if len(found) > MOST:
            line = series[0][0].number
            msg = f"it has more than {MOST} absences, the last of them from line {line}"
            raise Refused(msg)
    return tuple(found.values())


def _series(body: bytes, zone: tzinfo, unread: Note) -> Iterator[Sequence[Written]]:
    """Yield the events of a file, those of one UID together."""
    by_uid: dict[str, list[Written]] = {}
    for raw in raw_events(body):
        try:
            event = leave_event(raw, zone)
        except Exception as error:  # noqa: BLE001 (a stranger's text fails in any way)
            unread(_unread(raw, error))
            continue
        # Without a UID every event is one of its own.
        by_uid.setdefault(event.uid or f"\n{raw.number}", []).append((raw, event))
    yield from by_uid.values()


def _times(
    series: Sequence[Written], span: Interval, budget: Budget, unread: Note
) -> Sequence[Interval]:
    """Return when the events of a UID take place; none if that cannot be found out."""
    events = [event for _, event in series]
    rules = [rule for event in events for rule in event.rules]
    try:
        if not rules:
            return list(taken(events, span.start, span.end))
        return budget.run(
            CALLS_EACH,
            lambda: list(taken(events, span.start, span.end)),
            price=SLOW if any(map(is_slow, rules)) else 1,
        )
    except Exception as error:  # noqa: BLE001 (a stranger's text fails in any way)
        unread(_unread(_guilty(series), error))
        return ()


def _guilty(series: Sequence[Written]) -> RawEvent:
    """Return the event that repeats, else the first: the others are its single times."""
    return next((raw for raw, event in series if event.rules), series[0][0])


def _touches(time: Interval, span: Interval) -> bool:
    return time.start < span.end and time.end > max(span.start, time.start)


def _absence(person: str, uid: str, time: Interval) -> Absence:
    key = uid or f"{time.end:%Y%m%dT%H%M%SZ}"
    return Absence(
        id=f"{prefix(person)}{key}:{time.start:%Y%m%dT%H%M%SZ}",
        person=person,
        start=time.start,
        end=time.end,
        reason=REASON,
    )


def _unread(raw: RawEvent, error: Exception) -> Unread:
    match error:
        case TooOftenError() | TooMuchWorkError():
            why = "it repeats too often, or without end"
        case _:
            why = f"it cannot be understood ({type(error).__name__})"
    return Unread(line=raw.number, uid=raw.uid(), words=raw.words(), why=why)
