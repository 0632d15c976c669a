"""A provider that fails is left alone, tried by one message, and trusted again."""

from datetime import UTC, datetime, timedelta

from oncall.engine.breaker import FAILURES, LONGEST, SHORTEST, Breaker

NOW = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)


def ill() -> Breaker:
    breaker = Breaker()
    told = [breaker.failed(NOW) for _ in range(FAILURES)]
    assert told == [False] * (FAILURES - 1) + [True]
    return breaker


def test_a_few_failures_change_nothing():
    breaker = Breaker()
    for _ in range(FAILURES - 1):
        assert not breaker.failed(NOW)
    assert breaker.room(NOW, 100, 0) == 100


def test_a_success_between_failures_begins_the_count_anew():
    breaker = Breaker()
    for _ in range(FAILURES * 3):
        breaker.failed(NOW)
        assert not breaker.succeeded()


def test_an_ill_provider_gets_nothing_then_one_to_try():
    breaker = ill()
    assert breaker.room(NOW + SHORTEST - timedelta(seconds=1), 100, 0) == 0
    assert breaker.room(NOW + SHORTEST, 100, 0) == 1
    assert breaker.room(NOW + SHORTEST, 100, 1) == 0


def test_a_failed_try_makes_the_pause_longer_up_to_a_bound():
    breaker, at = ill(), NOW
    pauses = []
    for _ in range(8):
        assert breaker.closed_until is not None
        pauses.append(breaker.closed_until - at)
        at = breaker.closed_until
        assert not breaker.failed(at)  # it is known to be ill: told once
    assert pauses[:3] == [SHORTEST, SHORTEST * 2, SHORTEST * 4]
    assert pauses[-1] == LONGEST


def test_failures_of_messages_that_were_under_way_do_not_lengthen_the_pause():
    breaker = ill()
    for _ in range(50):
        breaker.failed(NOW + timedelta(seconds=1))
    assert breaker.closed_until == NOW + timedelta(seconds=1) + SHORTEST


def test_a_success_makes_it_well_and_says_so_once():
    breaker = ill()
    assert breaker.succeeded()
    assert not breaker.succeeded()
    assert breaker.room(NOW, 100, 0) == 100
    assert breaker.ill_since is None


def test_a_clock_that_is_set_back_keeps_it_closed_no_longer_than_it_may_be():
    breaker = ill()
    before = NOW - timedelta(days=1)
    assert breaker.room(before, 100, 0) == 0
    assert breaker.room(before + LONGEST, 100, 0) == 1
