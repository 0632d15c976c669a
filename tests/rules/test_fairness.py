from collections.abc import Mapping
from datetime import date, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from rotations.fairness import HourKind, kinds_of_hours, load
from rotations.shift import merge
from rotations.window import Desk, Holiday, parse_window
from support.rota import UTC_ZONE, layer, roster, utc


def midweek(_year: int) -> Mapping[date, Holiday]:
    return {date(2027, 1, 6): Holiday("a Wednesday")}


DESK = Desk(
    zone=UTC_ZONE,
    open=(time(9), time(17)),
    weekend=(parse_window("sat, sun"),),
    holidays=midweek,
)
START, END = utc("2027-01-04"), utc("2027-01-11")


def hours(number: int) -> timedelta:
    return timedelta(hours=number)


def test_hours_are_counted_per_person_and_kind():
    rota = roster(layer("ana bea"), desk=DESK)
    ana, bea = load(rota, ["r"], START, utc("2027-01-07"))
    assert ana.person == "ana"
    assert ana.hours[HourKind.HOLIDAY] == hours(24)
    assert bea.hours[HourKind.HOLIDAY] == hours(0)
    assert bea.hours[HourKind.OTHER] == hours(8)
    assert bea.hours[HourKind.WEEKDAY_NIGHT] == hours(16)
    assert ana.total == hours(48)


def test_the_weekend_is_counted_from_closing_to_opening():
    (ana,) = load(roster(layer("ana"), desk=DESK), ["r"], START, END)
    # Until Monday is over, the week has the end of a weekend and nearly all of one.
    assert ana.hours[HourKind.WEEKEND] == hours(9 + 7 + 48)


def test_a_desk_without_hours_has_nights_from_ten_to_six():
    desk = Desk(zone=UTC_ZONE)
    (ana,) = load(roster(layer("ana"), desk=desk), ["r"], START, utc("2027-01-05"))
    assert ana.hours[HourKind.WEEKDAY_NIGHT] == hours(8)
    assert ana.hours[HourKind.OTHER] == hours(16)


def test_two_rotations_at_once_count_once_and_people_add_up():
    loads = load(roster(layer("ana bea"), desk=DESK), ["r", "backup"], START, END)
    assert [(one.person, one.total) for one in loads] == [
        ("ana", timedelta(days=7)),
        ("bea", timedelta(days=7)),
    ]


@given(st.integers(0, 400), st.integers(1, 400))
@settings(max_examples=30, deadline=None, derandomize=True, database=None)
def test_every_hour_is_of_exactly_one_kind(first: int, length: int):
    start = START + hours(first)
    kinds = kinds_of_hours(DESK, start, start + hours(length))
    parts = [part for kind in kinds.values() for part in kind]
    assert sum((p.end - p.start for p in parts), timedelta()) == hours(length)
    assert len(merge(parts)) == 1
