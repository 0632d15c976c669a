"""A provider gets no more messages than it takes, over all and to one address."""

from datetime import UTC, datetime, timedelta

from oncall.engine.limits import BURST_TO_ONE, FORGET, Limit, Pace

NOW = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
NO_TIME = timedelta(0)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_without_a_limit_there_is_always_room():
    pace = Pace(Limit())
    assert pace.room(NOW, 5_000) == 5_000
    assert all(pace.wait("one", NOW) == NO_TIME for _ in range(1_000))


def test_over_all_there_is_room_for_a_second_s_worth_and_then_as_time_goes():
    pace = Pace(Limit(per_second=30))
    assert pace.room(NOW, 100) == 30
    for place in range(30):
        assert pace.wait(f"chat {place}", NOW) == NO_TIME
    assert pace.room(NOW, 100) == 0
    assert pace.room(after(0.5), 100) == 15
    assert pace.room(after(60), 100) == 30


def test_one_chat_may_have_a_few_at_once_and_then_one_a_second():
    pace = Pace(Limit(per_address=1))
    for _ in range(BURST_TO_ONE):
        assert pace.wait("sara", NOW) == NO_TIME
    assert pace.wait("sara", NOW) == timedelta(seconds=1)
    assert pace.wait("reza", NOW) == NO_TIME
    assert pace.wait("sara", after(1)) == NO_TIME


def test_what_has_to_wait_takes_nothing_from_the_others():
    pace = Pace(Limit(per_second=30, per_address=1))
    assert pace.room(NOW, 100) == 30
    for _ in range(BURST_TO_ONE + 5):
        pace.wait("sara", NOW)
    assert pace.room(NOW, 100) == 30 - BURST_TO_ONE


def test_a_clock_set_back_gives_nothing_away():
    pace = Pace(Limit(per_second=10))
    assert pace.room(NOW, 100) == 10
    for _ in range(10):
        pace.wait("sara", NOW)
    assert pace.room(after(-3600), 100) == 0
    assert pace.room(after(1), 100) == 10


def test_after_a_clock_was_set_back_there_is_room_as_time_goes():
    pace = Pace(Limit(per_second=10, per_address=1))
    assert pace.room(NOW, 100) == 10
    for _ in range(BURST_TO_ONE):
        pace.wait("sara", NOW)
    assert pace.room(after(-3600), 100) == 0
    assert pace.wait("sara", after(-3600)) == timedelta(seconds=1)
    assert pace.room(after(-3599), 100) == 10
    assert pace.wait("sara", after(-3599)) == NO_TIME


def test_chats_that_are_full_again_are_forgotten():
    pace = Pace(Limit(per_address=1))
    for place in range(FORGET * 3):
        pace.wait(f"chat {place}", after(place * 60))
    assert len(pace._each) <= FORGET  # noqa: SLF001 (memory is what this is about)
