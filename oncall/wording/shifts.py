"""What people hear of their own shifts: that one comes, begins, or has changed."""

from enum import StrEnum

from oncall.model import Language
from oncall.wording.catalogue import catalogue
from oncall.wording.sentence import fill


class ShiftNews(StrEnum):
    """What there is to say of a shift."""

    TOMORROW = "tomorrow"
    SOON = "soon"
    BEGINS = "begins"
    APPEARED = "appeared"
    MOVED = "moved"
    GONE = "gone"


def shift_notice(
    language: Language,
    news: ShiftNews,
    *,
    rotation: str,
    start: str,
    end: str,
    rich: bool = False,
) -> str:
    """Return one SMS segment, or with `rich` a text for chats.

    `rotation` is its title; `start` and `end` are times from `local_time`.
    """
    sentence: str = getattr(catalogue(language).shifts, news)
    times = {"start": start, "end": end}
    return fill(sentence, times, {"rotation": rotation}, rich=rich)
