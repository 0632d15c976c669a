"""Dates of both calendars and hours of the day, as a reader writes them."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from persiantools.jdatetime import JalaliDate

from oncall.rota.sheet import Day
from oncall.rota.words import Words
from rotations.shift import Interval

_MIDNIGHT = "24:00"
LIVE_BY_JALALI = frozenset({"Asia/Tehran", "Iran", "Asia/Kabul"})
"""Zones whose people live by the Jalali calendar, whatever language they read."""


def jalali_of(day: date) -> JalaliDate:
    """Return the day in the Jalali calendar."""
    return JalaliDate(day)  # type: ignore[no-untyped-call]


class Pen:
    """Writes in one language what clocks in one zone show."""

    def __init__(self, words: Words, zone: ZoneInfo) -> None:
        self.words = words
        self.zone = zone

    def weekday(self, day: date) -> str:
        """Return the name of the weekday."""
        return self.words.weekdays[day.weekday()]

    def gregorian(self, day: date, *, year: bool = False) -> str:
        """Return `20 Nov`, with the year if wanted."""
        month = self.words.months[day.month - 1]
        return self._date(day.day, month, day.year if year else None)

    def jalali(self, day: date, *, year: bool = False) -> str:
        """Return `29 Aban`, with the year if wanted."""
        found = jalali_of(day)
        month = self.words.jalali_months[found.month - 1]
        return self._date(found.day, month, found.year if year else None)

    @property
    def knows_jalali(self) -> bool:
        """Whether the Jalali date stands beside the Gregorian, which pay hangs on."""
        return self.words.jalali_first or self.zone.key in LIVE_BY_JALALI

    @property
    def calendars(self) -> tuple[str, ...]:
        """The names of the calendars in which `dates` writes."""
        return self._in_order(self.words.gregorian, self.words.jalali)

    def dates(self, day: date, *, year: bool = False) -> tuple[str, ...]:
        """Return the day in each calendar of its readers, first what they live by."""
        return self._in_order(
            self.gregorian(day, year=year), self.jalali(day, year=year)
        )

    def span(self, first: date, last: date) -> tuple[str, ...]:
        """Return `20 Nov 2026 – 24 Dec 2026`, in each calendar like `dates`."""
        pairs = zip(
            self.dates(first, year=True), self.dates(last, year=True), strict=True
        )
        return tuple(f"{start} – {end}" for start, end in pairs)

    def _in_order(self, gregorian: str, jalali: str) -> tuple[str, ...]:
        if not self.knows_jalali:
            return (gregorian,)
        return (jalali, gregorian) if self.words.jalali_first else (gregorian, jalali)

    def hours(self, part: Interval, day: Day) -> str:
        """Return `17:00–24:00`; nothing for all of the day."""
        if part == day.whole:
            return ""
        end = self.digits(_MIDNIGHT) if part.end == day.whole.end else self.at(part.end)
        return f"{self.at(part.start)}–{end}"

    def at(self, instant: datetime) -> str:
        """Return what the clock shows at an instant."""
        return self.clock(instant.astimezone(self.zone).time())

    def clock(self, shown: time) -> str:
        """Return a time of day."""
        return self.digits(f"{shown:%H:%M}")

    def digits(self, text: object) -> str:
        """Write ASCII digits with the language's own."""
        return str(text).translate(str.maketrans("0123456789", self.words.digits))

    def _date(self, day: int, month: str, year: int | None) -> str:
        return self.digits(
            f"{day} {month}" if year is None else f"{day} {month} {year}"
        )
