from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation_policies.duration import format_duration, parse_duration


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("90s", timedelta(seconds=90)),
        ("5m", timedelta(minutes=5)),
        ("2h", timedelta(hours=2)),
        ("3d", timedelta(days=3)),
        ("1w", timedelta(weeks=1)),
        ("1h30m", timedelta(minutes=90)),
        (" 1h 30m ", timedelta(minutes=90)),
        ("30m1h", timedelta(minutes=90)),
        ("1w2d3h4m5s", timedelta(days=9, hours=3, minutes=4, seconds=5)),
    ],
)
def test_durations_are_sums_of_numbers_with_units(text: str, span: timedelta):
    assert parse_duration(text) == span


@pytest.mark.parametrize(
    "text", ["", " ", "5", "m", "5x", "5M", "-5m", "1.5h", "5m!", "1h-5m", "9" * 5000]
)
def test_what_is_no_duration_is_refused_with_an_example(text: str):
    with pytest.raises(ValueError, match="like 90s, 5m or 1h30m"):
        parse_duration(text)


def test_no_time_at_all_is_refused_unless_the_caller_allows_it():
    with pytest.raises(ValueError, match="longer than zero"):
        parse_duration("0s")
    assert parse_duration("0m", zero=True) == timedelta(0)


def test_a_duration_beyond_any_calendar_is_refused():
    with pytest.raises(ValueError, match="shorter duration"):
        parse_duration("999999999w")


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(minutes=90), "1h30m"),
        (timedelta(days=9, seconds=5), "1w2d5s"),
        (timedelta(0), "0s"),
        (timedelta(seconds=-90), "-1m30s"),
        (timedelta(seconds=1, milliseconds=900), "1s"),
    ],
)
def test_durations_are_written_largest_unit_first(span: timedelta, text: str):
    assert format_duration(span) == text


@settings(derandomize=True, deadline=None)
@given(st.integers(min_value=1, max_value=10**8))
def test_what_is_written_reads_back(seconds: int):
    span = timedelta(seconds=seconds)
    assert parse_duration(format_duration(span)) == span
