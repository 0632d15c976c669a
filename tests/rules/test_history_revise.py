"""What a changed file makes of the history: when what is valid, and who comes next."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from rotations.coverage import Roster
from rotations.history import revise
from rotations.revision import BEGINNING, Chronicle, Revision
from rotations.rotation import Follow, Layer, Rotation
from rotations.window import Desk
from support.rota import UTC_ZONE, layer, utc, wall

DESK = Desk(zone=UTC_ZONE)
# ana has the week of 4 January, bea that of the 11th, cyr that of the 18th.
OLD = layer("ana bea cyr", "1 week")
TUESDAY, MONDAY = utc("2027-01-12T10:00"), utc("2027-01-18")


def rotation(*layers: Layer, name: str = "r", title: str = "r") -> Rotation:
    return Rotation(id=name, title=title, layers=layers)


def behind(followed: str, name: str = "backup") -> Rotation:
    return Rotation(id=name, title=name, follows=Follow(followed))


def load(history: Chronicle, now: datetime, *definitions: Rotation) -> Chronicle:
    return revise(history, {d.id: d for d in definitions}, desk=DESK, now=now)


def first(*definitions: Rotation) -> Chronicle:
    return load(Chronicle(), utc("2026-12-01"), *definitions)


def weeks(history: Chronicle, start: str, many: int, name: str = "r") -> str:
    """Return who is on call at noon, a week apart."""
    roster = Roster(rotations={}, desk=DESK, history=history)
    noon = utc(f"{start}T12:00")
    answers = [
        roster.who_is_on_call(name, noon + timedelta(weeks=n)).people
        for n in range(many)
    ]
    return " ".join("+".join(people) or "-" for people in answers)


def changed(old: Layer, new: Layer, now: datetime = TUESDAY) -> Chronicle:
    return load(first(rotation(old)), now, rotation(new))


def test_a_first_definition_is_valid_from_the_beginning_of_time():
    assert first(rotation(OLD)).revisions == {
        "r": (Revision(rotation=rotation(OLD), valid_from=BEGINNING),)
    }


def test_an_unchanged_definition_changes_nothing():
    history = first(rotation(OLD), behind("r"))
    assert load(history, TUESDAY, rotation(OLD), behind("r")) == history


def test_a_change_is_valid_from_the_end_of_the_shift_of_who_is_on_call():
    history = changed(OLD, layer("dov eva", "1 week"))
    assert [r.valid_from for r in history.revisions["r"]] == [BEGINNING, MONDAY]


def test_at_the_handoff_itself_the_incoming_person_keeps_her_turn():
    history = changed(OLD, layer("dov eva", "1 week"), MONDAY)
    assert history.revisions["r"][-1].valid_from == utc("2027-01-25")


def test_a_change_is_valid_at_once_when_it_is_nobodys_turn():
    old, new = (layer(ring, "1 week", on=("sat, sun",)) for ring in ("ana bea", "cyr"))
    assert changed(old, new).revisions["r"][-1].valid_from == TUESDAY


def test_a_change_in_a_weekend_waits_for_its_end_and_not_for_the_next_weekend():
    old, new = (layer(ring, "1 week", on=("sat, sun",)) for ring in ("ana bea", "cyr"))
    saturday = utc("2027-01-16T10:00")
    assert changed(old, new, saturday).revisions["r"][-1].valid_from == MONDAY


def test_somebody_alone_in_a_ring_stays_until_the_turn_ends():
    history = changed(layer("ana", "1 week"), layer("ana bea", "1 week"))
    assert weeks(history, "2027-01-11", 4) == "ana bea ana bea"


@pytest.mark.parametrize(
    ("ring", "then"),
    [
        ("ana bea cyr dov", "bea cyr dov ana bea cyr"),
        ("dov ana bea cyr", "bea cyr dov ana bea cyr"),
        ("ana bea dov cyr", "bea dov cyr ana bea dov"),
        ("ana cyr", "bea cyr ana cyr ana cyr"),
        ("cyr ana", "bea cyr ana cyr ana cyr"),
        ("bea ana", "bea ana bea ana bea ana"),
        ("cyr bea ana", "bea ana cyr bea ana cyr"),
        ("dov eva", "bea dov eva dov eva dov"),
        ("ana bea+dov cyr", "bea cyr ana bea+dov cyr ana"),
        ("ana bea ana cyr", "bea ana cyr ana bea ana"),
    ],
)
def test_the_order_goes_on_after_whoever_was_on_call(ring: str, then: str):
    history = changed(OLD, layer(ring, "1 week"))
    assert weeks(history, "2027-01-11", 6) == then


def test_who_is_in_a_ring_twice_is_taken_up_where_she_was():
    history = changed(
        layer("ana ana bea", "1 week"), layer("ana ana bea cyr", "1 week")
    )
    assert weeks(history, "2027-01-11", 5) == "ana bea cyr ana ana"


def test_the_past_is_answered_as_it_was():
    history = changed(OLD, layer("dov eva", "1 week"))
    assert weeks(history, "2026-12-28", 3) == "- ana bea"


def test_a_ring_changed_again_and_again_goes_on_each_time():
    history = first(rotation(OLD))
    for ring, now in (
        ("ana bea cyr dov", "2027-01-12"),
        ("ana bea dov", "2027-01-19"),
        ("eva ana bea dov", "2027-01-26"),
    ):
        history = load(history, utc(now), rotation(layer(ring, "1 week")))
    assert weeks(history, "2027-01-04", 7) == "ana bea cyr dov eva ana bea"


def test_another_length_of_turns_goes_on_with_the_next_person():
    history = changed(OLD, layer("ana bea cyr", "1 day"))
    assert weeks(history, "2027-01-11", 2) == "bea cyr"
    roster = Roster(rotations={}, desk=DESK, history=history)
    shifts = roster.shifts_between("r", MONDAY, MONDAY + timedelta(days=3))
    assert [shift.person for shift in shifts] == ["cyr", "ana", "bea"]


@pytest.mark.parametrize("hour", ["03:00", "09:00", "23:00"])
def test_a_later_hour_of_handoff_leaves_the_order(hour: str):
    later = layer("ana bea cyr dov", "1 week", starts=f"2027-01-04T{hour}")
    history = changed(OLD, later)
    assert weeks(history, "2027-01-12", 4) == "bea cyr dov ana"
    just_before = MONDAY + timedelta(hours=int(hour[:2])) - timedelta.resolution
    roster = Roster(rotations={}, desk=DESK, history=history)
    assert roster.who_is_on_call("r", just_before).people == ("bea",)


def test_an_earlier_hour_of_handoff_leaves_the_order():
    noon = layer("ana bea cyr", "1 week", starts="2027-01-04T12:00")
    history = changed(noon, layer("ana bea cyr dov", "1 week"))
    assert history.revisions["r"][-1].valid_from == utc("2027-01-18T12:00")
    assert weeks(history, "2027-01-12", 4) == "bea cyr dov ana"


def test_a_new_first_day_is_counted_as_written():
    history = changed(OLD, layer("ana bea cyr", "1 week", starts="2027-01-11T00:00"))
    assert weeks(history, "2027-01-11", 4) == "bea bea cyr ana"


def test_blocks_are_counted_on_when_the_windows_change():
    old = layer("ana bea cyr", "1 window", on=("sat, sun",))
    new = layer("ana bea cyr", "1 window", on=("sat, sun", "wed"))
    roster = Roster(rotations={}, desk=DESK, history=changed(old, new))
    shifts = roster.shifts_between("r", utc("2027-01-09"), utc("2027-01-24"))
    assert [shift.person for shift in shifts] == ["ana", "bea", "cyr", "ana", "bea"]


def test_turns_go_by_the_calendar_when_only_the_windows_change():
    history = changed(OLD, layer("ana bea cyr", "1 week", on=("mon, wed",)))
    assert weeks(history, "2027-01-11", 4) == "bea cyr ana bea"


def test_a_turn_under_way_in_a_lower_layer_goes_on():
    nights = layer("eva", "1 week", on=("daily 22:00-06:00",), priority=1)
    history = load(
        first(rotation(OLD, nights)),
        utc("2027-01-13T23:00"),
        rotation(layer("ana bea cyr dov", "1 week"), nights),
    )
    assert history.revisions["r"][-1].valid_from == utc("2027-01-14T06:00")
    assert weeks(history, "2027-01-15", 4) == "bea cyr dov ana"


def test_a_layer_keeps_its_order_when_another_is_put_beneath_it():
    history = load(
        changed(OLD, layer("ana bea cyr dov", "1 week")),
        utc("2027-01-26"),
        rotation(layer("eva"), layer("ana bea cyr dov", "1 week", priority=0)),
    )
    together = weeks(history, "2027-01-25", 3)
    assert together == "dov eva+ana eva+bea"


def test_a_change_before_the_first_handoff_is_counted_as_written():
    history = changed(OLD, layer("dov ana bea", "1 week"), utc("2027-01-01"))
    assert weeks(history, "2027-01-04", 3) == "dov ana bea"


def test_a_ring_emptied_and_filled_again_begins_with_its_first():
    empty = replace(OLD, ring=())
    history = changed(OLD, empty)
    assert weeks(history, "2027-01-11", 2) == "bea -"
    history = load(history, utc("2027-01-20"), rotation(OLD))
    assert weeks(history, "2027-01-11", 4) == "bea - ana bea"


def test_a_change_that_has_not_taken_effect_is_replaced():
    history = changed(OLD, layer("ana bea cyr dov", "1 week"))
    again = load(history, TUESDAY, rotation(layer("ana bea eva", "1 week")))
    assert [r.valid_from for r in again.revisions["r"]] == [BEGINNING, MONDAY]
    assert weeks(again, "2027-01-11", 4) == "bea eva ana bea"


def test_a_change_that_has_not_taken_effect_stays_when_loaded_again():
    history = changed(OLD, layer("ana bea cyr dov", "1 week"))
    later = utc("2027-01-14")
    assert load(history, later, rotation(layer("ana bea cyr dov", "1 week"))) == history


def test_a_change_taken_back_in_time_never_was():
    history = changed(OLD, layer("ana bea cyr dov", "1 week"))
    assert load(history, TUESDAY, rotation(OLD)) == first(rotation(OLD))


def test_two_changes_at_one_instant_are_one():
    old = layer("ana", "1 week", on=("sat, sun",))
    history = changed(old, layer("bea", "1 week", on=("sat, sun",)))
    history = load(history, TUESDAY, rotation(layer("cyr", "1 week", on=("sat",))))
    assert [r.valid_from for r in history.revisions["r"]] == [BEGINNING, TUESDAY]
    assert weeks(history, "2027-01-16", 1) == "cyr"


def test_a_turn_of_years_keeps_a_change_waiting_for_a_year():
    history = changed(layer("ana bea", "60 months"), OLD)
    assert history.revisions["r"][-1].valid_from == TUESDAY + timedelta(days=366)


def test_a_removed_rotation_ends_now_and_its_past_is_still_answered():
    history = load(first(rotation(OLD)), TUESDAY)
    assert history.revisions["r"][-1] == Revision(rotation=None, valid_from=TUESDAY)
    assert weeks(history, "2027-01-04", 3) == "ana bea -"
    assert load(history, MONDAY) == history


def test_a_removed_rotation_that_comes_back_is_valid_from_then_on():
    again = utc("2027-01-26")
    history = load(load(first(rotation(OLD)), TUESDAY), again, rotation(OLD))
    assert history.revisions["r"][-1].valid_from == again
    assert weeks(history, "2027-01-04", 5) == "ana bea - - bea"


def test_a_removed_rotation_stays_for_the_shift_of_who_follows_it():
    history = load(
        first(rotation(OLD), behind("r")),
        TUESDAY,
        rotation(layer("dov", "1 week"), name="backup"),
    )
    assert [r[-1].valid_from for r in history.revisions.values()] == [MONDAY, MONDAY]
    assert weeks(history, "2027-01-11", 2, "backup") == "cyr dov"


def test_a_removed_rotation_goes_at_once_when_its_follower_goes_too():
    history = load(first(rotation(OLD), behind("r")), TUESDAY)
    assert {r[-1].valid_from for r in history.revisions.values()} == {TUESDAY}


def test_times_without_a_zone_are_refused():
    with pytest.raises(ValueError, match="has no time zone"):
        load(Chronicle(), wall("2027-01-12T10:00"), rotation(OLD))
