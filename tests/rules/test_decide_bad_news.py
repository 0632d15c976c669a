from dataclasses import replace
from typing import Any

import pytest

from escalation_policies.decide import ASKED_RULE, Note, Reason, TellBadNews
from escalation_policies.policy import BadNewsRule, Policy, Severity
from support.escalation_story import (
    OPENED,
    POLICY,
    ROSTER,
    Story,
    after,
    level,
    minutes,
    targets,
    telling,
)

LEADERS = ("nina", "omid")
TELL = targets("group:leadership")
NINA = targets("person:nina")
AT_ONCE = BadNewsRule(tell=TELL, severity=Severity.CRITICAL)
LATE = BadNewsRule(tell=NINA, severity=Severity.HIGH, unacknowledged=minutes(20))
ON_REQUEST = BadNewsRule(tell=NINA, asked=True)


def test_a_critical_issue_is_told_the_moment_it_opens():
    story = Story(telling(AT_ONCE), severity=Severity.CRITICAL).run_to(0)
    assert story.told == [(0, LEADERS, Reason.SEVERITY)]


def test_a_rule_also_holds_for_what_is_worse():
    rule = BadNewsRule(tell=TELL, severity=Severity.HIGH)
    assert Story(telling(rule), severity=Severity.CRITICAL).run_to(0).told
    assert not Story(telling(rule), severity=Severity.NORMAL).run_to(300).told


def test_raising_the_severity_tells_at_once():
    story = Story(telling(AT_ONCE)).change(7, severity=Severity.CRITICAL)
    assert story.told == [(7, LEADERS, Reason.SEVERITY)]


def test_each_rule_fires_once():
    story = Story(telling(AT_ONCE), severity=Severity.CRITICAL).run_to(300)
    story.change(310, severity=Severity.LOW).change(320, severity=Severity.CRITICAL)
    assert len(story.told) == 1


def test_conditions_of_one_rule_must_all_hold():
    assert Story(telling(LATE), severity=Severity.NORMAL).run_to(60).told == []
    story = Story(telling(LATE), severity=Severity.HIGH).run_to(60)
    assert story.told == [(20, ("nina",), Reason.TIMEOUT)]


def test_what_somebody_has_is_not_unacknowledged():
    story = Story(telling(LATE), severity=Severity.HIGH).take(19).run_to(60)
    assert story.told == []


def test_what_is_let_go_after_the_time_is_told_at_once():
    story = Story(telling(LATE), severity=Severity.HIGH).take(3)
    story.change(45, acknowledged_at=None)
    assert story.told == [(45, ("nina",), Reason.TIMEOUT)]


def test_unresolved_counts_from_the_opening_though_somebody_has_it():
    rule = BadNewsRule(tell=TELL, unresolved=minutes(90))
    story = Story(telling(rule)).take(3).run_to(200)
    assert story.told == [(90, LEADERS, Reason.TIMEOUT)]


def test_a_waiting_customer_is_told_of_from_the_oldest_unanswered_message():
    rule = BadNewsRule(tell=TELL, customer_waiting=minutes(30))
    story = Story(telling(rule)).take(3).change(10, waiting_since=after(9)).run_to(60)
    assert story.told == [(39, LEADERS, Reason.TIMEOUT)]


def test_an_answered_customer_does_not_wait():
    rule = BadNewsRule(tell=TELL, customer_waiting=minutes(30))
    story = Story(telling(rule)).change(1, waiting_since=after(0))
    assert story.change(29, waiting_since=None).run_to(90).told == []


def test_an_overdue_promise_is_told_of():
    rule = BadNewsRule(tell=TELL, promise_overdue=minutes(0))
    story = Story(telling(rule)).take(3).change(4, promise_due=after(44)).run_to(60)
    assert story.told == [(44, LEADERS, Reason.PROMISE_MISSED)]


def test_due_is_the_precise_moment_of_a_rule_between_levels():
    rule = BadNewsRule(tell=TELL, unresolved=minutes(7))
    story = Story(telling(rule)).run_to(5)
    assert story.progress.due == after(7)


def test_a_snooze_does_not_hold_bad_news():
    rule = BadNewsRule(tell=TELL, unresolved=minutes(7))
    story = Story(telling(rule)).change(2, snoozed_until=after(60)).run_to(30)
    assert story.told == [(7, LEADERS, Reason.TIMEOUT)]


def test_a_finished_issue_tells_nothing():
    story = Story(telling(LATE, ON_REQUEST), severity=Severity.HIGH)
    story.change(5, finished=True, asked_at=after(5))
    story.decide(60)
    assert story.told == []


def test_a_rule_without_conditions_tells_of_every_issue():
    assert Story(telling(BadNewsRule(tell=NINA))).run_to(0).told == [
        (0, ("nina",), Reason.SEVERITY)
    ]


def test_several_rules_due_together_all_fire_in_their_order():
    story = Story(telling(AT_ONCE, LATE), severity=Severity.CRITICAL)
    effects = story.decide(25).effects
    rules = [effect.rule for effect in effects if isinstance(effect, TellBadNews)]
    assert rules == [0, 1]
    assert story.progress.told == {0, 1}


