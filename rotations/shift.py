"""Half-open UTC intervals, and the shifts that people hold in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Because(StrEnum):
    """Why this person holds this shift."""

    TURN = "turn"
    OVERRIDE = "override"
    SWAP = "swap"
    ABSENCE = "absence"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Interval:
    """`[start, end)` in UTC: at `end` it is over."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One person on call in `[start, end)`, UTC.

    `slot_start` is when the slot begins as planned by the ring, before any
    exception or clipping: with rotation, layer and person it is the shift's identity.
    `layer` counts from 0, the lowest.
    """

    person: str
    start: datetime
    end: datetime
    layer: int
    because: Because
    slot_start: datetime
