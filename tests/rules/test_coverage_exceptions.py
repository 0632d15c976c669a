"""Overrides, swaps and absences, and which is stronger."""

from datetime import timedelta
from itertools import permutations

from rotations.coverage import Roster
from rotations.exception import Absence, Departure, Exceptions, Override, Swap
from rotations.rotation import WhenAbsent
from rotations.shift import Because
from support.rota import layer, roster, utc

START, END = utc("2027-01-04"), utc("2027-01-07")  # ana, bea, cyr: a day each


def override(
    person: str | None = None,
    *,
    start: str = "2027-01-04T06:00",
    end: str = "2027-01-04T12:00",
    instead_of: str | None = None,
    add: bool = False,
    remove: str | None = None,
) -> Override:
    return Override(
        id="o",
        rotation="r",
        start=utc(start),
        end=utc(end),
        person=person,
        instead_of=instead_of,
        add=add,
        remove=remove,
    )


def swap(person: str, with_person: str, *, back: bool = False) -> Swap:
    return Swap(
        id="s",
        rotation="r",
        person=person,
        with_person=with_person,
        start=utc("2027-01-04"),
        end=utc("2027-01-05"),
        back_start=utc("2027-01-05") if back else None,
        back_end=utc("2027-01-06") if back else None,
    )


def absence(person: str, start: str = "2027-01-04", end: str = "2027-01-05") -> Absence:
    return Absence(id="a", person=person, start=utc(start), end=utc(end))


def rota(*exceptions: Override | Swap | Absence, **more: WhenAbsent) -> Roster:
    known = Exceptions(
        overrides=tuple(e for e in exceptions if isinstance(e, Override)),
        swaps=tuple(e for e in exceptions if isinstance(e, Swap)),
        absences=tuple(e for e in exceptions if isinstance(e, Absence)),
    )
    return roster(layer("ana bea cyr dov"), exceptions=known, **more)


def told(roster: Roster) -> list[str]:
    return [
        f"{shift.start:%d/%H}-{shift.end:%d/%H} {shift.person} {shift.because}"
        for shift in roster.shifts_between("r", START, END)
    ]


def at_nine(roster: Roster) -> tuple[str, ...]:
    return roster.who_is_on_call("r", utc("2027-01-04T09:00")).people


def test_an_override_cuts_a_slot_whose_pieces_keep_its_planned_start():
    covered = rota(override("dov"))
    assert told(covered)[:3] == [
        "04/00-04/06 ana turn",
        "04/06-04/12 dov override",
        "04/12-05/00 ana turn",
    ]
    shifts = covered.shifts_between("r", START, utc("2027-01-05"))
    assert {shift.slot_start for shift in shifts} == {START}


def test_an_override_over_several_turns_is_a_shift_in_each():
    assert told(rota(override("dov", end="2027-01-05T12:00")))[1:3] == [
        "04/06-05/00 dov override",
        "05/00-05/12 dov override",
    ]


def test_an_override_covers_also_where_nobody_would_be():
    early = rota(override("dov", start="2027-01-01", end="2027-01-02"))
    (shift,) = early.shifts_between("r", utc("2027-01-01T06:00"), START)
    assert (shift.person, shift.slot_start) == ("dov", utc("2027-01-01"))


def test_instead_of_acts_only_while_that_person_is_on_call():
    replaced = override("dov", instead_of="bea", end="2027-01-06T12:00")
    assert told(rota(replaced)) == [
        "04/00-05/00 ana turn",
        "05/00-06/00 dov override",
        "06/00-07/00 cyr turn",
    ]


def test_a_turn_that_was_given_away_is_no_longer_the_givers_to_be_replaced_in():
    given = swap("ana", "bea")
    assert at_nine(rota(given, override("dov", instead_of="ana"))) == ("bea",)
    assert at_nine(rota(given, override("dov", instead_of="bea"))) == ("dov",)


def test_instead_of_somebody_puts_nobody_where_nobody_stands():
    early = override("dov", instead_of="bea", start="2027-01-01", end="2027-01-02")
    assert rota(early).shifts_between("r", utc("2027-01-01"), START) == ()


def test_what_takes_somebody_away_where_nobody_stands_leaves_no_place():
    before = {"start": "2027-01-01T06:00", "end": "2027-01-02"}
    later = override("dov", start="2027-01-01T09:00", end="2027-01-02")
    early = rota(override(remove="ana", **before), later)
    (shift,) = early.shifts_between("r", utc("2027-01-01"), START)
    assert shift.slot_start == utc("2027-01-01T09:00")


def test_instead_of_takes_the_turn_of_somebody_absent_from_who_covers_it():
    replaced = override("dov", instead_of="ana")
    assert at_nine(rota(replaced, absence("ana"))) == ("dov",)


def test_add_is_beside_whoever_is_on_call_as_one_shift():
    added = rota(override("dov", add=True, end="2027-01-05T12:00"))
    assert at_nine(added) == ("ana", "dov")
    assert "04/06-05/12 dov override" in told(added)


def test_adding_who_is_on_call_changes_nothing():
    assert told(rota(override("ana", add=True))) == told(rota())


def test_remove_takes_a_person_away_and_leaves_a_gap():
    removed = rota(override(remove="ana", end="2027-01-05T12:00"))
    assert at_nine(removed) == ()
    (gap,) = removed.gaps("r", START, END)
    assert (gap.start, gap.end) == (utc("2027-01-04T06:00"), utc("2027-01-05"))


def test_of_two_overrides_the_later_created_wins():
    assert at_nine(rota(override("bea"), override("cyr"))) == ("cyr",)
    one, other = (override(who, instead_of="ana") for who in ("bea", "cyr"))
    assert at_nine(rota(one, other)) == ("cyr",)
    assert at_nine(rota(override(remove="ana"), override("cyr"))) == ("cyr",)


