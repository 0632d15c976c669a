"""The languages we speak, and how numbers and times are written in them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from persiantools.jdatetime import JalaliDate

from escalation_policies.reason import Reason
from oncall.model import Language
from oncall.wording.arabic import ARABIC
from oncall.wording.english import ENGLISH
from oncall.wording.persian import PERSIAN
from oncall.wording.words import Catalogue

_CATALOGUES = {
    Language.ENGLISH: ENGLISH,
    Language.PERSIAN: PERSIAN,
    Language.ARABIC: ARABIC,
}
_NAMED_BY_WEEKDAY = timedelta(days=6)


def catalogue(language: Language) -> Catalogue:
    """Return all that we can say in this language."""
    return _CATALOGUES[language]


def in_digits(language: Language, text: str) -> str:
    """Write the ASCII digits in `text` with the language's own."""
    return text.translate(str.maketrans("0123456789", catalogue(language).digits))


def local_time(
    language: Language, at: datetime, *, zone: ZoneInfo, now: datetime
) -> str:
    """Write an instant as its reader's clock shows it, to the minute.

    Today it is the time alone, within six days the weekday too, further away the date,
    in the calendar that readers of the language live by.
    """
    there, today = at.astimezone(zone), now.astimezone(zone).date()
    words = catalogue(language)
    away = abs(there.date() - today)
    if away > _NAMED_BY_WEEKDAY:
        day = _in_calendar(language, there.date())
        year, month, date_ = day.year, day.month, day.day
        written = words.date.format(year=year, month=month, day=date_)
        return in_digits(language, written)
    time = in_digits(language, f"{there:%H:%M}")
    return f"{words.weekdays[there.weekday()]} {time}" if away else time


def _in_calendar(language: Language, day: date) -> date | JalaliDate:
    """Return the day in the calendar that readers of the language live by."""
    if language is Language.PERSIAN:
        return JalaliDate(day)  # type: ignore[no-untyped-call]
    return day


def reason_text(language: Language, reason: Reason) -> str:
    """Say why something was done or left."""
    return catalogue(language).reasons[reason]
