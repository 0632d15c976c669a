"""`[desk]` as a value: the country's weekend and holidays unless it says otherwise."""

from oncall.config.holiday_calendar import holidays_of
from oncall.config.home import Home
from oncall.config.schema.service import DeskTable
from oncall.config.weekend import days_of_weekend, weekend_of
from rotations.window import Desk, no_holidays


def build_desk(table: DeskTable | None, home: Home) -> Desk:
    """Return the desk; without `[desk]` it rests on Saturday and Sunday."""
    if table is None:
        return Desk(zone=home.zone, weekend=(weekend_of(""),))
    country = table.country or ""
    return Desk(
        zone=table.timezone or home.zone,
        open=table.open,
        weekend=tuple(table.weekend or (weekend_of(country),)),
        holidays=holidays_of(country) if country and table.holidays else no_holidays,
        closed=tuple(table.closed),
        not_holidays=frozenset(table.not_holidays),
    )


def weekend_taken(table: DeskTable | None) -> str:
    """Return the days that a country's weekend was taken to be; "" when it is said."""
    if table is None or not table.country or table.weekend:
        return ""
    return days_of_weekend(table.country)
