"""What people hear of their own shifts: that one comes, begins, or has changed."""

from enum import StrEnum

from oncall.model import Language
from oncall.wording.catalogue import catalogue, in_digits
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


def shift_changes(
    language: Language,
    *,
    count: int,
    until: str,
    start: str,
    rotation: str,
    all_gone: bool = False,
    rich: bool = False,
) -> str:
    """Return one SMS segment for `count` changes at once, the last of them `until`.

    `start` and `rotation` are those of the first turn that is theirs, or, with
    `all_gone`, was.
    """
    words = catalogue(language).shifts
    sentence = words.all_gone if all_gone else words.changed
    facts = {"count": in_digits(language, str(count)), "until": until, "start": start}
    return fill(sentence, facts, {"rotation": rotation}, rich=rich)
