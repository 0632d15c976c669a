from dataclasses import replace

import pytest

from escalation_policies.check import PolicyProblem, ProblemKind, check_policy
from escalation_policies.policy import BadNewsRule, Policy, Severity
from support.escalation_story import POLICY, level, minutes, targets, telling

TELL = targets("group:leadership")
NO_LEADERS = replace(POLICY, levels=(level("rotation:weekend"),))


def findings(policy: Policy) -> list[tuple[ProblemKind, str, str]]:
    return [(each.kind, each.where, each.level) for each in check_policy(policy)]


def test_a_sound_policy_has_no_problems():
    rule = BadNewsRule(tell=TELL, severity=Severity.CRITICAL)
    assert check_policy(telling(rule)) == ()


@pytest.mark.parametrize(
    ("policy", "finding"),
    [
        (
            replace(POLICY, levels=(), last_resort=TELL),
            (ProblemKind.NO_LEVELS, "levels", "error"),
        ),
        (
            replace(POLICY, levels=(level("group:leadership"), level())),
            (ProblemKind.NOBODY_NAMED, "levels.1.page", "error"),
        ),
        (
            replace(POLICY, levels=(level("group:leadership", wait=0),)),
            (ProblemKind.NO_TIME, "levels.0.wait", "error"),
        ),
        (replace(POLICY, rounds=0), (ProblemKind.NO_ROUNDS, "rounds", "error")),
        (
            replace(POLICY, rounds=9),
            (ProblemKind.VERY_LONG, "levels", "warning"),
        ),
        (
            replace(POLICY, reply_within=minutes(0)),
            (ProblemKind.NO_TIME, "reply_within", "error"),
        ),
        (
            replace(POLICY, last_resort_every=minutes(0)),
            (ProblemKind.NO_TIME, "last_resort_every", "error"),
        ),
        (
            replace(POLICY, last_resort=()),
            (ProblemKind.NOBODY_NAMED, "last_resort", "error"),
        ),
        (
            telling(BadNewsRule(tell=(), asked=True)),
            (ProblemKind.NOBODY_NAMED, "bad_news.0.tell", "error"),
        ),
        (
            telling(BadNewsRule(tell=TELL, unresolved=minutes(-1))),
            (ProblemKind.NEGATIVE_TIME, "bad_news.0.unresolved", "error"),
        ),
        (
            telling(BadNewsRule(tell=TELL)),
            (ProblemKind.FIRES_ALWAYS, "bad_news.0", "warning"),
        ),
        (
            telling(*[BadNewsRule(tell=TELL, asked=True)] * 2),
            (ProblemKind.REPEATED_RULE, "bad_news.1", "warning"),
        ),
        (NO_LEADERS, (ProblemKind.NEVER_LEADERSHIP, "", "warning")),
    ],
)
def test_each_problem_is_found_where_it_is(
    policy: Policy, finding: tuple[ProblemKind, str, str]
):
    assert findings(policy) == [finding]


@pytest.mark.parametrize(
    "policy",
    [
        replace(NO_LEADERS, levels=(level("group:leadership"),)),
        replace(NO_LEADERS, last_resort=TELL),
        telling(
            BadNewsRule(tell=targets("person:nina"), asked=True), policy=NO_LEADERS
        ),
    ],
)
def test_leadership_hears_by_a_level_the_last_resort_or_any_bad_news(policy: Policy):
    assert check_policy(policy) == ()


def test_who_leads_may_be_said():
    assert check_policy(NO_LEADERS, targets("rotation:weekend")) == ()


def test_a_promise_may_be_told_of_the_moment_it_is_missed():
    rule = BadNewsRule(tell=TELL, promise_overdue=minutes(0))
    assert check_policy(telling(rule)) == ()


def test_every_problem_says_how_to_mend_it():
    worst = Policy(
        id="p", levels=(level(wait=0),), rounds=0, bad_news=(BadNewsRule(tell=()),)
    )
    problems: tuple[PolicyProblem, ...] = check_policy(worst)
    name = 'name targets, like ["rotation:weekend"] or ["group:leadership"]'
    assert [f"{problem.message}: {problem.hint}" for problem in problems] == [
        f"the level pages nobody: {name}",
        'no time to answer is left: write a duration longer than zero, like "5m"',
        "0 rounds would page no level: write 1 or more",
        f"nobody is paged when the levels have run out: {name}",
        f"the rule can never tell anybody: {name}",
        (
            "the rule has no condition: leaders hear of every single issue: "
            'add one, like severity = "critical" or unacknowledged = "20m"'
        ),
        (
            "leadership never hears of an issue that goes wrong: "
            "add a bad_news rule, or leadership as a level"
        ),
    ]
