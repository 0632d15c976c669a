"""Interval arithmetic is set arithmetic."""

from collections.abc import Iterable
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from rotations.shift import Interval, clip, intersect, merge, subtract
from support.rota import utc

START = utc("2027-01-01")
QUICK = settings(max_examples=200, deadline=None, derandomize=True, database=None)


def interval(start: int, end: int) -> Interval:
    return Interval(
        start=START + timedelta(hours=start), end=START + timedelta(hours=end)
    )


some = st.lists(st.builds(interval, st.integers(0, 30), st.integers(0, 30)), max_size=6)


def hours(intervals: Iterable[Interval]) -> set[int]:
    """Return the hours that lie in any of the intervals."""
    return {
        hour
        for hour in range(31)
        for part in intervals
        if part.start <= START + timedelta(hours=hour) < part.end
    }


@given(some)
@QUICK
def test_merging_keeps_the_time_and_leaves_neither_touching_nor_empty(
    intervals: list[Interval],
):
    merged = merge(intervals)
    assert hours(merged) == hours(intervals)
    assert all(part.start < part.end for part in merged)
    edges = [edge for part in merged for edge in (part.start, part.end)]
    assert edges == sorted(set(edges))


@given(some, some)
@QUICK
def test_intersection_is_what_is_in_both(left: list[Interval], right: list[Interval]):
    assert hours(intersect(left, right)) == hours(left) & hours(right)


@given(some, some)
@QUICK
def test_subtraction_is_what_is_left(whole: list[Interval], parts: list[Interval]):
    left = subtract(whole, parts)
    assert hours(left) == hours(whole) - hours(parts)
    assert merge(left) == left


@given(some, st.integers(0, 30), st.integers(0, 30))
@QUICK
def test_clipping_leaves_nothing_outside(intervals: list[Interval], a: int, b: int):
    asked = interval(a, b)
    clipped = clip(merge(intervals), asked.start, asked.end)
    assert hours(clipped) == hours(intervals) & hours([asked])
