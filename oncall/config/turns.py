"""`[rotations]` as values: who takes turns, in which order and when."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from oncall.config.home import Home, wall
from oncall.config.schema.rotations import RingTable, RotationTable
from rotations.cadence import Turn, Unit
from rotations.rotation import Follow, Layer, Rotation

# Somebody alone in a ring has it always: neither needs to be written.
_ALWAYS = Turn(1, Unit.WEEKS)
_LONG_AGO = datetime(2020, 1, 6)  # noqa: DTZ001 - wall time of whatever zone it is for


def build_rotations(
    tables: Mapping[str, RotationTable], home: Home
) -> dict[str, Rotation]:
    """Return the rotations by id."""
    return {name: _rotation(name, table, home) for name, table in tables.items()}


def zone_of(table: RotationTable, home: Home) -> ZoneInfo:
    """Return the zone that a rotation's wall times are in."""
    return table.timezone or home.zone


def _rotation(name: str, table: RotationTable, home: Home) -> Rotation:
    return Rotation(
        id=name,
        title=table.title or name,
        layers=_layers(table, zone_of(table, home)),
        follows=Follow(table.follows, table.by or 1) if table.follows else None,
        when_absent=table.when_absent,
        handover=tuple(table.handover),
    )


def _layers(table: RotationTable, zone: ZoneInfo) -> tuple[Layer, ...]:
    if table.layers is None:
        return (_layer(table, zone, 0, _LONG_AGO),) if table.people else ()
    written = [wall(layer.starts, zone) for layer in table.layers if layer.starts]
    earliest = min(written, default=_LONG_AGO)
    return tuple(
        _layer(
            layer,
            zone,
            index if layer.priority is None else layer.priority,
            earliest,
        )
        for index, layer in enumerate(table.layers)
    )


def _layer(ring: RingTable, zone: ZoneInfo, priority: int, starts: datetime) -> Layer:
    return Layer(
        ring=tuple(ring.people or ()),
        turn=ring.turn or _ALWAYS,
        starts=wall(ring.starts, zone) if ring.starts else starts,
        zone=zone,
        windows=tuple(ring.on or ()),
        priority=priority,
    )
