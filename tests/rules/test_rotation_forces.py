"""Which exceptions act when, and which of them can matter to a rotation."""

from rotations.exception import (
    Absence,
    Exceptions,
    InForce,
    Override,
    Swap,
    acting_between,
    in_force,
)
from support.rota import layer, roster, utc

FIRST, SECOND, THIRD = (utc(f"2027-01-0{day}") for day in (1, 2, 3))
AWAY = Absence(id="a", person="ana", start=FIRST, end=THIRD)


def override(rotation: str, person: str) -> Override:
    return Override(id="o", rotation=rotation, person=person, start=SECOND, end=THIRD)


def absent(person: str) -> Absence:
    return Absence(id="a", person=person, start=FIRST, end=THIRD)


def test_nothing_acts_without_exceptions():
    (force,) = in_force(Exceptions())
    assert force.calm


def test_each_change_tells_all_that_acts_from_then_on():
    put = override("r", "bea")
    calm, away, both, after = in_force(Exceptions(overrides=(put,), absences=(AWAY,)))
    assert calm.calm
    assert away == InForce(since=FIRST, absent=frozenset({"ana"}))
    assert both == InForce(since=SECOND, overrides=(put,), absent=frozenset({"ana"}))
    assert after == InForce(since=THIRD)


def test_an_exception_of_no_length_never_acts():
    never = Absence(id="a", person="ana", start=FIRST, end=FIRST)
    assert len(in_force(Exceptions(absences=(never,)))) == 1


def test_time_is_cut_exactly_where_something_changes():
    forces = in_force(Exceptions(absences=(AWAY,)))
    start, end = utc("2026-12-31"), utc("2027-01-04")
    assert [
        (a, b, force.calm) for a, b, force in acting_between(forces, start, end)
    ] == [
        (start, FIRST, True),
        (FIRST, THIRD, False),
        (THIRD, end, True),
    ]
    assert [
        (a, b, force.calm) for a, b, force in acting_between(forces, FIRST, THIRD)
    ] == [(FIRST, THIRD, False)]
    assert list(acting_between(forces, FIRST, FIRST)) == []


def test_only_what_can_change_a_rotation_touches_it():
    swap = Swap(
        id="s", rotation="r", person="ana", with_person="dov", start=FIRST, end=SECOND
    )
    everything = Exceptions(
        overrides=(override("r", "cyr"), override("other", "eva")),
        swaps=(swap,),
        absences=tuple(
            absent(person) for person in ("ana", "cyr", "dov", "eva", "fay")
        ),
    )
    found = everything.touching({"r"}, {"ana", "bea"})
    assert found.overrides == (override("r", "cyr"),)
    assert found.swaps == (swap,)
    assert [absence.person for absence in found.absences] == ["ana", "cyr", "dov"]


def test_a_stranger_who_is_away_changes_nothing():
    rota = roster(layer("ana bea"), exceptions=Exceptions(absences=(absent("eva"),)))
    quiet = roster(layer("ana bea"))
    time = utc("2027-01-01"), utc("2027-02-01")
    assert rota.shifts_between("r", *time) == quiet.shifts_between("r", *time)
