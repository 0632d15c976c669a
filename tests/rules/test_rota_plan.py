from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oncall.rota.sheet import Watch
from rotations.exception import Absence, Exceptions, Override
from rotations.rotation import WhenAbsent
from rotations.shift import Because, Interval, merge
from rotations.window import Desk, parse_window
from support.rota import UTC_ZONE, layer, roster, utc
from support.rota_sheet import NAMES, sheet, watched

TEHRAN = ZoneInfo("Asia/Tehran")
BERLIN = ZoneInfo("Europe/Berlin")


def test_a_day_names_who_has_all_of_it():
    (day,) = sheet(roster(layer("ana bea")), "2027-01-05", "2027-01-06").days
    assert watched(day) == [("Bea", "05 00:00", "06 00:00")]
    assert day.watches[0].takes_over


def test_days_are_cut_at_local_midnight():
    rota = roster(layer("ana", starts="2027-01-04T00:00"))
    (day,) = sheet(rota, "2027-01-05", "2027-01-06", zone=TEHRAN).days
    assert watched(day) == [("Ana López", "04 20:30", "05 20:30")]


def test_a_split_day_has_both_people_and_only_the_incoming_takes_over():
    rota = roster(layer("ana bea", starts="2027-01-04T08:00"))
    (day,) = sheet(rota, "2027-01-05", "2027-01-06").days
    assert watched(day) == [
        ("Ana López", "05 00:00", "05 08:00"),
        ("Bea", "05 08:00", "06 00:00"),
    ]
    assert [watch.takes_over for watch in day.watches] == [False, True]


def test_who_is_on_call_already_on_the_first_day_does_not_take_over():
    rota = roster(layer("ana bea", "1 week"))
    first, *_ = sheet(rota, "2027-01-06", "2027-01-08").days
    assert not first.watches[0].takes_over


def test_turns_of_one_person_in_a_row_are_one_without_a_handoff():
    rota = roster(layer("ana", "6 hours"))
    (day,) = sheet(rota, "2027-01-05", "2027-01-06").days
    assert watched(day) == [("Ana López", "05 00:00", "06 00:00")]
    assert not day.watches[0].takes_over


def test_people_on_call_together_stand_side_by_side():
    (day,) = sheet(roster(layer("bea+ana")), "2027-01-05", "2027-01-06").days
    assert [watch.person for watch in day.watches] == ["Ana López", "Bea"]


def test_an_override_is_told_from_the_turn_around_it():
    cover = Override(
        id="1",
        rotation="r",
        person="cyr",
        start=utc("2027-01-05T06:00"),
        end=utc("2027-01-05T12:00"),
    )
    rota = roster(layer("ana"), exceptions=Exceptions(overrides=(cover,)))
    (day,) = sheet(rota, "2027-01-05", "2027-01-06").days
    assert [(watch.person, watch.because) for watch in day.watches] == [
        ("Ana López", Because.TURN),
        ("Cyr", Because.OVERRIDE),
        ("Ana López", Because.TURN),
    ]
    assert day.watches[2].takes_over


def test_who_goes_on_for_another_reason_does_not_take_over():
    longer = Override(
        id="1",
        rotation="r",
        person="ana",
        instead_of="bea",
        start=utc("2027-01-05"),
        end=utc("2027-01-05T12:00"),
    )
    rota = roster(layer("ana bea"), exceptions=Exceptions(overrides=(longer,)))
    first, second = sheet(rota, "2027-01-04", "2027-01-06").days
    assert watched(first) == [("Ana López", "04 00:00", "05 00:00")]
    assert [(watch.person, watch.takes_over) for watch in second.watches] == [
        ("Ana López", False),
        ("Bea", True),
    ]
    assert second.watches[0].because is Because.OVERRIDE


