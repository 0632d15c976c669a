"""A provider gets no more messages than it takes, over all and to one address."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from oncall.engine.limits import FORGET, Limit, Pace

NOW = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
NO_TIME = timedelta(0)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def sent(pace: Pace, address: str, at: datetime) -> None:
    """Let a message be sent and answered in the same instant."""
    pace.begin(address, at)
    pace.end(address, at)


def test_without_a_limit_there_is_always_room():
    pace = Pace(Limit())
    for _ in range(1_000):
        pace.begin("one", NOW)
    assert pace.room(NOW, 5_000) == 5_000
    assert pace.wait("one", NOW) == NO_TIME


def test_over_all_there_is_room_for_a_second_s_worth_in_any_second():
    pace = Pace(Limit(per_second=30))
    assert pace.room(NOW, 100) == 30
    for place in range(30):
        sent(pace, f"chat {place}", after(place / 100))
    assert pace.room(after(0.5), 100) == 0
    assert pace.room(after(1), 100) == 1
    assert pace.room(after(1.145), 100) == 15
    assert pace.room(after(60), 100) == 30


def test_a_message_holds_its_place_until_a_second_after_it_was_answered():
    pace = Pace(Limit(per_second=2))
    pace.begin("sara", NOW)
    sent(pace, "reza", NOW)
    assert pace.room(after(1), 9) == 1
    assert pace.room(after(5), 9) == 1
    pace.end("sara", after(5))
    assert pace.room(after(5.9), 9) == 1
    assert pace.room(after(6), 9) == 2


def test_one_chat_has_one_at_once_and_then_one_a_second():
    pace = Pace(Limit(per_address=1))
    assert pace.wait("sara", NOW) == NO_TIME
    assert pace.wait("sara", NOW, before=1) == timedelta(seconds=1)
    sent(pace, "sara", after(0.25))
    assert pace.wait("sara", after(0.5)) == timedelta(seconds=0.75)
    assert pace.wait("reza", after(0.5)) == NO_TIME
    assert pace.wait("sara", after(1.25)) == NO_TIME


def test_asking_takes_nothing_so_that_it_may_be_asked_again():
    pace = Pace(Limit(per_second=1, per_address=1))
    for _ in range(3):
        assert (pace.room(NOW, 9), pace.wait("sara", NOW)) == (1, NO_TIME)


def test_less_than_one_a_second_is_one_in_a_longer_span():
    pace = Pace(Limit(per_second=0.5))
    sent(pace, "sara", NOW)
    assert pace.room(after(1.9), 9) == 0
    assert pace.room(after(2), 9) == 1


def test_a_clock_set_back_gives_nothing_away_and_makes_nobody_wait_longer():
    pace = Pace(Limit(per_second=10, per_address=1))
    for _ in range(10):
        sent(pace, "sara", NOW)
    assert pace.room(after(-3600), 100) == 0
    assert pace.wait("sara", after(-3600)) == timedelta(seconds=1)
    assert pace.room(after(-3599), 100) == 10
    assert pace.wait("sara", after(-3599)) == NO_TIME


def test_chats_that_have_nothing_to_wait_for_are_forgotten():
    pace = Pace(Limit(per_address=1))
    for place in range(FORGET * 3):
        sent(pace, f"chat {place}", after(place * 60))
    assert len(pace._each) <= FORGET  # noqa: SLF001 (memory is what this is about)


waits = st.lists(st.tuples(st.floats(0, 0.4), st.floats(0, 0.7)), max_size=80)


@given(waits, st.sampled_from([1, 1.5, 3, 0.4]))
def test_no_span_ever_sees_more_arrive_than_the_bound(
    ways: list[tuple[float, float]], rate: float
):
    """Each message is sent as soon as it may be, and arrives at any time on its way."""
    pace, at, arrived = Pace(Limit(per_second=rate)), 0.0, list[float]()
    ends: list[float] = []
    for gap, way in ways:
        at += gap
        while True:
            for end in sorted(end for end in ends if end <= at):
                pace.end("any", after(end))
                ends.remove(end)
            if pace.room(after(at), 1):
                break
            at += 0.05
        pace.begin("any", after(at))
        arrived.append(at + way / 2)
        ends.append(at + way)
    places = max(1, int(rate))
    arrived.sort()
    for first, last in zip(arrived, arrived[places:], strict=False):
        assert last - first >= places / rate - 1e-5
