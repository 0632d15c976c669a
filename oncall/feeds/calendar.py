"""What a feed shows, as values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from oncall.model import Language


class Role(StrEnum):
    """What a slot asks of somebody."""

    ON_CALL = "on_call"
    BACKUP = "backup"
    GAP = "gap"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSlot:
    """One shift in a calendar, `[start, end)`, UTC.

    `uid` stays the same when the end or a title changes; `sequence` grows with each
    change and `revised_at` is when the last one was made. `before` and `after` are the
    people who hand over and take over, `call` whom to call; each may be empty.
    `person_name` is empty where everything is one person's own.
    """

    uid: str
    rotation_title: str
    role: Role
    start: datetime
    end: datetime
    sequence: int
    revised_at: datetime
    person_name: str = ""
    cancelled: bool = False
    before: str = ""
    after: str = ""
    call: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCalendar:
    """A whole feed. `color` is a CSS3 name, may be empty; `url` a page for people.

    With `busy` a shift blocks its owner's time; otherwise it is shown as free.
    """

    name: str
    url: str
    slots: tuple[FeedSlot, ...]
    language: Language
    color: str = ""
    busy: bool = False
