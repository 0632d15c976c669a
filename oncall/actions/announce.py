"""Telling people of their own shifts: before they begin, and when they change.

Calendar programs lag by up to a day, so what is near is told by message. All that one
transaction changes for a person is one message to them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from oncall.actions import outbox
from oncall.actions.house import View
from oncall.actions.published import Published, publish, window
from oncall.actions.whole_shifts import stints, touching, whole_shifts
from oncall.actions.words import RICH, shown
from oncall.model import Kind, Person, Via
from oncall.store import Tx, announcements
from oncall.store.calendars import Slot
from oncall.wording import ShiftNews, shift_changes, shift_notice
from rotations.shift import Interval

AHEAD: dict[ShiftNews, timedelta] = {
    ShiftNews.TOMORROW: timedelta(hours=24),
    ShiftNews.SOON: timedelta(hours=1),
    ShiftNews.BEGINS: timedelta(0),
}
NEAR = timedelta(hours=48)
"""Changes further away are left to the calendars."""
LATE = timedelta(minutes=30)
"""What could not be told for so long, because nobody ran, is told no more."""
MOST_LISTED = 12
"""Changes that are told one by one in a chat; calendars show them all."""
_AT = attrgetter("at")
_PERSON = attrgetter("person")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """At `at` there is something to say to a person of `[start, end)`; `key`: once."""

    at: datetime
    news: ShiftNews
    person: str
    rotation: str
    start: datetime
    end: datetime
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """What was published of each rotation, and who was told that it changed."""

    published: Mapping[str, Published]
    told: frozenset[str]


def announce(
    tx: Tx, view: View, now: datetime, *, told: Collection[str] = ()
) -> datetime | None:
    """Tell what is to be told now; return when there is something next.

    Who was `told` in the same transaction that shifts changed hears nothing more.
    """
    began = announcements.beginning(tx, now)
    moments = sorted(_moments(tx, view, now), key=_AT)
    for moment in moments:
        due = began <= moment.at <= now and announcements.once(tx, moment.key, now)
        if due and moment.person not in told:
            _tell(tx, view, moment.person, [moment], now)
    return next((moment.at for moment in moments if moment.at > now), None)


def announce_changes(tx: Tx, view: View, now: datetime) -> Announced:
    """Publish what has changed, and tell each person in one message what that is.

    Whoever publishes tells it: for the next one it is no change any more. So all
    rotations are published, whichever somebody wants to see.
    """
    published = {
        rotation: publish(tx, view, rotation, window(now), now, gaps=False)
        for rotation in view.roster.rotations
    }
    changes = [one for each in published.values() for one in _changes(each, now)]
    told: set[str] = set()
    for person, own in groupby(sorted(changes, key=_PERSON), key=_PERSON):
        news = sorted(own, key=_AT)
        # One that is near is told, and then all are, so that none is told for itself.
        near = [one for one in news if one.at < now + NEAR]
        new = [announcements.once(tx, one.key, now) for one in near]
        if any(new):
            _tell(tx, view, person, news, now)
            told.add(person)
    return Announced(published=published, told=frozenset(told))


def _changes(published: Published, now: datetime) -> Iterator[Moment]:
    """Yield what is new to people; what was never published before is no change.

    Nor is what makes a difference to the past alone.
    """
    for slot in published.changes:
        before = published.before.get(slot.uid)
        if slot.cancelled_at is not None:
            yield from _change(ShiftNews.GONE, slot, slot.start_at, slot.end_at, now)
        elif before is None or before.cancelled_at is not None:
            if published.before:
                at, end = slot.start_at, slot.end_at
                yield from _change(ShiftNews.APPEARED, slot, at, end, now)
        elif before.start_at != slot.start_at:
            at = min(before.start_at, slot.start_at)
            yield from _change(ShiftNews.MOVED, slot, at, slot.end_at, now)
        elif before.end_at != slot.end_at:
            at, until = sorted((before.end_at, slot.end_at))
            yield from _change(ShiftNews.MOVED, slot, at, until, now)


def _change(
    news: ShiftNews, slot: Slot, at: datetime, until: datetime, now: datetime
) -> Iterator[Moment]:
    """Yield a change that makes a difference from `at` to `until`, or from now on."""
    if until > now:
        yield Moment(
            at=max(at, now),
            news=news,
            person=slot.person,
            rotation=slot.title,
            start=slot.start_at,
            end=slot.end_at,
            key=f"{news}/{slot.uid}/{slot.sequence}",
        )


def _moments(tx: Tx, view: View, now: datetime) -> Iterator[Moment]:
    """Yield what is to be said of shifts: of all the time that somebody is on call."""
    start, end = now - NEAR, now + AHEAD[ShiftNews.TOMORROW] + NEAR
    for rotation, definition in view.roster.rotations.items():
        shifts = whole_shifts(tx, view, rotation, start, end)
        for person, own in groupby(sorted(shifts, key=_PERSON), key=_PERSON):
            for stint in touching(list(stints(list(own))), start, end):
                yield from _told_of(rotation, definition.title, person, stint, now)


def _told_of(
    rotation: str, title: str, person: str, stint: Interval, now: datetime
) -> Iterator[Moment]:
    for news, ahead in AHEAD.items():
        at = stint.start - ahead
        if at > now - LATE:
            yield Moment(
                at=at,
                news=news,
                person=person,
                rotation=title,
                start=stint.start,
                end=stint.end,
                key=f"{news}/{rotation}/{person}/{stint.start.isoformat()}/0",
            )


def _tell(
    tx: Tx, view: View, person: str, news: Sequence[Moment], now: datetime
) -> None:
    if person not in view.config.people:
        return
    reader = view.person(person)

    def text(via: Via) -> str:
        rich = via in RICH
        lines = [_said(reader, one, now, rich=rich) for one in news[:MOST_LISTED]]
        if len(news) == 1:
            return lines[0]
        head = _summary(reader, news, now, rich=rich)
        return "\n".join([head, *lines]) if rich else head

    outbox.tell(
        tx,
        view,
        person,
        now,
        kind=Kind.NOTICE,
        issue=None,
        reason=f"shift_{news[0].news}" if len(news) == 1 else "shifts_changed",
        texts=text,
    )


def _said(reader: Person, one: Moment, now: datetime, *, rich: bool) -> str:
    return shift_notice(
        reader.language,
        one.news,
        rotation=one.rotation,
        start=shown(reader, one.start, now),
        end=shown(reader, one.end, now),
        rich=rich,
    )


def _summary(
    reader: Person, news: Sequence[Moment], now: datetime, *, rich: bool
) -> str:
    """Say how many turns changed, until when, and the first that is theirs."""
    held = [one for one in news if one.news is not ShiftNews.GONE]
    first = min(held or news, key=attrgetter("start"))
    return shift_changes(
        reader.language,
        count=len(news),
        until=shown(reader, max(one.end for one in news), now),
        start=shown(reader, first.start, now),
        rotation=first.rotation,
        all_gone=not held,
        rich=rich,
    )
