from datetime import timedelta

from escalation_policies.contact import RECEIPT_TIMEOUT, Rung, climb, default_ladder


def rung(via: str, minutes: float = 0) -> Rung:
    return Rung(via=via, after=timedelta(minutes=minutes))


LADDER = (rung("telegram"), rung("sms", 1), rung("voice", 3))


def test_a_sound_ladder_is_climbed_as_it_is():
    assert climb(LADDER, frozenset()) == LADDER


def test_when_the_first_method_is_broken_the_rest_move_up_together():
    assert climb(LADDER, frozenset({"telegram"})) == (rung("sms"), rung("voice", 2))


def test_a_broken_method_in_the_middle_moves_nothing():
    assert climb(LADDER, frozenset({"sms"})) == (rung("telegram"), rung("voice", 3))


def test_when_everything_is_broken_nothing_is_left():
    assert climb(LADDER, frozenset({"telegram", "sms", "voice"})) == ()


def test_rungs_are_climbed_in_order_of_time_however_they_were_written():
    written = (rung("voice", 5), rung("sms", 2), rung("telegram", 2))
    assert climb(written, frozenset()) == (
        rung("sms"),
        rung("telegram"),
        rung("voice", 3),
    )


def test_a_method_may_come_twice():
    twice = (rung("sms"), rung("voice", 1), rung("sms", 4))
    assert climb(twice, frozenset({"voice"})) == (rung("sms"), rung("sms", 4))


def test_who_wrote_no_ladder_is_reached_more_and_more_insistently():
    assert default_ladder(("email", "voice", "sms", "telegram")) == (
        rung("telegram"),
        rung("sms", 1),
        rung("voice", 3),
        rung("email", 5),
    )


def test_the_only_method_there_is_comes_at_once():
    assert default_ladder(("sms",)) == (rung("sms"),)
    assert default_ladder(("email",)) == (rung("email"),)


def test_without_any_method_there_is_no_ladder():
    assert default_ladder(()) == ()


def test_a_receipt_is_awaited_for_a_minute():
    assert timedelta(minutes=1) == RECEIPT_TIMEOUT
