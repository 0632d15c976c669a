"""What a preview says of the shifts that are not as they were."""

from rotations.coverage import Roster
from rotations.exception import Absence, Exceptions
from rotations.preview import Change, ChangeKind, preview
from support.rota import layer, roster, utc

START, END = utc("2027-01-04"), utc("2027-01-08")
ANA = roster(layer("ana", "1 week"))


def changes(before: Roster, after: Roster, rotation: str = "r") -> list[str]:
    found = preview(before, after, START, END)
    return [written(change) for change in found if change.rotation == rotation]


def written(change: Change) -> str:
    old, new = (
        f"{shift.start:%d}-{shift.end:%d}" if shift else "nothing"
        for shift in (change.old, change.new)
    )
    return f"{change.person} {change.kind}: {old}, {new}"


def test_nothing_changes_between_equal_rosters():
    rota = roster(layer("ana bea"))
    assert preview(rota, rota, START, END) == ()


def test_shifts_of_people_who_come_and_go_appear_and_vanish():
    assert changes(roster(layer("ana bea")), roster(layer("ana cyr"))) == [
        "bea vanishes: 05-06, nothing",
        "cyr appears: nothing, 05-06",
        "bea vanishes: 07-08, nothing",
        "cyr appears: nothing, 07-08",
    ]


def test_a_shift_of_the_same_slot_moves():
    longer = roster(layer("ana bea", "2 days"))
    assert changes(roster(layer("ana bea")), longer) == [
        "ana moves: 04-05, 04-06",
        "bea vanishes: 05-06, nothing",
        "ana vanishes: 06-07, nothing",
        "bea moves: 07-08, 06-08",
    ]


def test_a_shift_that_shares_time_with_the_old_one_moves():
    late = roster(layer("ana", "1 week", starts="2027-01-05T00:00"))
    assert changes(ANA, late) == ["ana moves: 04-08, 05-08"]


def test_one_shift_moves_to_one_shift_only():
    absence = Absence(
        id="a", person="ana", start=utc("2027-01-05"), end=utc("2027-01-06")
    )
    away = ANA.with_exceptions(Exceptions(absences=(absence,)))
    assert changes(ANA, away) == [
        "ana moves: 04-08, 04-05",
        "ana appears: nothing, 06-08",
    ]
    assert changes(away, ANA) == [
        "ana moves: 04-05, 04-08",
        "ana vanishes: 06-08, nothing",
    ]


def test_the_same_time_in_another_layer_is_no_change():
    both = roster(layer("bea", on=("sun",)), layer("ana", "1 week", priority=1))
    assert changes(ANA, both) == []


def test_a_removed_and_a_new_rotation_are_seen():
    none = Roster(rotations={}, desk=ANA.desk)
    assert changes(ANA, none) == ["ana vanishes: 04-08, nothing"]
    (change,) = preview(none, ANA, START, END)
    assert (change.kind, change.rotation) == (ChangeKind.APPEARS, "r")
    assert change.start == START


def test_who_follows_changes_with_the_one_followed():
    before, after = (roster(layer(f"ana {p}", "1 week")) for p in ("bea", "cyr"))
    assert changes(before, after, "backup") == [
        "bea vanishes: 04-08, nothing",
        "cyr appears: nothing, 04-08",
    ]
