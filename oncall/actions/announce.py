"""Telling people of their own shifts: before they begin, and when they change.

Calendar programs lag by up to a day, so what is near is told by message.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from oncall.actions import outbox
from oncall.actions.house import View
from oncall.actions.published import Published, publish, window
from oncall.actions.words import RICH, shown
from oncall.model import Kind, Via
from oncall.store import Tx, announcements
from oncall.store.calendars import Slot
from oncall.wording import ShiftNews, shift_notice

AHEAD: dict[ShiftNews, timedelta] = {
    ShiftNews.TOMORROW: timedelta(hours=24),
    ShiftNews.SOON: timedelta(hours=1),
    ShiftNews.BEGINS: timedelta(0),
}
NEAR = timedelta(hours=48)
"""Changes further away are left to the calendars."""
LATE = timedelta(minutes=30)
"""What could not be told for so long, because nobody ran, is told no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """At `at` there is something to say of a shift."""

    at: datetime
    news: ShiftNews
    slot: Slot


def announce(tx: Tx, view: View, now: datetime) -> datetime | None:
    """Tell what is to be told now; return when there is something next."""
    began = announcements.beginning(tx, now)
    moments = sorted(_moments(view, now), key=lambda moment: moment.at)
    for moment in moments:
        if began <= moment.at <= now:
            _tell(tx, view, moment.slot, moment.news, now)
    return next((moment.at for moment in moments if moment.at > now), None)


def announce_changes(tx: Tx, view: View, now: datetime) -> None:
    """Publish what has changed, and tell whose shifts of the next days that are."""
    for rotation in view.roster.rotations:
        published = publish(tx, view, rotation, window(now), now, gaps=False)
        tell_changes(tx, view, published, now)


def tell_changes(tx: Tx, view: View, published: Published, now: datetime) -> None:
    """Tell whose shifts of the next days were changed by what was just published.

    Whoever publishes tells it: for the next one it is no change any more.
    """
    for news, slot in _news(published):
        if now < slot.start_at + LATE and slot.start_at < now + NEAR:
            _tell(tx, view, slot, news, now)


def _news(published: Published) -> Iterator[tuple[ShiftNews, Slot]]:
    """Return what is new to people; what was never published before is no change."""
    for slot in published.changes:
        before = published.before.get(slot.uid)
        if slot.cancelled_at is not None:
            yield ShiftNews.GONE, slot
        elif before is None or before.cancelled_at is not None:
            if published.before:
                yield ShiftNews.APPEARED, slot
        elif (before.start_at, before.end_at) != (slot.start_at, slot.end_at):
            yield ShiftNews.MOVED, slot


def _moments(view: View, now: datetime) -> Iterator[Moment]:
    horizon = now + AHEAD[ShiftNews.TOMORROW] + NEAR
    for rotation, definition in view.roster.rotations.items():
        shifts = view.roster.shifts_between(rotation, now - NEAR, horizon)
        ends = {(shift.person, shift.end) for shift in shifts}
        for shift in shifts:
            if (shift.person, shift.start) in ends:
                continue  # it goes on for somebody who is on call already
            slot = Slot(
                uid=f"{rotation}/{shift.person}/{shift.start.isoformat()}",
                rotation=rotation,
                person=shift.person,
                start_at=shift.start,
                end_at=shift.end,
                because=shift.because,
                title=definition.title,
                name="",
                revised_at=now,
            )
            for news, ahead in AHEAD.items():
                moment = Moment(at=shift.start - ahead, news=news, slot=slot)
                if moment.at > now - LATE:
                    yield moment


def _tell(tx: Tx, view: View, slot: Slot, news: ShiftNews, now: datetime) -> None:
    key = f"{news}/{slot.uid}/{slot.sequence}"
    if slot.person not in view.config.people or not announcements.once(tx, key, now):
        return
    reader = view.person(slot.person)

    def text(via: Via) -> str:
        return shift_notice(
            reader.language,
            news,
            rotation=slot.title,
            start=shown(reader, slot.start_at, now),
            end=shown(reader, slot.end_at, now),
            rich=via in RICH,
        )

    outbox.tell(
        tx,
        view,
        slot.person,
        now,
        kind=Kind.NOTICE,
        issue=None,
        reason=f"shift_{news}",
        texts=text,
    )
