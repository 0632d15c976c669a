"""Small rotas and times for tests, written as people would say them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from rotations.cadence import parse_turn
from rotations.coverage import Roster
from rotations.exception import Exceptions
from rotations.rotation import Follow, Layer, Rotation, WhenAbsent
from rotations.window import Desk, parse_window

UTC_ZONE = ZoneInfo("UTC")


def utc(text: str) -> datetime:
    """Return an ISO time as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(text: str) -> datetime:
    """Return an ISO time as naive wall time."""
    return datetime.fromisoformat(text)


def layer(
    ring: str,
    turn: str = "1 day",
    *,
    starts: str = "2027-01-04T00:00",
    on: tuple[str, ...] = (),
    zone: ZoneInfo = UTC_ZONE,
    priority: int = 0,
) -> Layer:
    """Return a layer; `ana bea+cyr` is ana, then bea and cyr together."""
    return Layer(
        ring=tuple(tuple(entry.split("+")) for entry in ring.split()),
        turn=parse_turn(turn),
        starts=wall(starts),
        zone=zone,
        windows=tuple(parse_window(text) for text in on),
        priority=priority,
    )


def roster(
    *layers: Layer,
    desk: Desk | None = None,
    exceptions: Exceptions | None = None,
    when_absent: WhenAbsent = WhenAbsent.NEXT,
    by: int = 1,
) -> Roster:
    """Return a roster of rotation `r` with these layers, and `backup` behind it."""
    main = Rotation(id="r", title="r", layers=layers, when_absent=when_absent)
    backup = Rotation(
        id="backup", title="b", follows=Follow("r", by=by), when_absent=when_absent
    )
    return Roster(
        rotations={"r": main, "backup": backup},
        desk=desk or Desk(zone=UTC_ZONE),
        exceptions=exceptions or Exceptions(),
    )
