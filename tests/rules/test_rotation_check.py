from datetime import timedelta
from zoneinfo import ZoneInfo

from rotations.check import FindingKind, check
from rotations.coverage import Roster
from rotations.exception import Absence, Exceptions
from rotations.rotation import Follow, Rotation, WhenAbsent
from rotations.window import Desk
from support.rota import UTC_ZONE, layer, roster, utc

START = utc("2027-04-01")
END = START + timedelta(days=90)
CAIRO = ZoneInfo("Africa/Cairo")


def test_a_sound_roster_has_no_findings():
    assert check(roster(layer("ana bea")), START, END) == ()


def test_a_gap_is_found_with_its_ends():
    since, until = utc("2027-04-10"), utc("2027-04-11")
    absence = Absence(id="a", person="bea", start=since, end=until)
    rota = roster(
        layer("ana bea", "1 week"),
        exceptions=Exceptions(absences=(absence,)),
        when_absent=WhenAbsent.GAP,
    )
    (found,) = (one for one in check(rota, START, END) if one.rotation == "r")
    assert found.kind is FindingKind.GAP
    assert (found.start, found.end) == (since, until)


def test_a_handoff_that_a_clock_change_skips_is_told_with_when_it_happens():
    rota = roster(layer("ana bea", "1 week", starts="2027-04-02T00:00", zone=CAIRO))
    (found,) = check(rota, START + timedelta(days=2), END)
    assert found.kind is FindingKind.CLOCK_CHANGE
    assert found.start == found.end == utc("2027-04-29T22:00")
    assert found.detail == (
        "2027-04-30 00:00 in Africa/Cairo does not exist; "
        "the shift changes at 2027-04-30 01:00"
    )


def test_a_window_whose_end_occurs_twice_is_told():
    rota = roster(layer("ana bea", "1 week", on=("thu 17:00 - thu 23:30",), zone=CAIRO))
    (found,) = check(rota, utc("2027-10-01"), utc("2027-11-30"))
    assert found.detail.startswith("2027-10-28 23:30 in Africa/Cairo occurs twice")


def test_a_handoff_outside_the_windows_is_not_told():
    ring = layer(
        "ana bea", starts="2027-04-02T00:00", on=("daily 09:00-17:00",), zone=CAIRO
    )
    assert check(roster(ring), START + timedelta(days=2), END) == ()


def test_rotations_that_follow_each_other_in_a_circle_are_found():
    follows = {"a": "b", "b": "c", "c": "b", "d": "nowhere"}
    rota = Roster(
        rotations={
            name: Rotation(id=name, title=name, follows=Follow(other))
            for name, other in follows.items()
        },
        desk=Desk(zone=UTC_ZONE),
    )
    found = check(rota, START, END)
    assert [one.rotation for one in found] == ["a", "b", "c"]
    assert {one.kind for one in found} == {FindingKind.CYCLE}
