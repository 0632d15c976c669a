"""Definitions as plain JSON values, for the store to keep.

What is read may have been written by an older or a newer version: keys that are not
known are ignored, and what can be left out in a configuration can be missing here.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from rotations.cadence import Turn, Unit
from rotations.rotation import Follow, Layer, Rotation, WhenAbsent
from rotations.week import Span, Weekly
from rotations.window import Calendar, Window


def rotation_to_json(rotation: Rotation) -> dict[str, Any]:
    """Return a rotation as JSON values; zones by name, wall times as ISO text."""
    follows = rotation.follows
    return {
        "id": rotation.id,
        "title": rotation.title,
        "layers": [_layer_to_json(layer) for layer in rotation.layers],
        "follows": follows and {"rotation": follows.rotation, "by": follows.by},
        "when_absent": rotation.when_absent.value,
        "handover": list(rotation.handover),
    }


def rotation_from_json(frozen: Mapping[str, Any]) -> Rotation:
    """Return the rotation that was frozen.

    KeyError without an id or a layer's turn, start or zone, and for a zone that is not
    known; ValueError for what is not understood.
    """
    follows = frozen.get("follows")
    return Rotation(
        id=frozen["id"],
        title=frozen.get("title", frozen["id"]),
        layers=tuple(_layer_from_json(layer) for layer in frozen.get("layers", ())),
        follows=Follow(follows["rotation"], follows.get("by", 1)) if follows else None,
        when_absent=WhenAbsent(frozen.get("when_absent", WhenAbsent.NEXT)),
        handover=tuple(frozen.get("handover", ())),
    )


def _layer_to_json(layer: Layer) -> dict[str, Any]:
    return {
        "ring": [list(entry) for entry in layer.ring],
        "turn": {"count": layer.turn.count, "unit": layer.turn.unit.value},
        "starts": layer.starts.isoformat(),
        "zone": layer.zone.key,
        "windows": [_window_to_json(window) for window in layer.windows],
        "priority": layer.priority,
        "phase": layer.phase,
    }


def _layer_from_json(frozen: Mapping[str, Any]) -> Layer:
    return Layer(
        ring=tuple(tuple(entry) for entry in frozen.get("ring", ())),
        turn=Turn(frozen["turn"]["count"], Unit(frozen["turn"]["unit"])),
        starts=datetime.fromisoformat(frozen["starts"]),
        zone=ZoneInfo(frozen["zone"]),
        windows=tuple(_window_from_json(part) for part in frozen.get("windows", ())),
        priority=frozen.get("priority", 0),
        phase=frozen.get("phase", 0),
    )


def _window_to_json(window: Window) -> str | list[dict[str, Any]]:
    """Return the calendar's word, or the spans of every week."""
    if not isinstance(window, Weekly):
        return window.value
    return [
        {
            "day": span.day,
            "start": span.start.isoformat(),
            "days": span.days,
            "end": span.end.isoformat(),
        }
        for span in window.spans
    ]


def _window_from_json(frozen: str | Iterable[Mapping[str, Any]]) -> Window:
    if isinstance(frozen, str):
        return Calendar(frozen)
    return Weekly(
        spans=tuple(
            Span(
                day=span["day"],
                start=time.fromisoformat(span["start"]),
                days=span["days"],
                end=time.fromisoformat(span["end"]),
            )
            for span in frozen
        )
    )
