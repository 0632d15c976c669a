from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from oncall.rota.marks import clock_change, first_weekday, holiday_of, weekends
from oncall.rota.sheet import ClockChange
from rotations.cadence import instant
from rotations.shift import Interval
from rotations.window import Desk, Holiday, parse_window
from support.rota import UTC_ZONE, utc

EID, FEAST = date(2027, 3, 10), date(2027, 5, 1)


def feasts(_year: int) -> Mapping[date, Holiday]:
    return {
        EID: Holiday("Eid al-Fitr (estimated); Spring (estimated)", estimated=True),
        FEAST: Holiday("Feast (of spring)"),
    }


def local_day(zone: str, day: str) -> tuple[ZoneInfo, Interval]:
    where, midnight = ZoneInfo(zone), datetime.fromisoformat(day)
    start, end = instant(midnight, where), instant(midnight + timedelta(days=1), where)
    return where, Interval(start=start, end=end)


@pytest.mark.parametrize(
    ("zone", "day", "before", "after"),
    [
        ("Europe/Berlin", "2027-03-28", time(2), time(3)),
        ("Europe/Berlin", "2027-10-31", time(3), time(2)),
        ("Africa/Cairo", "2027-04-30", time(0), time(1)),  # the day begins at 01:00
        ("Africa/Cairo", "2027-10-28", time(0), time(23)),  # at its very end
        ("Australia/Lord_Howe", "2027-04-04", time(2), time(1, 30)),
    ],
)
def test_a_clock_change_is_told_as_the_clock_shows_it(
    zone: str, day: str, before: time, after: time
):
    found = clock_change(*local_day(zone, day))
    forward = (before, after) in {(time(2), time(3)), (time(0), time(1))}
    assert found == ClockChange(before=before, after=after, forward=forward)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Berlin", "2027-03-27"),
        ("Europe/Berlin", "2027-03-29"),
        ("Africa/Cairo", "2027-04-29"),
        ("Africa/Cairo", "2027-10-29"),
        ("Asia/Tehran", "2027-03-21"),
    ],
)
def test_other_days_have_no_clock_change(zone: str, day: str):
    assert clock_change(*local_day(zone, day)) is None


@pytest.mark.parametrize(
    ("weekend", "first"),
    [
        (("sat, sun",), 0),
        (("fri",), 5),
        (("fri, sat",), 6),
        (("thu 13:00 - sat 09:00",), 5),
        (("thu 13:00 - fri 24:00",), 5),
        (("sat", "sun"), 0),
        ((), 0),
    ],
)
def test_the_week_begins_on_the_day_the_weekend_ends(
    weekend: tuple[str, ...], first: int
):
    assert first_weekday([parse_window(text) for text in weekend]) == first


def test_the_weekend_is_as_the_desk_writes_it_and_not_longer():
    desk = Desk(
        zone=UTC_ZONE, open=(time(9), time(17)), weekend=(parse_window("sat, sun"),)
    )
    assert weekends(desk, utc("2027-01-07"), utc("2027-01-13")) == (
        Interval(start=utc("2027-01-09"), end=utc("2027-01-11")),
    )


def test_an_estimated_holiday_says_so_once():
    found, closed = holiday_of(Desk(zone=UTC_ZONE, holidays=feasts), EID)
    assert found == Holiday("Eid al-Fitr; Spring", estimated=True)
    assert not closed


def test_a_confirmed_holiday_keeps_its_name():
    found, _ = holiday_of(Desk(zone=UTC_ZONE, holidays=feasts), FEAST)
    assert found == Holiday("Feast (of spring)")


def test_a_further_day_off_is_told_beside_holidays():
    desk = Desk(zone=UTC_ZONE, closed=((EID, EID),))
    assert holiday_of(desk, EID) == (None, True)
    assert holiday_of(desk, EID + timedelta(days=1)) == (None, False)


def test_a_day_that_is_no_holiday_here_is_none():
    desk = Desk(
        zone=UTC_ZONE,
        holidays=feasts,
        closed=((EID, EID),),
        not_holidays=frozenset({EID}),
    )
    assert holiday_of(desk, EID) == (None, False)
