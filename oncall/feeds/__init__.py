"""Calendars that people subscribe to: the same data gives the same bytes."""

from oncall.feeds.calendar import FeedCalendar, FeedSlot, Role
from oncall.feeds.identity import another, etag, uid

__all__ = ["FeedCalendar", "FeedSlot", "Role", "another", "etag", "render", "uid"]


def render(calendar: FeedCalendar) -> bytes:
    """Return the calendar as `text/calendar`, UTF-8, lines ending in CRLF."""
    from oncall.feeds.ical import to_ical  # noqa: PLC0415  slow to import, seldom used

    return to_ical(calendar)
