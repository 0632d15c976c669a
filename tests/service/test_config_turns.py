"""Rotations, overrides and absences of the file as values, in their wall time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from rotations.cadence import Turn, Unit
from rotations.exception import Absence, Override
from rotations.rotation import Follow, WhenAbsent
from support.config_text import configured

RING = """
[rotations.weekend]
people = ["sara", ["reza", "sara"]]
starts = {starts}
turn = "1 week"
{more}
"""


def ring(starts: str = "2026-01-01T17:00:00", more: str = ""):
    return configured(RING.format(starts=starts, more=more))


def utc(*parts: int):
    return datetime(*parts, tzinfo=UTC)


def test_an_entry_of_a_ring_may_be_several_people_together():
    (layer,) = ring().roster.rotations["weekend"].layers
    assert layer.ring == (("sara",), ("reza", "sara"))
    assert layer.turn == Turn(1, Unit.WEEKS)


def test_a_rotation_has_its_own_zone_or_the_service_s():
    (own,) = ring(more='timezone = "Asia/Tehran"').roster.rotations["weekend"].layers
    (lent,) = ring().roster.rotations["weekend"].layers
    assert (own.zone, lent.zone) == (ZoneInfo("Asia/Tehran"), ZoneInfo("Europe/Berlin"))


def test_a_start_with_an_offset_is_brought_into_the_rotation_s_wall_time():
    (layer,) = ring("2026-01-01T17:00:00Z").roster.rotations["weekend"].layers
    assert layer.starts == datetime(2026, 1, 1, 18)  # noqa: DTZ001 - wall time


def test_layers_count_upwards_unless_they_say_their_priority():
    more = """
    [[rotations.care.layers]]
    people = ["sara", "reza"]
    turn = "12 hours"
    starts = 2026-01-03T08:00:00
    [[rotations.care.layers]]
    people = ["reza"]
    on = ["fri 20:00 - fri 23:00"]
    [[rotations.care.layers]]
    people = ["sara"]
    priority = 1
    """
    layers = configured(more).roster.rotations["care"].layers
    assert [layer.priority for layer in layers] == [0, 1, 1]
    # One person alone says no start: the rotation's first start is meant.
    assert {layer.starts for layer in layers} == {layers[0].starts}


def test_somebody_alone_needs_neither_turn_nor_start():
    roster = configured('[rotations.duty]\npeople = ["sara"]').roster
    assert roster.who_is_on_call("duty", utc(2026, 1, 1)).people == ("sara",)


def test_a_rotation_may_follow_another():
    config = ring(more='[rotations.backup]\nfollows = "weekend"\nby = 2')
    backup = config.roster.rotations["backup"]
    assert backup.follows == Follow("weekend", 2)
    assert backup.title == "backup"
    assert backup.when_absent is WhenAbsent.NEXT


def test_overrides_are_in_the_rotation_s_wall_time_and_may_have_an_offset():
    more = """
    timezone = "Asia/Tehran"
    [[rotations.weekend.overrides]]
    person = "reza"
    instead_of = "sara"
    from = 2026-12-04T08:00:00
    to = 2026-12-05T08:00:00Z
    """
    assert ring(more=more).roster.exceptions.overrides == (
        Override(
            id="config:weekend:reza:20261204T043000Z",
            rotation="weekend",
            start=utc(2026, 12, 4, 4, 30),
            end=utc(2026, 12, 5, 8),
            person="reza",
            instead_of="sara",
        ),
    )


ABSENCES = """
[[absences]]
person = "{0}"
from = 2026-12-10T00:00:00
to = 2026-12-14T00:00:00
[[absences]]
person = "{1}"
from = 2026-12-10T00:00:00
to = 2026-12-14T00:00:00
reason = "leave"
"""


def test_absences_are_in_the_service_s_wall_time():
    absences = configured(ABSENCES.format("sara", "reza")).roster.exceptions.absences
    assert absences[1] == Absence(
        id="config:absence:reza:20261209T230000Z",
        person="reza",
        start=utc(2026, 12, 9, 23),
        end=utc(2026, 12, 13, 23),
        reason="leave",
    )


def test_what_is_in_the_file_keeps_its_id_when_the_order_changes():
    def ids(*people: str) -> dict[str, str]:
        absences = configured(ABSENCES.format(*people)).roster.exceptions.absences
        return {absence.person: absence.id for absence in absences}

    assert ids("sara", "reza") == ids("reza", "sara")


def test_one_absence_written_twice_is_worth_a_word():
    (warning,) = configured(ABSENCES.format("sara", "sara")).warnings
    assert (warning.path, warning.message) == ("absences.1", "overlaps with number 0")


def test_an_end_that_occurs_twice_is_the_last_and_a_beginning_the_first():
    text = ABSENCES.format("sara", "reza").replace(
        "2026-12-10T00:00", "2026-10-25T02:30"
    )
    text = text.replace("2026-12-14T00:00", "2026-10-25T02:40")
    absence = configured(text).roster.exceptions.absences[0]
    assert absence.start == utc(2026, 10, 25, 0, 30)
    assert absence.end == utc(2026, 10, 25, 1, 40)
