"""Who is on call and until when, followers, handoffs, and rotations that are not."""

from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from rotations.coverage import OnCall, Roster
from rotations.exception import Absence, Exceptions, Override, Swap
from rotations.rotation import Follow, Rotation, WhenAbsent
from rotations.shift import Because
from rotations.window import Desk
from support.rota import UTC_ZONE, layer, roster, utc, wall

AT, NEXT = utc("2027-01-04T09:00"), utc("2027-01-05")
DAY = {"start": utc("2027-01-04"), "end": utc("2027-01-05")}


def away(*people: str) -> Exceptions:
    return Exceptions(absences=tuple(Absence(id="a", person=p, **DAY) for p in people))


def backup(exceptions: Exceptions, ring: str = "ana bea cyr", by: int = 1) -> list[str]:
    found = roster(layer(ring), exceptions=exceptions, by=by)
    return list(found.who_is_on_call("backup", AT).people)


def test_until_is_when_the_people_change_and_not_when_a_turn_does():
    rota = roster(layer("ana ana bea"))
    answer = rota.who_is_on_call("r", AT)
    assert answer == OnCall(people=("ana",), until=utc("2027-01-06"))


def test_until_does_not_mind_the_order_in_which_people_stand():
    answer = roster(layer("ana+bea bea+ana cyr")).who_is_on_call("r", AT)
    assert answer == OnCall(people=("ana", "bea"), until=utc("2027-01-06"))


def test_until_is_none_when_the_people_never_change():
    assert roster(layer("ana", "1 hour")).who_is_on_call("r", AT).until is None


def test_nobody_is_on_call_until_somebody_next_is_within_a_year():
    for starts, until in (("2027-12-01", utc("2027-12-01")), ("2028-03-01", None)):
        rota = roster(layer("ana", starts=f"{starts}T00:00"))
        assert rota.who_is_on_call("r", AT) == OnCall(people=(), until=until)


def test_instants_of_any_zone_are_understood():
    rota = roster(layer("ana bea"))
    east = utc("2027-01-05").astimezone(timezone(timedelta(hours=14)))
    assert rota.who_is_on_call("r", east).people == ("bea",)
    assert rota.shifts_between("r", east, utc("2027-01-06"))[0].start == NEXT


def test_no_time_has_no_shifts():
    rota = roster(layer("ana bea"))
    assert rota.shifts_between("r", AT, AT) == ()
    assert rota.shifts_between("r", NEXT, AT) == ()


def test_the_backup_is_the_next_in_the_ring():
    assert backup(Exceptions()) == ["bea"]
    assert backup(Exceptions(), by=2) == ["cyr"]


def test_the_backup_is_the_next_who_is_present():
    assert backup(away("bea")) == ["cyr"]
    assert backup(away("ana")) == ["cyr"]


def test_the_backup_is_never_the_person_on_call():
    swapped = Swap(id="s", rotation="r", person="ana", with_person="bea", **DAY)
    assert backup(Exceptions(swaps=(swapped,))) == ["cyr"]
    put = Override(id="o", rotation="r", person="bea", **DAY)
    assert backup(Exceptions(overrides=(put,))) == ["cyr"]


def test_with_one_person_present_there_is_no_backup():
    assert backup(Exceptions(), ring="ana") == []
    assert backup(away("bea"), ring="ana bea") == []
    assert backup(Exceptions(), ring="ana bea", by=2) == []


def test_a_missing_backup_is_a_gap():
    rota = roster(layer("ana bea"), exceptions=away("bea"))
    (gap,) = rota.gaps("backup", DAY["start"], utc("2027-01-07"))
    assert (gap.start, gap.end) == (DAY["start"], DAY["end"])


def test_the_backup_of_a_pair_is_the_next_pair():
    assert backup(Exceptions(), ring="ana+bea cyr+dov") == ["cyr", "dov"]


def test_the_backups_shift_says_why_and_keeps_the_slot_of_the_one_it_follows():
    rota = roster(layer("ana bea cyr", "1 week"), exceptions=away("bea"))
    first, second = rota.shifts_between("backup", DAY["start"], utc("2027-01-06"))
    assert (first.person, first.because) == ("cyr", Because.ABSENCE)
    assert (second.person, second.because) == ("bea", Because.TURN)
    assert {first.slot_start, second.slot_start} == {DAY["start"]}


SWAPPED = Swap(id="s", rotation="r", person="ana", with_person="bea", **DAY)
OVERRIDDEN = Override(id="o", rotation="r", person="bea", **DAY)


@pytest.mark.parametrize(
    ("exceptions", "because"),
    [
        (away("ana"), Because.ABSENCE),
        (Exceptions(swaps=(SWAPPED,)), Because.SWAP),
        (Exceptions(overrides=(OVERRIDDEN,)), Because.OVERRIDE),
        (replace(away("cyr"), overrides=(OVERRIDDEN,)), Because.ABSENCE),
        (
            replace(away("bea"), swaps=(replace(SWAPPED, with_person="cyr"),)),
            Because.ABSENCE,
        ),
    ],
)
def test_a_backup_that_comes_early_says_why(exceptions: Exceptions, because: Because):
    rota = roster(layer("ana bea cyr dov"), exceptions=exceptions)
    (shift,) = rota.shifts_between("backup", DAY["start"], DAY["end"])
    assert shift.because is because


def test_a_backup_that_does_not_replace_the_absent_leaves_a_gap():
    rota = roster(
        layer("ana bea cyr"), exceptions=away("bea"), when_absent=WhenAbsent.GAP
    )
    assert rota.who_is_on_call("backup", AT).people == ()


def test_the_backup_has_exceptions_of_its_own():
    put = Override(id="o", rotation="backup", person="dov", **DAY)
    assert backup(Exceptions(overrides=(put,))) == ["dov"]
    swapped = Swap(id="s", rotation="backup", person="bea", with_person="eva", **DAY)
    assert backup(Exceptions(swaps=(swapped,))) == ["eva"]


def test_a_handoff_is_when_somebody_comes_on_call():
    rota = roster(layer("ana bea", "1 week", on=("sat, sun",)))
    assert rota.next_handoff("r", utc("2027-01-05")) == utc("2027-01-09")
    assert rota.next_handoff("r", utc("2027-01-09")) == utc("2027-01-16")
    assert roster(layer("ana")).next_handoff("r", AT) is None


def test_outside_its_windows_a_rotation_has_no_gap_but_before_its_start_it_has():
    rota = roster(layer("ana", on=("sat, sun",)))
    gaps = rota.gaps("r", utc("2026-12-28"), utc("2027-01-11"))
    assert [(gap.start, gap.end) for gap in gaps] == [
        (utc("2027-01-02"), utc("2027-01-04"))
    ]


def test_an_unknown_rotation_is_named_with_those_there_are():
    with pytest.raises(LookupError, match="no rotation 'x'; there are: backup, r"):
        roster(layer("ana")).who_is_on_call("x", AT)


def test_a_rotation_that_follows_itself_is_named():
    circle = {
        name: Rotation(id=name, title=name, follows=Follow(other))
        for name, other in (("a", "b"), ("b", "a"))
    }
    rota = Roster(rotations=circle, desk=Desk(zone=UTC_ZONE))
    with pytest.raises(LookupError, match="'a' follows itself"):
        rota.shifts_between("a", AT, NEXT)


def test_a_time_without_a_zone_is_refused_with_what_to_write():
    with pytest.raises(ValueError, match="has no time zone; give it an offset"):
        roster(layer("ana")).who_is_on_call("r", wall("2027-01-04T09:00"))
