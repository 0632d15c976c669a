from dataclasses import replace

from escalation_policies.decide import Note, Reason
from escalation_policies.policy import Policy
from support.escalation_story import POLICY, ROSTER, Story, after, minutes

NO_REPLY = Reason.NO_REPLY
LEADERS = ("nina", "omid")


def waiting(policy: Policy = POLICY) -> Story:
    story = Story(policy)
    story.facts = replace(story.facts, waiting_since=after(0))
    return story.take(2)


def test_an_owner_who_does_not_answer_the_customer_is_paged_again():
    story = waiting()
    assert story.progress.due == after(17)
    assert story.run_to(17).pages[1:] == [(17, ("sara",), NO_REPLY)]


def test_after_the_same_time_again_the_levels_go_on_each_with_its_wait():
    story = waiting().run_to(77)
    assert story.pages[2:] == [
        (32, ("reza",), NO_REPLY),
        (42, LEADERS, NO_REPLY),
        (57, ("sara",), NO_REPLY),
        (62, ("reza",), NO_REPLY),
        (72, LEADERS, NO_REPLY),
    ]


def test_the_last_resort_hears_of_a_customer_whom_nobody_answers():
    story = waiting(replace(POLICY, rounds=1)).run_to(57)
    assert story.pages[-1] == (57, ("mina",), NO_REPLY)
    assert story.notes[-1] == (57, Reason.LEVELS_EXHAUSTED)


def test_an_answer_in_time_keeps_everybody_quiet():
    story = waiting().change(16, waiting_since=None).run_to(300)
    assert len(story.pages) == 1


def test_an_answer_stops_the_levels_that_had_gone_on():
    story = waiting().change(33, waiting_since=None).run_to(300)
    assert story.pages[-1] == (32, ("reza",), NO_REPLY)
    assert story.notes[-1] == (33, Reason.ACKNOWLEDGED)


def test_the_clock_starts_at_the_customers_next_message_when_that_is_later():
    story = waiting().change(10, waiting_since=None).change(20, waiting_since=after(20))
    assert story.run_to(35).pages[1:] == [(35, ("sara",), NO_REPLY)]


def test_a_new_wait_begins_with_a_reminder_again():
    story = waiting().change(18, waiting_since=None).change(50, waiting_since=after(50))
    assert story.run_to(65).pages[1:] == [
        (17, ("sara",), NO_REPLY),
        (65, ("sara",), NO_REPLY),
    ]


def test_acknowledging_anew_stops_the_levels_and_starts_the_clock_again():
    story = waiting().take(33, "reza")
    assert story.progress.due == after(48)
    assert story.run_to(48).pages[-1] == (48, ("reza",), NO_REPLY)


def test_a_reminder_at_the_very_instant_of_a_new_message_counts_for_it():
    story = waiting().change(17, waiting_since=after(17)).run_to(32)
    assert story.pages[1:] == [(17, ("sara",), NO_REPLY), (32, ("reza",), NO_REPLY)]


def test_a_snooze_holds_the_reminder_until_it_ends():
    story = waiting().change(3, snoozed_until=after(40))
    assert story.progress.due == after(40)
    assert story.run_to(40).pages[1:] == [(40, ("sara",), NO_REPLY)]


def test_a_snooze_holds_the_levels_that_would_go_on():
    story = waiting().change(20, snoozed_until=after(50)).run_to(50)
    assert story.pages[1:] == [
        (17, ("sara",), NO_REPLY),
        (50, ("reza",), NO_REPLY),
    ]


def test_an_owner_who_cannot_be_reached_is_not_waited_for():
    story = waiting().change(3, unreachable=frozenset({"sara"})).run_to(17)
    assert story.pages[1:] == [(17, ("reza",), NO_REPLY)]
    note = next(effect for at, effect in story.log if at == 17)
    assert note == Note(
        reason=Reason.OWNER_UNREACHABLE,
        detail="the customer waits and sara cannot be reminded",
    )


def test_an_owner_lost_after_the_reminder_is_not_waited_for_either():
    story = waiting().change(20, unreachable=frozenset({"sara"}))
    assert story.pages[-1] == (20, ("reza",), NO_REPLY)


def test_levels_that_have_gone_on_do_not_stop_for_an_owner_who_can_be_reached_again():
    story = waiting().change(3, unreachable=frozenset({"sara"})).run_to(17)
    story.change(18, unreachable=frozenset())
    assert story.run_to(60).pages[1:4] == [
        (17, ("reza",), NO_REPLY),
        (27, ("nina", "omid"), NO_REPLY),
        (42, ("sara",), NO_REPLY),
    ]


def test_who_takes_it_in_the_instant_in_which_the_levels_go_on_stops_them():
    story = waiting().change(3, unreachable=frozenset({"sara"})).take(17, "reza")
    assert story.pages[1:] == [(17, ("reza",), NO_REPLY)]
    assert story.notes[-1] == (17, Reason.ACKNOWLEDGED)
    assert story.run_to(31).pages[2:] == []


def test_who_takes_it_after_the_clock_went_back_stops_the_levels():
    story = waiting().run_to(17)
    reminded_later = replace(story.progress, reply_nudged_at=after(90), standing=None)
    story.progress = replace(reminded_later, next_level_at=after(18))
    story.change(18, acknowledged_at=after(18)).run_to(32)
    assert story.pages[2:] == []
    assert story.run_to(33).pages[2:] == [(33, ("sara",), NO_REPLY)]


def test_whoever_confirms_in_the_instant_of_the_reminder_has_time_to_answer():
    story = waiting().run_to(17)
    story.change(17, acknowledged_at=after(17), unreachable=frozenset({"sara"}))
    assert story.pages[1:] == [(17, ("sara",), NO_REPLY)]
    assert story.run_to(32).pages[2:] == [(32, ("reza",), NO_REPLY)]


def test_without_an_owner_the_levels_go_on_when_the_reminder_is_due():
    story = waiting().change(3, owner=None).run_to(17)
    assert story.pages[-1] == (17, ("reza",), NO_REPLY)


def test_without_reply_within_nobody_is_reminded():
    story = waiting(replace(POLICY, reply_within=None)).run_to(600)
    assert len(story.pages) == 1


def test_the_clock_does_not_run_while_nobody_has_it():
    story = Story(replace(POLICY, reply_within=minutes(1)), roster=ROSTER)
    story.facts = replace(story.facts, waiting_since=after(0))
    assert story.run_to(4).pages == [(0, ("sara",), Reason.LEVEL_REACHED)]
