from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from escalation_policies.contact import Rung
from escalation_policies.policy import BadNewsRule, Policy, Severity, Target
from escalation_policies.simulate import Step, simulate
from support.escalation_story import (
    OPENED,
    POLICY,
    ROSTER,
    after,
    minutes,
    targets,
    telling,
)

NEWS = telling(
    BadNewsRule(tell=targets("group:leadership"), severity=Severity.CRITICAL),
    BadNewsRule(tell=targets("person:nina"), unacknowledged=minutes(20)),
)
LADDER = (Rung(via="telegram"), Rung(via="sms", after=minutes(1)))


def on_call(target: Target, at: datetime) -> tuple[str, ...]:
    # The backup goes home after a quarter of an hour.
    if str(target) == "rotation:backup" and at >= after(15):
        return ()
    return ROSTER[str(target)]


def ladder(person: str) -> tuple[Rung, ...]:
    return () if person == "omid" else LADDER


def play(
    policy: Policy = POLICY,
    *,
    severity: Severity = Severity.NORMAL,
    acknowledge_after: timedelta | None = None,
    horizon: timedelta = timedelta(hours=24),
) -> list[tuple[float, int | None, str, str, str]]:
    steps = simulate(
        policy,
        severity=severity,
        opened_at=OPENED,
        on_call=on_call,
        ladder=ladder,
        acknowledge_after=acknowledge_after,
        horizon=horizon,
    )
    return [
        (step.after_s / 60, step.level, step.person, step.via, step.because)
        for step in steps
    ]


def test_a_step_tells_when_whom_how_and_why():
    first = simulate(
        POLICY,
        severity=Severity.NORMAL,
        opened_at=OPENED,
        on_call=on_call,
        ladder=ladder,
    )[1]
    assert first == Step(
        after_s=60,
        at=after(1),
        level=1,
        round=1,
        person="sara",
        via="sms",
        kind="page",
        because="level_reached",
    )


def test_levels_climb_everybodys_ladder_until_the_last_resort():
    assert play(replace(POLICY, rounds=1), horizon=minutes(62)) == [
        (0, 1, "sara", "telegram", "level_reached"),
        (1, 1, "sara", "sms", "level_reached"),
        (5, 2, "reza", "telegram", "level_reached"),
        (6, 2, "reza", "sms", "level_reached"),
        (15, 3, "nina", "telegram", "level_reached"),
        (16, 3, "nina", "sms", "level_reached"),
        (30, None, "mina", "telegram", "last_resort"),
        (31, None, "mina", "sms", "last_resort"),
        (60, None, "mina", "telegram", "last_resort"),
        (61, None, "mina", "sms", "last_resort"),
    ]


def test_rounds_are_counted_and_the_roster_is_asked_at_each_moment():
    steps = simulate(
        POLICY,
        severity=Severity.NORMAL,
        opened_at=OPENED,
        on_call=on_call,
        ladder=ladder,
        horizon=minutes(50),
    )
    assert [(s.round, s.level) for s in steps if s.via == "sms"] == [
        (1, 1),
        (1, 2),
        (1, 3),
        (2, 1),
        (2, 3),
    ]


def test_nothing_happens_at_or_after_the_horizon():
    whole_day = play()
    assert whole_day[-1][0] == 23 * 60 + 51
    assert play(horizon=minutes(5)) == whole_day[:2]


def test_the_acknowledgement_ends_levels_and_the_ladder_being_climbed():
    policy = replace(POLICY, reply_within=None)
    assert play(policy, acknowledge_after=minutes(6)) == [
        (0, 1, "sara", "telegram", "level_reached"),
        (1, 1, "sara", "sms", "level_reached"),
        (5, 2, "reza", "telegram", "level_reached"),
    ]


def test_the_acknowledgement_counts_at_its_very_instant():
    policy = replace(POLICY, reply_within=None)
    assert len(play(policy, acknowledge_after=minutes(5))) == 2


def test_an_owner_who_never_answers_is_reminded_and_then_the_levels_go_on():
    steps = play(acknowledge_after=minutes(1), horizon=minutes(40))
    assert [step for step in steps if step[3] == "telegram"] == [
        (0, 1, "sara", "telegram", "level_reached"),
        (16, None, "sara", "telegram", "no_reply"),
        (31, 3, "nina", "telegram", "no_reply"),
    ]


def test_bad_news_takes_the_first_rung_whatever_the_levels_do():
    steps = simulate(
        NEWS,
        severity=Severity.CRITICAL,
        opened_at=OPENED,
        on_call=on_call,
        ladder=ladder,
    )
    told = [step for step in steps if step.kind == "bad_news"]
    assert [(s.after_s, s.person, s.via, s.because) for s in told] == [
        (0, "nina", "telegram", "severity"),
        (1200, "nina", "telegram", "timeout"),
    ]
    assert {(s.level, s.round) for s in told} == {(None, None)}


def test_bad_news_of_what_nobody_has_is_spared_by_the_acknowledgement():
    steps = play(NEWS, acknowledge_after=minutes(19))
    assert "timeout" not in {step[-1] for step in steps}


def test_bad_news_goes_on_after_the_acknowledgement():
    rule = BadNewsRule(tell=targets("person:nina"), unresolved=minutes(90))
    policy = telling(rule, policy=replace(POLICY, reply_within=None))
    steps = play(policy, acknowledge_after=minutes(2))
    assert steps[-1] == (90, None, "nina", "telegram", "timeout")


def test_bad_news_at_the_very_instant_of_the_acknowledgement_is_told():
    rule = BadNewsRule(tell=targets("person:nina"), unresolved=minutes(2))
    steps = play(telling(rule), acknowledge_after=minutes(2), horizon=minutes(3))
    assert steps[-1] == (2, None, "nina", "telegram", "timeout")


def test_nobody_can_acknowledge_what_reached_nobody():
    steps = simulate(
        POLICY,
        severity=Severity.NORMAL,
        opened_at=OPENED,
        on_call=lambda target, at: ("sara",) if at >= after(30) and target else (),
        ladder=lambda _: LADDER,
        acknowledge_after=minutes(10),
        horizon=minutes(61),
    )
    assert [(step.after_s, step.because) for step in steps] == [
        (1800, "last_resort"),
        (1860, "last_resort"),
        (3600, "last_resort"),
    ]


def test_the_owner_stays_the_same_when_others_are_paged_for_want_of_a_reply():
    policy = replace(POLICY, rounds=1, last_resort=targets("person:nina"))
    steps = play(policy, acknowledge_after=minutes(1))
    reminders = [step for step in steps if step[0] == 16]
    assert reminders == [(16, None, "sara", "telegram", "no_reply")]
    assert {step[2] for step in steps if step[0] > 50} == {"nina"}


@pytest.mark.parametrize("reach", [(), LADDER])
def test_people_without_a_contact_method_count_as_unreachable(reach: tuple[Rung, ...]):
    steps = simulate(
        POLICY,
        severity=Severity.NORMAL,
        opened_at=OPENED,
        on_call=on_call,
        ladder=lambda person: reach if person == "sara" else LADDER,
        horizon=minutes(1),
    )
    assert [step.person for step in steps] == ["sara" if reach else "reza"]
