"""Weekends, holidays, open and closed hours of a desk as instants."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from rotations.shift import Interval, merge
from rotations.window import (
    Desk,
    Holiday,
    Window,
    closed_intervals,
    holiday_intervals,
    intervals,
    open_intervals,
    parse_window,
    weekend_intervals,
)
from support.rota import UTC_ZONE, utc

CAIRO = ZoneInfo("Africa/Cairo")
BERLIN = ZoneInfo("Europe/Berlin")
NINE_TO_FIVE = (time(9), time(17))
SAT_SUN: tuple[Window, ...] = (parse_window("sat, sun"),)


def good_friday(_year: int) -> Mapping[date, Holiday]:
    return {date(2027, 3, 26): Holiday("Good Friday"), date(2027, 5, 12): Holiday("x")}


def german(**more: object) -> Desk:
    settings = {"open": NINE_TO_FIVE, "weekend": SAT_SUN, "holidays": good_friday}
    return Desk(zone=BERLIN, **{**settings, **more})  # type: ignore[arg-type]  # fields by name


def between(start: str, end: str) -> Interval:
    return Interval(start=utc(start), end=utc(end))


def on(text: str, zone: ZoneInfo, start: str, end: str) -> tuple[Interval, ...]:
    window = parse_window(text)
    return intervals(window, Desk(zone=zone), zone, utc(start), utc(end))


def test_a_weekend_runs_from_the_last_open_hour_to_the_next():
    found = weekend_intervals(german(), utc("2027-06-01"), utc("2027-06-09"))
    assert found == (between("2027-06-04T15:00", "2027-06-07T07:00"),)


def test_a_holiday_beside_a_weekend_makes_it_longer():
    found = weekend_intervals(german(), utc("2027-03-23"), utc("2027-03-31"))
    assert found == (between("2027-03-25T16:00", "2027-03-29T07:00"),)


def test_a_holiday_makes_the_weekend_longer_also_for_a_desk_without_hours():
    found = weekend_intervals(german(open=None), utc("2027-03-22"), utc("2027-03-31"))
    assert found == (between("2027-03-25T23:00", "2027-03-28T22:00"),)


def test_a_holiday_in_midweek_is_no_weekend_but_a_whole_local_day():
    desk, start, end = german(), utc("2027-05-11"), utc("2027-05-14")
    assert weekend_intervals(desk, start, end) == ()
    day = between("2027-05-11T22:00", "2027-05-12T22:00")
    assert holiday_intervals(desk, start, end) == (day,)


def test_further_closed_days_are_days_off_and_not_holidays_takes_one_out():
    desk = german(
        closed=((date(2027, 5, 10), date(2027, 5, 11)),),
        not_holidays=frozenset({date(2027, 5, 12)}),
    )
    off = holiday_intervals(desk, utc("2027-05-03"), utc("2027-05-16"))
    assert off == (between("2027-05-09T22:00", "2027-05-11T22:00"),)


def test_a_weekend_of_part_days_ends_when_the_desk_opens():
    tehran = ZoneInfo("Asia/Tehran")
    weekend = (parse_window("thu 13:00 - sat 09:00"),)
    desk = Desk(zone=tehran, open=NINE_TO_FIVE, weekend=weekend)
    found = weekend_intervals(desk, utc("2027-06-01"), utc("2027-06-08"))
    assert found == (between("2027-06-03T09:30", "2027-06-05T05:30"),)


def test_closed_and_open_share_no_instant_and_are_all_of_the_time():
    start, end = utc("2027-03-01"), utc("2027-05-15")
    opened = open_intervals(german(), start, end)
    closed = closed_intervals(german(), start, end)
    assert merge([*opened, *closed]) == (Interval(start=start, end=end),)
    edges = {part.start for part in opened} & {part.start for part in closed}
    assert edges == set()


def test_hours_past_midnight_go_on_until_the_weekend_begins():
    desk = Desk(zone=UTC_ZONE, open=(time(20), time(4)), weekend=SAT_SUN)
    found = open_intervals(desk, utc("2027-06-03T12:00"), utc("2027-06-06"))
    assert found == (
        between("2027-06-03T20:00", "2027-06-04T04:00"),
        between("2027-06-04T20:00", "2027-06-05T00:00"),
    )


def test_without_a_weekend_there_is_none():
    desk = Desk(zone=UTC_ZONE, open=NINE_TO_FIVE)
    assert weekend_intervals(desk, utc("2027-06-01"), utc("2027-07-01")) == ()


@pytest.mark.parametrize(
    ("start", "hours"),
    [("2027-04-20", 63), ("2027-04-27", 62), ("2027-10-26", 64), ("2027-11-02", 63)],
)
def test_egypts_weekend_is_62_63_or_64_hours(start: str, hours: int):
    end = utc(start) + timedelta(days=6)
    window = parse_window("thu 17:00 - sun 08:00")
    (weekend,) = intervals(window, Desk(zone=CAIRO), CAIRO, utc(start), end)
    assert weekend.end - weekend.start == timedelta(hours=hours)


def test_an_end_that_occurs_twice_is_the_last_and_a_start_the_first():
    (until,) = on(
        "sun 00:00 - sun 02:30", BERLIN, "2027-10-30T12:00", "2027-10-31T12:00"
    )
    (since,) = on(
        "sun 02:30 - sun 12:00", BERLIN, "2027-10-30T12:00", "2027-10-31T12:00"
    )
    assert until.end == utc("2027-10-31T01:30")
    assert since.start == utc("2027-10-31T00:30")


def test_a_window_inside_a_gap_is_empty():
    assert on("sun 02:10 - sun 02:50", BERLIN, "2027-03-27", "2027-03-29") == ()


def test_days_side_by_side_are_one_block():
    found = on("sat, sun", BERLIN, "2027-06-01", "2027-06-14")
    assert [part.end - part.start for part in found] == [timedelta(days=2)] * 2


def test_a_window_is_clipped_to_the_time_asked_for():
    found = on("fri 17:00 - mon 08:00", UTC_ZONE, "2027-06-05", "2027-06-06")
    assert found == (between("2027-06-05", "2027-06-06"),)


@pytest.mark.parametrize("moment", ["2027-06-04T17:00", "2027-06-07T07:59:59.999999"])
def test_a_window_holds_from_its_start_to_just_before_its_end(moment: str):
    at = utc(moment)
    window = parse_window("fri 17:00 - mon 08:00")
    assert intervals(
        window, Desk(zone=UTC_ZONE), UTC_ZONE, at, at + timedelta.resolution
    )


def test_a_window_no_longer_holds_at_its_end():
    at = utc("2027-06-07T08:00")
    window = parse_window("fri 17:00 - mon 08:00")
    desk = Desk(zone=UTC_ZONE)
    assert intervals(window, desk, UTC_ZONE, at, at + timedelta(hours=1)) == ()


def test_a_weekend_that_crosses_new_year_is_the_same_from_either_side():
    desk = german(closed=((date(2027, 12, 30), date(2028, 1, 2)),))
    whole = weekend_intervals(desk, utc("2027-12-20"), utc("2028-01-10"))
    new_year = datetime.fromisoformat("2028-01-01T00:00+00:00")
    parts = merge(
        [
            *weekend_intervals(desk, utc("2027-12-20"), new_year),
            *weekend_intervals(desk, new_year, utc("2028-01-10")),
        ]
    )
    assert parts == whole
