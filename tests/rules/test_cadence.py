from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotations.cadence import (
    Cadence,
    ClockChange,
    Turn,
    Unit,
    clock_change,
    instant,
    parse_turn,
)
from support.rota import utc, wall

CAIRO = ZoneInfo("Africa/Cairo")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "turn"),
    [
        ("1 week", Turn(1, Unit.WEEKS)),
        ("12 hours", Turn(12, Unit.HOURS)),
        ("1 Day", Turn(1, Unit.DAYS)),
        (" 3 months ", Turn(3, Unit.MONTHS)),
        ("1 window", Turn(1, Unit.WINDOWS)),
        ("2 windows", Turn(2, Unit.WINDOWS)),
    ],
)
def test_a_turn_is_a_number_and_a_unit_in_singular_or_plural(text: str, turn: Turn):
    assert parse_turn(text) == turn


@pytest.mark.parametrize(
    "text", ["", "0 weeks", "week", "1 fortnight", "-1 day", "1.5 days"]
)
def test_what_is_no_turn_is_refused_with_an_example(text: str):
    with pytest.raises(ValueError, match="'1 week' or '12 hours'"):
        parse_turn(text)


def test_an_ordinary_wall_time_is_its_instant():
    assert instant(wall("2027-01-05T08:00"), BERLIN) == utc("2027-01-05T07:00")


def test_a_wall_time_in_a_gap_becomes_the_first_instant_after_it():
    for last in (False, True):
        at = instant(wall("2027-03-28T02:17:05.000009"), BERLIN, last=last)
        assert at == utc("2027-03-28T01:00")


def test_a_wall_time_that_occurs_twice_is_the_first_or_for_an_end_the_last():
    twice = wall("2027-10-31T02:30")
    assert instant(twice, BERLIN) == utc("2027-10-31T00:30")
    assert instant(twice, BERLIN, last=True) == utc("2027-10-31T01:30")


def test_the_edges_of_a_gap_and_a_repetition_are_half_open():
    assert instant(wall("2027-03-28T03:00"), BERLIN) == utc("2027-03-28T01:00")
    assert instant(wall("2027-10-31T03:00"), BERLIN) == utc("2027-10-31T02:00")
    two = wall("2027-10-31T02:00")
    assert instant(two, BERLIN, last=True) == utc("2027-10-31T01:00")


def test_a_day_that_a_zone_left_out_is_over_before_it_begins():
    apia = ZoneInfo("Pacific/Apia")
    for hour in (0, 12, 23):
        left_out = wall("2011-12-30") + timedelta(hours=hour)
        assert instant(left_out, apia) == utc("2011-12-30T10:00")


def test_a_clock_may_move_by_half_an_hour():
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    assert instant(wall("2027-10-03T02:10"), lord_howe) == utc("2027-10-02T15:30")
    assert clock_change(wall("2027-04-04T01:45"), lord_howe) is ClockChange.REPEATED


def test_egypt_skips_the_first_hour_of_a_friday():
    midnight = wall("2027-04-30T00:00")
    assert clock_change(midnight, CAIRO) is ClockChange.SKIPPED
    assert instant(midnight, CAIRO) == utc("2027-04-29T22:00")
    assert clock_change(wall("2027-04-29T23:00"), CAIRO) is None


def test_months_clamp_to_the_last_day_and_come_back():
    cadence = Cadence(
        turn=Turn(1, Unit.MONTHS), starts=wall("2027-01-31T09:00"), zone=BERLIN
    )
    walls = [cadence.wall(number).date().isoformat() for number in range(15)]
    assert walls[:4] == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]
    assert walls[13] == "2028-02-29"


def test_hours_stay_on_the_wall_clock_across_a_change():
    cadence = Cadence(
        turn=Turn(12, Unit.HOURS), starts=wall("2027-03-27T08:00"), zone=BERLIN
    )
    lengths = [
        end - start for _, start, end in cadence.turns(0, utc("2027-03-28T18:00"))
    ]
    assert lengths == [timedelta(hours=h) for h in (12, 11, 12)]


def test_a_turn_between_two_handoffs_in_one_gap_vanishes():
    cadence = Cadence(
        turn=Turn(1, Unit.HOURS),
        starts=wall("2011-12-29T22:00"),
        zone=ZoneInfo("Pacific/Apia"),
    )
    turns = list(cadence.turns(0, utc("2011-12-30T12:00")))
    assert [number for number, _, _ in turns] == [0, 1, 26, 27]
    assert [start.hour for _, start, _ in turns] == [8, 9, 10, 11]


@given(
    st.sampled_from([unit for unit in Unit if unit is not Unit.WINDOWS]),
    st.integers(1, 40),
    st.integers(0, 60 * 24 * 365 * 15),
    st.sampled_from(["Africa/Cairo", "Australia/Lord_Howe", "America/Santiago"]),
)
@settings(max_examples=200, deadline=None, derandomize=True, database=None)
def test_the_number_of_a_turn_is_the_one_whose_handoffs_enclose_the_instant(
    unit: Unit, count: int, minutes: int, zone: str
):
    cadence = Cadence(
        turn=Turn(count, unit),
        starts=wall("2022-10-27T23:30"),
        zone=ZoneInfo(zone),
    )
    at = utc("2022-10-01T00:00") + timedelta(minutes=minutes)
    number = cadence.number_at(at)
    assert cadence.handoff(number) <= at < cadence.handoff(number + 1)