def test_a_gap_is_a_watch_of_nobody():
    away = Absence(
        id="1", person="ana", start=utc("2027-01-05T06:00"), end=utc("2027-01-07")
    )
    rota = roster(
        layer("ana"),
        exceptions=Exceptions(absences=(away,)),
        when_absent=WhenAbsent.GAP,
    )
    first, second = sheet(rota, "2027-01-05", "2027-01-07").days
    assert watched(first) == [
        ("Ana López", "05 00:00", "05 06:00"),
        (None, "05 06:00", "06 00:00"),
    ]
    assert first.gap
    assert watched(second) == [(None, "06 00:00", "07 00:00")]


def test_hours_that_no_window_covers_are_no_gap():
    rota = roster(layer("ana", on=("sat, sun",)))
    monday, *_ = sheet(rota, "2027-01-11", "2027-01-12").days
    assert monday.watches == ()
    assert not monday.gap


def test_somebody_who_has_left_is_named_by_id():
    rota = roster(layer("dan"))
    (day,) = sheet(rota, "2027-01-05", "2027-01-06").days
    assert day.watches[0].person == "dan"


def test_days_before_and_after_the_asked_ones_are_empty_places():
    found = sheet(roster(layer("ana")), "2027-01-06", "2027-01-12")  # Wed to Mon
    assert [len(week) for week in found.weeks] == [7, 7]
    assert found.weeks[0][:2] == (None, None)
    assert found.weeks[1][1:] == (None,) * 6
    assert (found.first, found.last) == (found.days[0].date, found.days[-1].date)


def test_a_week_begins_when_the_weekend_is_over():
    desk = Desk(zone=UTC_ZONE, weekend=(parse_window("thu 13:00 - sat 09:00"),))
    rota = roster(layer("ana"), desk=desk)
    found = sheet(rota, "2027-01-02", "2027-01-09")  # a Saturday
    assert found.weekdays == (5, 6, 0, 1, 2, 3, 4)
    assert [day and day.date.weekday() for day in found.weeks[0]] == [
        *(5, 6, 0, 1, 2, 3, 4)
    ]


def test_an_unknown_rotation_is_a_lookup_error():
    other = roster(layer("ana"))
    with pytest.raises(LookupError):
        sheet(type(other)(rotations={}, desk=other.desk), "2027-01-05", "2027-01-06")


def test_the_day_of_a_clock_change_is_as_long_as_it_is():
    short, after = sheet(
        roster(layer("ana", zone=BERLIN)), "2027-03-28", "2027-03-30", zone=BERLIN
    ).days
    assert short.whole.end - short.whole.start == timedelta(hours=23)
    assert after.whole.end - after.whole.start == timedelta(hours=24)
    assert short.watches[0].part == short.whole


@given(
    turn=st.sampled_from(["5 hours", "1 day", "3 days", "1 week"]),
    first=st.dates(min_value=date(2027, 1, 1), max_value=date(2027, 12, 1)),
    days=st.integers(1, 40),
    zone=st.sampled_from([UTC_ZONE, TEHRAN, BERLIN, ZoneInfo("Africa/Cairo")]),
)
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
def test_the_sheet_says_what_the_roster_says(
    turn: str, first: date, days: int, zone: ZoneInfo
):
    rota = roster(
        layer(
            "ana bea+cyr",
            turn,
            zone=zone,
            on=("fri 17:00 - mon 08:00", "daily 22:00-06:00"),
        )
    )
    end = first + timedelta(days=days)
    found = sheet(rota, first.isoformat(), end.isoformat(), zone=zone)
    assert [day.date for day in found.days] == [
        first + timedelta(days=number) for number in range(days)
    ]
    start, stop = found.days[0].whole.start, found.days[-1].whole.end
    shifts = rota.shifts_between("r", start, stop)
    for person, name in NAMES.items():
        shown = merge(
            w.part for day in found.days for w in day.watches if w.person == name
        )
        held = merge(
            Interval(start=s.start, end=s.end) for s in shifts if s.person == person
        )
        assert shown == held
    gaps = merge(w.part for day in found.days for w in day.watches if not w.person)
    assert gaps == rota.gaps("r", start, stop)
    assert all(_within(watch, day.whole) for day in found.days for watch in day.watches)


def _within(watch: Watch, day: Interval) -> bool:
    return day.start <= watch.part.start < watch.part.end <= day.end
