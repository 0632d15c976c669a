from datetime import timedelta

import pytest

from escalation_policies.backoff import next_attempt

PAGES = [f"page-{number}" for number in range(500)]


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 5), (2, 10), (3, 20), (4, 40), (5, 80), (6, 100)]
)
def test_waits_grow_and_stay_within_a_fifth(attempts: int, seconds: int):
    waits = [next_attempt(attempts, key=page) for page in PAGES]
    slack = timedelta(milliseconds=1)
    assert timedelta(seconds=seconds * 0.8) - slack <= min(waits)
    assert max(waits) <= timedelta(seconds=seconds * 1.2) + slack


def test_the_waits_of_many_pages_are_spread():
    waits = [next_attempt(1, key=page) for page in PAGES]
    assert min(waits) < timedelta(seconds=4.2)
    assert max(waits) > timedelta(seconds=5.8)


def test_the_same_page_and_attempt_always_wait_the_same():
    assert next_attempt(3, key="p") == next_attempt(3, key="p")
    assert next_attempt(3, key="p") != next_attempt(3, key="q")


def test_no_number_of_failures_waits_longer_than_two_minutes():
    assert next_attempt(10_000, key="p") <= timedelta(minutes=2)


@pytest.mark.parametrize("attempts", [0, -3])
def test_a_count_below_one_waits_like_the_first_failure(attempts: int):
    assert next_attempt(attempts, key="p") <= timedelta(seconds=6)


def test_the_providers_wish_is_the_least_that_is_waited():
    hour = timedelta(hours=1)
    assert next_attempt(1, key="p", retry_after=hour) == hour
    second = timedelta(seconds=1)
    assert next_attempt(1, key="p", retry_after=second) == next_attempt(1, key="p")
