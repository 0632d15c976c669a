"""Half-open UTC intervals, and the shifts that people hold in them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Self


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

    def clipped(self, start: datetime, end: datetime) -> Self:
        """Return what of the shift lies in `[start, end)`, which must be some."""
        if start <= self.start and self.end <= end:
            return self
        return type(self)(
            person=self.person,
            start=max(self.start, start),
            end=min(self.end, end),
            layer=self.layer,
            because=self.because,
            slot_start=self.slot_start,
        )


def utc(at: datetime) -> datetime:
    """Return the instant in UTC; a naive time is a ValueError that says so."""
    if at.tzinfo is None:
        msg = f"{at} has no time zone; give it an offset, for example {at}Z"
        raise ValueError(msg)
    return at.astimezone(UTC)


def merge(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return the same time as few intervals, in order; empty ones vanish."""
    merged: list[Interval] = []
    for interval in sorted(intervals):
        if interval.start >= interval.end:
            continue
        if merged and interval.start <= merged[-1].end:
            end = max(merged[-1].end, interval.end)
            merged[-1] = Interval(start=merged[-1].start, end=end)
        else:
            merged.append(interval)
    return tuple(merged)


def clip(
    intervals: Iterable[Interval], start: datetime, end: datetime
) -> tuple[Interval, ...]:
    """Return what of each interval lies in `[start, end)`, in the order given."""
    return tuple(
        Interval(start=max(interval.start, start), end=min(interval.end, end))
        for interval in intervals
        if interval.start < end and interval.end > start
    )


def intersect(
    left: Iterable[Interval], right: Iterable[Interval]
) -> tuple[Interval, ...]:
    """Return the time that is in both, in order and merged."""
    ones, others = merge(left), merge(right)
    shared: list[Interval] = []
    one = other = 0
    while one < len(ones) and other < len(others):
        start = max(ones[one].start, others[other].start)
        end = min(ones[one].end, others[other].end)
        if start < end:
            shared.append(Interval(start=start, end=end))
        if ones[one].end == end:
            one += 1
        else:
            other += 1
    return tuple(shared)


def subtract(
    whole: Iterable[Interval], parts: Iterable[Interval]
) -> tuple[Interval, ...]:
    """Return the time of `whole` that is in none of `parts`, in order and merged."""
    wholes = merge(whole)
    if not wholes:
        return ()
    start, end = wholes[0].start, wholes[-1].end
    between: list[Interval] = []
    for part in clip(merge(parts), start, end):
        between.append(Interval(start=start, end=part.start))
        start = part.end
    between.append(Interval(start=start, end=end))
    return intersect(wholes, between)
