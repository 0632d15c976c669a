"""A definition that was frozen is the same when it is read again."""

import json
from zoneinfo import ZoneInfo

import pytest

from rotations.frozen import rotation_from_json, rotation_to_json
from rotations.rotation import Follow, Rotation, WhenAbsent
from support.rota import layer

EVERYTHING = Rotation(
    id="care",
    title="Care",
    layers=(
        layer("ana bea+cyr", "12 hours", zone=ZoneInfo("Asia/Tehran"), priority=2),
        layer("dov", "1 window", on=("weekend", "fri 17:00 - mon 08:00", "closed")),
    ),
    when_absent=WhenAbsent.GAP,
    handover=("Read every open issue", "زنگ بزن"),
)
FOLLOWER = Rotation(id="b", title="B", follows=Follow("care", by=2))
LAYER = {
    "ring": [["ana"]],
    "turn": {"count": 1, "unit": "weeks"},
    "starts": "2027-01-04T00:00:00",
    "zone": "UTC",
}


@pytest.mark.parametrize("rotation", [EVERYTHING, FOLLOWER])
def test_what_was_frozen_is_read_the_same(rotation: Rotation):
    written = json.dumps(rotation_to_json(rotation))
    assert rotation_from_json(json.loads(written)) == rotation


def test_a_phase_is_kept():
    frozen = {"id": "r", "layers": [LAYER | {"phase": 3}]}
    rotation = rotation_from_json(frozen)
    assert rotation.layers[0].phase == 3
    assert rotation_from_json(rotation_to_json(rotation)) == rotation


def test_what_a_newer_version_wrote_is_left_out():
    frozen = {"id": "r", "colour": "red", "layers": [LAYER | {"mood": "calm"}]}
    assert rotation_from_json(frozen).layers == (layer("ana", "1 week"),)


def test_what_was_not_written_is_as_if_it_had_not_been_configured():
    assert rotation_from_json({"id": "r"}) == Rotation(id="r", title="r")
    assert rotation_from_json({"id": "r", "follows": {"rotation": "x"}}).follows == (
        Follow("x", by=1)
    )


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        ({"zone": "Atlantis/Center"}, KeyError),
        ({"turn": {"count": 1, "unit": "moons"}}, ValueError),
        ({"windows": ["sometimes"]}, ValueError),
    ],
)
def test_what_is_not_understood_is_refused(
    broken: dict[str, object], error: type[Exception]
):
    with pytest.raises(error):
        rotation_from_json({"id": "r", "layers": [LAYER | broken]})
