"""The weekend of each country.

Source: Unicode CLDR, supplemental data, weekData (weekendStart and weekendEnd), where
Saturday and Sunday hold for every territory that is not named.
"""

from collections.abc import Mapping

from rotations.window import Window, parse_window

_ELSEWHERE = "sat, sun"
_WEEKENDS: Mapping[str, str] = {
    **dict.fromkeys(
        "BH DZ EG IL IQ JO KW LY OM QA SA SD SY YE".split(),  # noqa: SIM905 - as in the source
        "fri, sat",
    ),
    "AF": "thu, fri",
    "IR": "fri",
    "IN": "sun",
    "UG": "sun",
}


def weekend_of(country: str) -> Window:
    """Return the weekend of a country by its two letters; `""` is anywhere."""
    return parse_window(days_of_weekend(country))


def days_of_weekend(country: str) -> str:
    """Return the same as people write it: "sat, sun"."""
    return _WEEKENDS.get(country, _ELSEWHERE)
