"""Calendar feeds: from shifts to what calendars see, remembered slot by slot.

What was published is kept, so that a change grows SEQUENCE, a shift taken away leaves
a tombstone, and the same data gives the same bytes.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import format_datetime
from typing import NoReturn

from oncall.actions.announce import announce_changes
from oncall.actions.exceptions import new_id
from oncall.actions.house import View
from oncall.actions.link import digest
from oncall.actions.published import Published, Window, publish, window
from oncall.errors import NotFound, Refused
from oncall.feeds import FeedCalendar, FeedSlot, Role, etag, render
from oncall.model import Language
from oncall.store import Tx, calendars
from oncall.store.calendars import Feed, Slot

OVERLAP = timedelta(days=7)
"""So long a replaced link works, until everybody's programs have the new one."""
KINDS = ("mine", "rotation", "team", "gaps")
MOST = 300
"""Rendered calendars that are remembered, of some 150 KiB each at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A calendar's bytes with what HTTP says about them."""

    body: bytes
    etag: str
    last_modified: str


def new_feed(
    tx: Tx,
    view: View,
    now: datetime,
    *,
    kind: str | None = None,
    person: str | None = None,
    rotation: str | None = None,
) -> tuple[Feed, str]:
    """Make a calendar link and return it with its token, which is shown this once.

    Raises NotFound for names, Refused when kind and names do not go together.
    """
    kind = kind or ("mine" if person else "rotation" if rotation else "team")
    if kind not in KINDS:
        _refuse("kind", f"is one of {', '.join(KINDS)}")
    if (kind == "mine") != (person is not None):
        _refuse("person", "is needed for `mine`, and only there")
    if kind == "rotation" and rotation is None:
        _refuse("rotation", "is needed for a rotation's calendar")
    if person is not None:
        view.person(person)
    if rotation is not None and rotation not in view.roster.rotations:
        msg = f"there is no rotation {rotation!r} in the configuration"
        raise NotFound(msg)
    token = secrets.token_urlsafe(32)
    feed = Feed(
        id=new_id(), kind=kind, person=person, rotation=rotation, created_at=now
    )
    calendars.add_feed(tx, feed, digest(token))
    return feed, token


def rotate_feed(tx: Tx, feed_id: str, now: datetime) -> tuple[Feed, str]:
    """Replace a link that may have got about; the old one ends after `OVERLAP`.

    Raises NotFound.
    """
    old = calendars.feed_by_id(tx, feed_id, now)
    if old is None:
        msg = f"there is no calendar link {feed_id!r}"
        raise NotFound(msg)
    token = secrets.token_urlsafe(32)
    feed = Feed(
        id=new_id(),
        kind=old.kind,
        person=old.person,
        rotation=old.rotation,
        created_at=now,
    )
    calendars.add_feed(tx, feed, digest(token))
    calendars.revoke_feed(tx, feed_id, now, at=now + OVERLAP)
    return feed, token


def addresses(view: View, token: str) -> dict[str, str]:
    """Return where a calendar is fetched: `url` and `webcal`."""
    url = f"{view.config.service.url}/feeds/{token}.ics"
    return {"url": url, "webcal": "webcal:" + url.partition(":")[2]}


class Calendars:
    """Renders feeds, and remembers what it rendered while nothing has changed."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, bool], tuple[View, date, Rendered]] = {}

    def known(
        self, feed: Feed, view: View, now: datetime, *, busy: bool
    ) -> Rendered | None:
        """Return what was rendered for this feed if it still is what is true."""
        kept = self._kept.get((feed.id, busy))
        if kept and kept[0] is view and kept[1] == now.date():
            return kept[2]
        return None

    def build(
        self, tx: Tx, feed: Feed, view: View, now: datetime, *, busy: bool
    ) -> Rendered:
        """Publish what has changed, and render."""
        made = rendered(tx, view, feed, now, busy=busy)
        today = now.date()
        # Whatever rests on an older view or day is never asked for again: links that
        # ended or changed leave nothing behind. Bound once, since threads read it.
        self._kept = {
            key: kept
            for key, kept in [*self._kept.items()][-MOST:]
            if kept[0] is view and kept[1] == today
        } | {(feed.id, busy): (view, today, made)}
        return made


def rendered(
    tx: Tx,
    view: View,
    feed: Feed,
    now: datetime,
    *,
    busy: bool,
    span: Window | None = None,
) -> Rendered:
    """Render a feed from what is published, after publishing what has changed.

    Without `span` it shows what a calendar at `now` shows.
    """
    published = _published(tx, view, feed, span, now)
    slots = [
        _shown(view, feed, slot)
        for each in published
        for slot in each.slots
        if feed.person in (None, slot.person)
    ]
    calendar = FeedCalendar(
        name=_name(view, feed),
        url=view.config.service.url,
        slots=tuple(slots),
        language=_language(view, feed),
        busy=busy,
    )
    body = render(calendar)
    newest = max((slot.revised_at for slot in slots), default=(span or window(now))[0])
    last_modified = format_datetime(newest.replace(microsecond=0), usegmt=True)
    return Rendered(body=body, etag=etag(body), last_modified=last_modified)


def _published(
    tx: Tx, view: View, feed: Feed, span: Window | None, now: datetime
) -> list[Published]:
    """Publish what has changed, which people hear of, and return what there is."""
    names = [feed.rotation] if feed.rotation else list(view.roster.rotations)
    there = [name for name in names if name in view.roster.rotations]
    gaps = feed.kind == "gaps"
    if not gaps:
        known = announce_changes(tx, view, now).published
        if span is None:
            return [known[name] for name in there]
    return [
        publish(tx, view, name, span or window(now), now, gaps=gaps) for name in there
    ]


def _shown(view: View, feed: Feed, slot: Slot) -> FeedSlot:
    rotation = view.roster.rotations[slot.rotation]
    role = Role.BACKUP if rotation.follows else Role.ON_CALL
    return FeedSlot(
        uid=slot.uid,
        rotation_title=slot.title,
        role=Role.GAP if feed.kind == "gaps" else role,
        start=slot.start_at,
        end=slot.end_at,
        sequence=slot.sequence,
        revised_at=slot.revised_at,
        person_name="" if feed.kind == "mine" else slot.name,
        cancelled=slot.cancelled_at is not None,
        before=slot.before,
        after=slot.after,
        call=slot.call,
    )


def _name(view: View, feed: Feed) -> str:
    service = view.config.service.name
    if feed.person is not None:
        return f"{view.name_of(feed.person)} · {service}"
    if feed.rotation is not None:
        return f"{view.roster.rotations[feed.rotation].title} · {service}"
    return service


def _language(view: View, feed: Feed) -> Language:
    person = view.config.people.get(feed.person or "")
    return person.language if person else view.config.service.language


def _refuse(path: str, message: str) -> NoReturn:
    msg = f"`{path}` {message}"
    raise Refused(msg, [(path, message)])
