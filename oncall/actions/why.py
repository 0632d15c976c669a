"""Why somebody was paged, and why somebody was not: read from what was written down.

Nothing is worked out anew but who is on call: the pages' history and the timeline say
what was done and left, each with its reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from oncall.actions.house import View
from oncall.errors import NotFound
from oncall.model import Kind, PageState, Via
from oncall.store import Tx, issues, timeline, told
from oncall.store.pages import Transition

Row = Mapping[Any, Any]
"""A row of the store, by its columns' names."""
LOOK_BACK = timedelta(hours=24)
STOPS = frozenset({"acknowledged", "snoozed", "resolved"})
"""What ends or holds the climbing of the levels."""
GOES_ON = frozenset({"passed", "reopened"})
"""After these nothing that was before holds the levels."""
HANDED_OVER = frozenset(
    {PageState.ACCEPTED, PageState.DELIVERED, PageState.UNDELIVERED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message to one person by one method, and what had become of it by then.

    `at` is when it was handed over, else when it was planned. `because` is why it was
    wanted and `detail` why it is not further. `stopped` is what called it off.
    `level` counts from 1. `due_at` is when it is tried next, if it is.
    """

    at: datetime
    issue: int | None
    person: str
    via: Via
    kind: Kind
    because: str
    level: int | None
    round: int
    state: PageState
    sent: bool
    attempts: int
    detail: str
    due_at: datetime | None
    stopped: "Event | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A line of an issue's timeline."""

    at: datetime
    issue: int
    event: str
    because: str
    person: str | None
    detail: str


class Left(StrEnum):
    """Why a person was told nothing at all of an issue."""

    NOT_ON_CALL = "not_on_call"
    NOT_ON_CALL_THEN = "not_on_call_then"
    LEVEL_NOT_REACHED = "level_not_reached"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """Somebody who was told nothing of an issue by `at`, and what stopped it.

    `level`, from 1, is the first that means them.
    """

    at: datetime
    issue: int
    person: str
    because: Left
    level: int | None = None
    stopped: Event | None = None


Entry = Message | Event | Untold


def by_now(tx: Tx, subject: int | str, now: datetime) -> datetime:
    """Return until when to explain an issue, or a person, if nobody says it.

    What was written before the clock was set back is later than now, and belongs to it.
    """
    if isinstance(subject, int):
        last = told.last_about(tx, subject)
    else:
        last = told.last_to(tx, subject, now - LOOK_BACK)  # else it is not shown anyway
    return max(now, last or now)


def of_issue(tx: Tx, view: View, number: int, at: datetime) -> list[Entry]:
    """Return what was done and not done about an issue by `at`, in order of time.

    People who were told nothing come last. Raises NotFound.
    """
    issue = issues.find(tx, number)
    if issue is None:
        msg = f"there is no issue #{number}"
        raise NotFound(msg)
    events = _events(tx, number, at)
    messages = _messages(tx, told.about(tx, number, at), events, at)
    entries: list[Entry] = sorted((*events, *messages), key=lambda entry: entry.at)
    knowing = {message.person for message in messages}
    silent = [person for person in view.config.people if person not in knowing]
    return entries + [
        _untold(tx, view, number, person, messages, events, at) for person in silent
    ]


def of_person(tx: Tx, view: View, person: str, at: datetime) -> list[Entry]:
    """Return what a person was sent in the day before `at`, and what was left.

    An issue of that day of which they were told nothing is there too, and so is a method
    that was not even tried. Of somebody who has left there is only what they were sent.
    Raises NotFound.
    """
    since = at - LOOK_BACK
    rows = told.to(tx, person, since, at)
    if not rows:
        view.person(person)
    events = {
        number: _events(tx, number, at)
        for number in {*told.opened(tx, since, at), *_issues(rows)}
    }
    every = [event for lines in events.values() for event in lines]
    messages = _messages(tx, rows, every, at)
    knowing = {message.issue for message in messages}
    untold = [
        _untold(tx, view, number, person, _sent_about(tx, number, lines, at), lines, at)
        for number, lines in sorted(events.items())
        if number not in knowing and person in view.config.people
    ]
    left_out = [
        event
        for event in every
        if (event.event, event.person) == ("method_left_out", person)
        and event.at >= since
    ]
    sent: list[Entry] = sorted((*messages, *left_out), key=lambda entry: entry.at)
    return [*sent, *untold]


def _issues(rows: Sequence[Row]) -> Iterator[int]:
    return (row["issue"] for row in rows if row["issue"] is not None)


def _sent_about(
    tx: Tx, number: int, events: Sequence[Event], at: datetime
) -> list[Message]:
    return _messages(tx, told.about(tx, number, at), events, at)


def _events(tx: Tx, number: int, at: datetime) -> list[Event]:
    return [
        Event(
            at=row["at"],
            issue=number,
            event=row["event"],
            because=row["reason"],
            person=row["person"],
            detail=row["detail"],
        )
        for row in timeline.of_issue(tx, number)
        if row["at"] <= at
    ]


def _messages(
    tx: Tx, rows: Sequence[Row], events: Sequence[Event], at: datetime
) -> list[Message]:
    changes = told.changes(tx, [row["id"] for row in rows], at)
    return [_message(row, changes[row["id"]], events) for row in rows]


def _message(row: Row, changes: Sequence[Row], events: Sequence[Event]) -> Message:
    last = changes[-1]
    taken = [change for change in changes if change["state"] in HANDED_OVER]
    claims = [each for each in changes if each["transition"] == Transition.CLAIM]
    # what is put off while its provider is left alone has not moved
    waits = row["state"] == last["state"] == PageState.PLANNED
    put_off = row["detail"] if waits else ""
    # bad news and notices are stopped by nothing that stops the levels
    called_off = row["kind"] == Kind.PAGE and last["state"] == PageState.CANCELLED
    return Message(
        at=claims[-1]["at"] if claims else row["created_at"],
        issue=row["issue"],
        person=row["person"],
        via=Via(row["via"]),
        kind=Kind(row["kind"]),
        because=row["reason"],
        level=None if row["level"] is None else row["level"] + 1,
        round=row["round"],
        state=PageState(last["state"]),
        sent=bool(taken),
        attempts=len(claims),
        detail=last["detail"] or put_off,
        due_at=row["due_at"] if last["state"] == PageState.PLANNED else None,
        stopped=_stopped(events, row["issue"], last["at"]) if called_off else None,
    )


def _stopped(events: Sequence[Event], issue: int | None, by: datetime) -> Event | None:
    """Return the last thing by then that stopped an issue's levels, if any.

    None when they went on after it.
    """
    turns = (
        event
        for event in reversed(events)
        if event.issue == issue
        and event.at <= by
        and (event.event in STOPS or _goes_on(event))
    )
    last = next(turns, None)
    return None if last is None or _goes_on(last) else last


def _goes_on(event: Event) -> bool:
    """Tell whether the levels go on with it; a page's detail says of which it is."""
    return event.event in GOES_ON or bool(event.event == "page" and event.detail)


def _untold(
    tx: Tx,
    view: View,
    number: int,
    person: str,
    messages: Sequence[Message],
    events: Sequence[Event],
    at: datetime,
) -> Untold:
    levels = told.policy(tx, number).levels
    stopped = _stopped(events, number, at)
    # who has the next turn by now has nothing to do with it
    then = at if stopped is None else stopped.at
    standing = view.as_of(tx, then)
    meant = [
        place
        for place, level in enumerate(levels, start=1)
        if any(person in standing.people_of(target, then) for target in level.targets)
    ]
    reached = {message.level for message in messages if message.level is not None}
    unreached = [level for level in meant if level not in reached]
    if person in view.unreachable:
        because = Left.UNREACHABLE
    elif not meant:
        because = Left.NOT_ON_CALL
    else:
        because = Left.LEVEL_NOT_REACHED if unreached else Left.NOT_ON_CALL_THEN
    return Untold(
        at=at,
        issue=number,
        person=person,
        because=because,
        level=next(iter(unreached or meant), None),
        stopped=stopped,
    )
