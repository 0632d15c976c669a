"""A clock that somebody sets is told from time that goes by."""

from datetime import UTC, datetime, timedelta

import pytest

from oncall.clock import Steps

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("went", "by", "leap"),
    [
        (timedelta(seconds=10), 10.0, timedelta(0)),
        (timedelta(seconds=10), 9.5, timedelta(0)),
        (timedelta(hours=1), 10.0, timedelta(minutes=59, seconds=50)),
        (-timedelta(hours=1), 10.0, -timedelta(hours=1, seconds=10)),
        (timedelta(hours=8), 8 * 3600.0, timedelta(0)),
    ],
)
def test_a_leap_is_what_time_that_went_by_does_not_explain(
    went: timedelta, by: float, leap: timedelta
):
    ticks = iter([100.0, 100.0 + by])
    steps = Steps(lambda: next(ticks))
    assert steps.since_last(NOON) == timedelta(0), "the first look knows nothing"
    assert steps.since_last(NOON + went) == leap


def test_a_leap_is_told_once():
    ticks = iter([0.0, 10.0, 20.0])
    steps = Steps(lambda: next(ticks))
    for seconds, leap in ((0, 0), (70, 60), (80, 0)):
        now = NOON + timedelta(seconds=seconds)
        assert steps.since_last(now) == timedelta(seconds=leap)