def test_asking_fires_the_policys_own_rule():
    story = Story(telling(ON_REQUEST)).take(1).change(9, asked_at=after(9))
    assert story.told == [(9, ("nina",), Reason.ASKED)]
    assert story.progress.told == {0}


def test_asking_without_a_rule_for_it_tells_those_whom_the_rules_name():
    story = Story(telling(AT_ONCE, LATE)).change(9, asked_at=after(9)).run_to(90)
    assert story.told == [(9, LEADERS, Reason.ASKED)]
    assert story.progress.told == frozenset()


def test_asking_without_any_rule_tells_the_last_resort():
    story = Story().change(9, asked_at=after(9))
    assert story.log[-1][1] == TellBadNews(
        people=("mina",), rule=ASKED_RULE, reason=Reason.ASKED
    )


def test_asking_again_tells_again():
    story = Story(telling(ON_REQUEST)).change(9, asked_at=after(9))
    story.change(20, asked_at=after(20)).run_to(60)
    assert story.told == [
        (9, ("nina",), Reason.ASKED),
        (20, ("nina",), Reason.ASKED),
    ]


def test_asking_is_obeyed_though_the_rule_for_it_wants_more():
    rule = BadNewsRule(tell=NINA, asked=True, severity=Severity.CRITICAL)
    story = Story(telling(rule)).change(9, asked_at=after(9))
    assert story.told == [(9, ("nina",), Reason.ASKED)]
    assert story.progress.told == frozenset()


def test_asking_ahead_of_our_clock_is_due_at_its_time():
    story = Story().change(1, asked_at=after(3))
    assert story.told == []
    assert story.progress.due == after(3)
    assert story.run_to(3).told == [(3, ("mina",), Reason.ASKED)]


def test_leaders_who_resolve_to_nobody_are_replaced_by_the_last_resort():
    roster = ROSTER | {"group:leadership": ()}
    story = Story(telling(AT_ONCE), roster=roster, severity=Severity.CRITICAL)
    story.decide(0)
    assert story.told == [(0, ("mina",), Reason.SEVERITY)]
    assert (0, Reason.NOBODY_TO_TELL) in story.notes


def test_who_is_told_instead_is_named():
    roster = ROSTER | {"group:leadership": (), "person:mina": ("mina", "tara")}
    story = Story(telling(AT_ONCE), roster=roster, severity=Severity.CRITICAL)
    story.decide(0)
    said = [effect.detail for _, effect in story.log if isinstance(effect, Note)]
    assert said == [
        "bad news for group:leadership reaches nobody; told instead: mina, tara"
    ]


def test_leaders_who_cannot_be_reached_are_replaced_too():
    story = Story(telling(LATE), severity=Severity.HIGH)
    story.change(3, unreachable=frozenset({"nina"})).run_to(20)
    assert story.told == [(20, ("mina",), Reason.TIMEOUT)]


def test_bad_news_that_reaches_nobody_at_all_is_noted_loudly():
    story = Story(telling(AT_ONCE), roster={}, severity=Severity.CRITICAL)
    story.decide(0)
    assert story.told == []
    assert (0, Reason.NOBODY_TO_TELL) in story.notes
    assert story.progress.told == {0}


@pytest.mark.parametrize(
    ("conditions", "reason"),
    [
        ({"severity": Severity.LOW}, Reason.SEVERITY),
        ({"severity": Severity.LOW, "unresolved": minutes(0)}, Reason.TIMEOUT),
        ({"promise_overdue": minutes(0)}, Reason.PROMISE_MISSED),
        ({"unresolved": minutes(0), "asked": True}, Reason.ASKED),
    ],
)
def test_the_reason_is_the_condition_that_says_most(
    conditions: dict[str, Any], reason: Reason
):
    policy = Policy(
        id="p",
        levels=(level("rotation:weekend"),),
        bad_news=(BadNewsRule(tell=TELL, **conditions),),
    )
    story = Story(policy)
    story.change(0, promise_due=OPENED, asked_at=OPENED)
    assert [why for _, _, why in story.told if why is reason]


def test_levels_go_their_way_beside_bad_news():
    plain = Story(POLICY, severity=Severity.CRITICAL).run_to(90)
    news = Story(telling(AT_ONCE, LATE), severity=Severity.CRITICAL).run_to(90)
    assert news.pages == plain.pages


def test_after_a_clock_was_set_back_worse_is_still_told_at_once():
    story = Story(telling(AT_ONCE))
    story.decide(0)
    story.facts = replace(story.facts, severity=Severity.CRITICAL)
    story.decide(-60)
    assert story.told == [(-60, LEADERS, Reason.SEVERITY)]


def test_after_a_clock_was_set_back_one_asking_tells_once():
    story = Story(telling(ON_REQUEST))
    story.decide(0)
    story.facts = replace(story.facts, asked_at=after(-60))
    story.decide(-60)
    story.run_to(60)
    assert story.told == [(-60, ("nina",), Reason.ASKED)]
