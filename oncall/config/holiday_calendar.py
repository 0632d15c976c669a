"""Public holidays by country and year, from the `holidays` package.

The package is loaded when the first holiday is asked for: it takes a while.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

from rotations.window import Holiday

Year = Callable[[int], Mapping[date, Holiday]]


@cache
def holidays_of(country: str) -> Year:
    """Return what gives the holidays of a year; none for a country not known."""

    @cache
    def in_year(year: int) -> Mapping[date, Holiday]:
        import holidays  # noqa: PLC0415 - 50 ms, and more for some countries

        try:
            found = holidays.country_holidays(country, years=year, language="en_US")
        except NotImplementedError:
            return {}
        # Countries without an English edition mark estimates in their own words.
        own = getattr(found, "estimated_label", "").strip("%s ()（）")
        marks = ("estimated", own or "estimated")
        return {
            day: Holiday(name, estimated=any(mark in name for mark in marks))
            for day, name in sorted(found.items())
        }

    return in_year
