"""Rings, turns and layers before any exception."""

from datetime import timedelta

import pytest

from rotations.shift import Because, Shift
from rotations.window import Desk, parse_window
from support.rota import UTC_ZONE, layer, roster, utc

MONDAY = "2027-01-04T00:00"


def people(shifts: tuple[Shift, ...]) -> list[str]:
    return [shift.person for shift in shifts]


def test_people_take_turns_in_the_order_of_the_ring():
    rota = roster(layer("ana bea cyr"))
    shifts = rota.shifts_between("r", utc(MONDAY), utc("2027-01-08"))
    assert people(shifts) == ["ana", "bea", "cyr", "ana"]
    assert {shift.because for shift in shifts} == {Because.TURN}


def test_before_the_first_handoff_nobody_is_on_call():
    rota = roster(layer("ana bea"))
    before = utc(MONDAY) - timedelta.resolution
    assert rota.who_is_on_call("r", before).people == ()
    assert rota.who_is_on_call("r", before).until == utc(MONDAY)
    assert rota.who_is_on_call("r", utc(MONDAY)).people == ("ana",)


def test_shifts_are_clipped_and_keep_the_planned_start_of_their_slot():
    rota = roster(layer("ana bea", "1 week"))
    start, end = utc("2027-01-06"), utc("2027-01-07")
    assert rota.shifts_between("r", start, end) == (
        Shift(
            person="ana",
            start=start,
            end=end,
            layer=0,
            because=Because.TURN,
            slot_start=utc(MONDAY),
        ),
    )


def test_turns_of_one_person_are_a_shift_each():
    shifts = roster(layer("ana")).shifts_between("r", utc(MONDAY), utc("2027-01-07"))
    assert [shift.slot_start.day for shift in shifts] == [4, 5, 6]


def test_people_of_one_entry_are_on_call_together():
    rota = roster(layer("ana+bea cyr"))
    assert rota.who_is_on_call("r", utc(MONDAY)).people == ("ana", "bea")
    shifts = rota.shifts_between("r", utc(MONDAY), utc("2027-01-06"))
    assert people(shifts) == ["ana", "bea", "cyr"]


def test_a_higher_layer_wins_where_it_covers():
    evening = layer("cyr", on=("daily 18:00-22:00",), priority=1)
    shifts = roster(layer("ana"), evening).shifts_between(
        "r", utc(MONDAY), utc("2027-01-05")
    )
    assert people(shifts) == ["ana", "cyr", "ana"]
    assert [shift.layer for shift in shifts] == [0, 1, 0]
    assert [shift.slot_start.hour for shift in shifts] == [0, 18, 0]


def test_layers_of_equal_priority_are_on_call_together():
    rota = roster(layer("ana bea"), layer("cyr"))
    assert rota.who_is_on_call("r", utc(MONDAY)).people == ("ana", "cyr")


def test_somebody_in_two_layers_of_equal_priority_is_on_call_once():
    rota = roster(layer("ana bea"), layer("ana cyr"))
    assert rota.who_is_on_call("r", utc(MONDAY)).people == ("ana",)
    shifts = rota.shifts_between("r", utc(MONDAY), utc("2027-01-05"))
    assert people(shifts) == ["ana"]


def test_a_turn_of_one_window_counts_blocks_so_that_nobody_is_starved():
    nights = layer("ana bea cyr", "1 window", on=("mon-fri 20:00-22:00",))
    shifts = roster(nights).shifts_between("r", utc(MONDAY), utc("2027-01-18"))
    assert people(shifts) == ["ana", "bea", "cyr"] * 3 + ["ana"]


def test_a_turn_of_two_windows_is_two_blocks():
    rota = roster(layer("ana bea", "2 windows", on=("daily 20:00-22:00",)))
    shifts = rota.shifts_between("r", utc(MONDAY), utc("2027-01-09"))
    assert people(shifts) == ["ana", "ana", "bea", "bea", "ana"]


def test_a_block_under_way_at_the_first_handoff_counts_from_there():
    ring = layer("ana bea", "1 window", starts="2027-01-09T12:00", on=("sat, sun",))
    first, second = roster(ring).shifts_between(
        "r", utc("2027-01-01"), utc("2027-01-18")
    )
    assert (first.person, first.slot_start) == ("ana", utc("2027-01-09T12:00"))
    assert (second.person, second.slot_start) == ("bea", utc("2027-01-16"))


def test_a_block_under_way_at_the_first_handoff_is_counted_in_later_months():
    ring = layer("ana bea cyr", "1 window", starts="2027-01-09T12:00", on=("sat, sun",))
    found = roster(ring).shifts_between("r", utc("2027-02-01"), utc("2027-02-14"))
    assert people(found) == ["bea", "cyr"]  # the fifth and the sixth weekend


def test_turns_of_one_weekend_each_follow_the_desks_weekend():
    desk = Desk(zone=UTC_ZONE, weekend=(parse_window("fri, sat"),))
    ring = layer("ana bea cyr", "1 window", on=("weekend",))
    found = roster(ring, desk=desk).shifts_between(
        "r", utc("2027-02-01"), utc("2027-02-14")
    )
    assert [(s.person, s.slot_start) for s in found] == [
        ("bea", utc("2027-02-05")),  # the fifth weekend
        ("cyr", utc("2027-02-12")),
    ]


def test_a_block_across_new_year_is_one_window_with_one_start():
    ring = layer("ana bea", "1 window", on=("fri 12:00 - mon 12:00",))
    (shift,) = roster(ring).shifts_between("r", utc("2028-01-02"), utc("2028-01-03"))
    assert shift.slot_start == utc("2027-12-31T12:00")
    later = roster(ring).shifts_between("r", utc("2028-01-07"), utc("2028-01-09"))
    assert {shift.person, *people(later)} == {"ana", "bea"}


def test_blocks_are_counted_the_same_after_many_years():
    ring = layer("ana bea cyr", "1 window", on=("sat, sun",))
    weeks = 52 * 20 + 1
    at = utc("2027-01-09") + timedelta(weeks=weeks)
    expected = ("ana", "bea", "cyr")[weeks % 3]
    assert roster(ring).who_is_on_call("r", at).people == (expected,)


def test_a_window_turn_without_windows_never_ends():
    rota = roster(layer("ana bea", "1 window"))
    assert rota.who_is_on_call("r", utc("2030-01-01")).people == ("ana",)


def test_the_end_of_the_week_belongs_to_the_weekend_rotation():
    desk = Desk(zone=UTC_ZONE, weekend=(parse_window("sat, sun"),))
    rota = roster(layer("ana bea", "1 week", on=("weekend",)), desk=desk)
    answer = rota.who_is_on_call("r", utc("2027-01-06"))
    assert answer.people == ()
    assert answer.until == utc("2027-01-09")


@pytest.mark.parametrize("turn", ["1 hour", "12 hours", "1 day", "1 week", "1 month"])
def test_an_always_on_ring_has_no_gap(turn: str):
    rota = roster(layer("ana bea cyr", turn))
    assert rota.gaps("r", utc(MONDAY), utc("2027-03-01")) == ()


def test_a_ring_of_nobody_is_all_gap():
    rota = roster(layer(""))
    assert len(rota.gaps("r", utc(MONDAY), utc("2027-01-06"))) == 1