def test_an_override_acts_from_its_start_to_just_before_its_end():
    covered = rota(override("dov"))
    for moment, person in (
        (utc("2027-01-04T06:00") - timedelta.resolution, "ana"),
        (utc("2027-01-04T06:00"), "dov"),
        (utc("2027-01-04T12:00") - timedelta.resolution, "dov"),
        (utc("2027-01-04T12:00"), "ana"),
    ):
        assert covered.who_is_on_call("r", moment).people == (person,)


def test_an_override_of_no_length_changes_nothing():
    empty = override("dov", end="2027-01-04T06:00")
    assert told(rota(empty)) == told(rota())


def test_a_swap_gives_shifts_away_and_takes_others_back():
    assert told(rota(swap("ana", "bea", back=True))) == [
        "04/00-05/00 bea swap",
        "05/00-06/00 ana swap",
        "06/00-07/00 cyr turn",
    ]


def test_an_absence_is_covered_by_the_next_and_later_turns_stay_as_they_were():
    assert told(rota(absence("ana"))) == [
        "04/00-05/00 bea absence",
        "05/00-06/00 bea turn",
        "06/00-07/00 cyr turn",
    ]


def test_cover_passes_over_everybody_who_is_absent():
    assert at_nine(rota(absence("ana"), absence("bea"))) == ("cyr",)


def test_each_absent_of_a_pair_is_covered_by_another_person():
    known = Exceptions(absences=(absence("ana"), absence("bea")))
    pairs = roster(layer("ana+bea cyr+dov"), exceptions=known)
    assert at_nine(pairs) == ("cyr", "dov")


def test_an_absence_may_leave_a_gap_when_the_rotation_says_so():
    gap = rota(absence("ana"), when_absent=WhenAbsent.GAP)
    assert at_nine(gap) == ()
    assert told(gap)[0] == "05/00-06/00 bea turn"


def test_with_everybody_absent_nobody_is_on_call():
    assert at_nine(rota(*(absence(p) for p in ("ana", "bea", "cyr", "dov")))) == ()


def test_a_lower_layer_covers_where_all_of_the_higher_are_absent():
    known = Exceptions(absences=(absence("eva"),))
    both = roster(layer("ana"), layer("eva", priority=1), exceptions=known)
    assert at_nine(both) == ("ana",)


def test_override_is_stronger_than_swap_and_swap_than_absence():
    away, given, put = absence("ana"), swap("ana", "cyr"), override("dov")
    assert at_nine(rota(away)) == ("bea",)
    assert at_nine(rota(away, given)) == ("cyr",)
    assert at_nine(rota(away, given, put)) == ("dov",)


def test_the_order_of_kinds_does_not_matter():
    kinds = (
        Exceptions(overrides=(override("dov"),)),
        Exceptions(swaps=(swap("ana", "cyr"),)),
        Exceptions(absences=(absence("ana"),)),
    )
    answers = set()
    for one, two, three in permutations(kinds):
        added = rota().with_exceptions(one).with_exceptions(two)
        answers.add(tuple(told(added.with_exceptions(three))))
    assert len(answers) == 1


def test_nobody_covers_while_absent_himself():
    assert at_nine(rota(override("dov"), absence("dov"))) == ("ana",)
    assert at_nine(rota(swap("ana", "dov"), absence("dov"))) == ("ana",)


def test_exceptions_of_another_rotation_do_not_act():
    elsewhere = Override(id="o", rotation="other", start=START, end=END, person="dov")
    assert told(rota(elsewhere)) == told(rota())


def test_who_covers_can_swap_the_cover_away():
    assert at_nine(rota(absence("ana"), swap("bea", "dov"))) == ("dov",)


def test_nobody_stands_twice_when_one_of_a_pair_takes_the_others_turn():
    known = Exceptions(swaps=(swap("ana", "bea"),))
    pairs = roster(layer("ana+bea cyr+dov"), exceptions=known)
    assert at_nine(pairs) == ("bea",)
    (shift,) = pairs.shifts_between("r", START, utc("2027-01-05"))
    assert shift.because is Because.TURN


def test_a_swap_is_over_at_its_end_also_where_the_way_back_begins():
    known = Exceptions(swaps=(swap("ana", "bea", back=True),))
    always_ana = roster(layer("ana"), exceptions=known)
    assert at_nine(always_ana) == ("bea",)
    assert always_ana.who_is_on_call("r", utc("2027-01-05")).people == ("ana",)


def left(person: str, start: str, end: str | None = None) -> Exceptions:
    """Return that somebody has left, and come back if at all."""
    over = {} if end is None else {"end": utc(end)}
    departure = Departure(person=person, start=utc(start), **over)
    return Exceptions(departures=(departure,))


def test_an_override_for_somebody_who_has_left_acts_until_then_and_when_they_are_back():
    cover = override("dov", end="2027-01-04T18:00")
    rest = left("dov", "2027-01-04T08:00", "2027-01-04T12:00")
    assert told(rota(cover).with_exceptions(rest))[:5] == [
        "04/00-04/06 ana turn",
        "04/06-04/08 dov override",
        "04/08-04/12 ana turn",
        "04/12-04/18 dov override",
        "04/18-05/00 ana turn",
    ]


def test_a_swap_with_somebody_who_has_left_is_none():
    rest = left("dov", "2027-01-04T00:00")
    assert at_nine(rota(swap("ana", "dov")).with_exceptions(rest)) == ("ana",)


def test_a_turn_of_somebody_who_has_left_is_theirs_until_its_handoff():
    rest = left("ana", "2027-01-04T00:00")
    assert at_nine(rota().with_exceptions(rest)) == ("ana",)
