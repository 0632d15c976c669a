"""Every answer is that of the definition that was valid at the instant."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotations.coverage import OnCall, Roster
from rotations.exception import Exceptions, Override
from rotations.revision import Chronicle, Revision
from rotations.rotation import Follow, Rotation
from rotations.shift import Interval
from rotations.window import Desk
from support.rota import UTC_ZONE, layer, utc
from support.slow_rota import slow_people

DESK = Desk(zone=UTC_ZONE)
START, SEAM, END = utc("2027-01-04"), utc("2027-01-06T12:00"), utc("2027-01-11")
PEOPLE = ("ana", "bea", "cyr", "dov")


def ring(people: str, turn: str = "1 day", on: tuple[str, ...] = ()) -> Rotation:
    return Rotation(id="r", title="r", layers=(layer(people, turn, on=on),))


def backup(by: int = 1) -> Rotation:
    return Rotation(id="backup", title="b", follows=Follow("r", by=by))


def roster(*revisions: Rotation | None, exceptions: Exceptions | None = None) -> Roster:
    """Return a roster of `r` with a revision at the seam, and a backup behind it."""
    moments = (utc("0001-01-01"), SEAM)
    history = tuple(
        Revision(rotation=rotation, valid_from=moment)
        for rotation, moment in zip(revisions, moments, strict=True)
    )
    return Roster(
        rotations={"backup": backup()},
        desk=DESK,
        exceptions=exceptions or Exceptions(),
        history=Chronicle(revisions={"r": history}),
    )


def rows(rota: Roster, name: str = "r") -> list[str]:
    return [
        f"{shift.person} {shift.start:%d %H}-{shift.end:%d %H} {shift.slot_start:%d %H}"
        for shift in rota.shifts_between(name, START, END)
    ]


def test_a_shift_is_cut_where_the_definition_changes():
    assert rows(roster(ring("ana", "1 week"), ring("bea", "1 week"))) == [
        "ana 04 00-06 12 04 00",
        "bea 06 12-11 00 04 00",
    ]


def test_a_shift_that_both_definitions_know_is_one():
    assert rows(roster(ring("ana bea", "1 week"), ring("ana cyr", "1 week"))) == [
        "ana 04 00-11 00 04 00"
    ]


def test_until_is_the_seam_when_other_people_come_there():
    rota = roster(ring("ana", "1 week"), ring("bea", "1 week"))
    assert rota.who_is_on_call("r", START) == OnCall(people=("ana",), until=SEAM)
    assert rota.who_is_on_call("r", SEAM) == OnCall(people=("bea",), until=None)


def test_a_seam_is_a_handoff_when_other_people_come_there():
    assert roster(ring("ana"), ring("bea")).next_handoff("r", START) == SEAM
    assert roster(ring("ana"), ring("ana")).next_handoff("r", START) is None


def test_a_gap_is_judged_by_the_windows_of_its_time():
    rota = roster(ring("ana", on=("tue",)), None)
    assert rota.gaps("r", START - timedelta(days=7), END) == (
        Interval(start=utc("2026-12-29"), end=utc("2026-12-30")),
    )
    always = ring("ana", "1 week")
    assert roster(None, always).gaps("r", START, END) == ()


def test_a_rotation_that_is_gone_has_nobody_and_is_no_mistake():
    rota = roster(ring("ana", "1 week"), None)
    assert rota.who_is_on_call("r", SEAM) == OnCall(people=(), until=None)
    assert rows(rota) == ["ana 04 00-06 12 04 00"]
    assert rows(roster(None, ring("ana", "1 week"))) == ["ana 06 12-11 00 04 00"]
    assert rota.known_rotations == {"r", "backup"}


def test_a_rotation_that_never_was_is_named_with_those_there_are():
    with pytest.raises(LookupError, match="no rotation 'x'; there are: backup, r"):
        roster(ring("ana"), None).who_is_on_call("x", SEAM)


def test_a_follower_follows_what_was_valid():
    rota = roster(ring("ana bea", "1 week"), ring("ana cyr dov", "1 week"))
    assert rows(rota, "backup") == ["bea 04 00-06 12 04 00", "cyr 06 12-11 00 04 00"]


def test_nobody_is_behind_a_rotation_that_is_gone():
    rota = roster(ring("ana bea", "1 week"), None)
    assert rows(rota, "backup") == ["bea 04 00-06 12 04 00"]
    assert rota.who_is_on_call("backup", SEAM).people == ()


def test_a_follower_has_revisions_of_its_own():
    rota = roster(ring("ana bea cyr", "1 week"), ring("ana bea cyr", "1 week"))
    revisions = {
        "r": rota.history.revisions["r"],
        "backup": (
            Revision(rotation=backup()),
            Revision(rotation=backup(by=2), valid_from=SEAM),
        ),
    }
    rota = Roster(rotations={}, desk=DESK, history=Chronicle(revisions=revisions))
    assert rows(rota, "backup") == ["bea 04 00-06 12 04 00", "cyr 06 12-11 00 04 00"]


def test_an_exception_acts_across_a_seam_as_one():
    override = Override(
        id="o",
        rotation="r",
        person="dov",
        start=SEAM - timedelta(hours=12),
        end=SEAM + timedelta(hours=12),
    )
    rota = roster(
        ring("ana", "1 week"),
        ring("bea ana", "1 week"),
        exceptions=Exceptions(overrides=(override,)),
    )
    assert rows(rota) == [
        "ana 04 00-06 00 04 00",
        "dov 06 00-07 00 04 00",
        "bea 07 00-11 00 04 00",
    ]


def test_what_has_no_history_was_always_as_it_is():
    rota = Roster(rotations={"r": ring("ana", "1 week")}, desk=DESK)
    assert rows(rota) == ["ana 04 00-11 00 04 00"]


hours = st.integers(0, 24 * 7 - 1)


@st.composite
def definitions(draw: st.DrawFn) -> Rotation | None:
    if draw(st.integers(0, 4)) == 0:
        return None
    people = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, unique=True))
    turn = draw(st.sampled_from(["8 hours", "1 day", "2 days", "1 window"]))
    on = draw(st.sampled_from([(), ("daily 20:00-08:00",), ("mon, wed, thu",)]))
    return ring(" ".join(people), turn, on)


@st.composite
def histories(draw: st.DrawFn) -> Chronicle:
    times = draw(st.lists(hours, unique=True, max_size=4))
    moments = [utc("0001-01-01"), *(START + timedelta(hours=h) for h in sorted(times))]
    revisions = [Revision(rotation=draw(definitions()), valid_from=m) for m in moments]
    behind = tuple(
        Revision(rotation=backup(draw(st.integers(1, 2))), valid_from=moment)
        for moment in moments[:2]
    )
    return Chronicle(revisions={"r": tuple(revisions), "backup": behind})


@given(histories(), st.lists(hours, min_size=5, max_size=5))
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
def test_each_instant_is_answered_as_if_its_definitions_were_the_only_ones(
    history: Chronicle, when: list[int]
):
    rota = Roster(rotations={}, desk=DESK, history=history)
    for at in (START + timedelta(hours=hour) for hour in when):
        valid = {
            name: [r.rotation for r in revisions if r.valid_from <= at][-1]
            for name, revisions in history.revisions.items()
        }
        there = {name: found for name, found in valid.items() if found is not None}
        only = Roster(rotations=there, desk=DESK)
        for name in ("r", "backup"):
            expected = slow_people(only, name, at) if "r" in there else set()
            assert set(rota.who_is_on_call(name, at).people) == expected
            shifts = rota.shifts_between(name, START, END)
            on = {shift.person for shift in shifts if shift.start <= at < shift.end}
            assert on == expected


@given(histories())
@settings(max_examples=40, deadline=None, derandomize=True, database=None)
def test_no_two_shifts_of_one_slot_and_person_touch_at_a_seam(history: Chronicle):
    rota = Roster(rotations={}, desk=DESK, history=history)
    shifts = rota.shifts_between("r", START, END)
    ends = {(shift.person, shift.slot_start, shift.end) for shift in shifts}
    assert ends.isdisjoint((s.person, s.slot_start, s.start) for s in shifts)
