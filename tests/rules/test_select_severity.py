from dataclasses import replace

import pytest

from escalation_policies.policy import Severity
from escalation_policies.select import Route, SeverityRule, Subject, When, judge

LOW, NORMAL, HIGH, CRITICAL = Severity
EVERYTHING = Route(policy="customer-issue")
PRIZE = SeverityRule(severity=CRITICAL, words=("data leak", "prize"))
VIP = SeverityRule(severity=HIGH, tier=("vip", "gold"))
SUBJECT = Subject(
    source="zendesk",
    tier="Gold",
    tags=("billing", "App"),
    subject="Where is it",
    text="I never got my prize",
    language="fa-IR",
)
QUIET = Subject(subject="hello")


def severity(*rules: SeverityRule, subject: Subject = SUBJECT) -> Severity:
    return judge(rules, (EVERYTHING,), subject).severity


def test_what_nobody_speaks_of_is_normal():
    verdict = judge((PRIZE, VIP), (EVERYTHING,), QUIET)
    assert verdict.severity is NORMAL
    assert verdict.because == (
        "nothing speaks: normal",
        "route 1 (always) leads to customer-issue",
    )


def test_the_worst_rule_that_matches_counts_and_all_that_spoke_are_named():
    verdict = judge((VIP, PRIZE), (EVERYTHING,), SUBJECT)
    assert verdict.severity is CRITICAL
    assert verdict.because == (
        "severity rule 1 (tier gold) says high",
        "severity rule 2 (word prize) says critical",
        "route 1 (always) leads to customer-issue",
    )


def test_words_are_looked_for_in_the_subject_too():
    subject = Subject(subject="DATA LEAK", text="see there")
    assert severity(PRIZE, subject=subject) is CRITICAL


def test_the_end_of_the_subject_and_the_text_make_no_phrase():
    subject = Subject(subject="my data", text="leak nothing")
    assert severity(PRIZE, subject=subject) is NORMAL


def test_the_senders_own_severity_counts():
    assert severity(VIP, subject=replace(SUBJECT, severity=CRITICAL)) is CRITICAL
    assert severity(VIP, subject=replace(SUBJECT, severity=LOW)) is HIGH
    assert severity(subject=replace(QUIET, severity=LOW)) is LOW


def test_a_lone_rule_may_say_less_than_normal():
    spam = SeverityRule(severity=LOW, tags=("billing",))
    assert severity(spam) is LOW


@pytest.mark.parametrize(
    ("rule", "matches"),
    [
        (SeverityRule(severity=HIGH, source=("Zendesk",)), True),
        (SeverityRule(severity=HIGH, source=("jira",)), False),
        (SeverityRule(severity=HIGH, tags=("app", "web")), True),
        (SeverityRule(severity=HIGH, tags=("web",)), False),
        (SeverityRule(severity=HIGH, language=("fa",)), True),
        (SeverityRule(severity=HIGH, language=("fa-ir",)), True),
        (SeverityRule(severity=HIGH, language=("ar",)), False),
        (SeverityRule(severity=HIGH, tier=("gold",), tags=("web",)), False),
        (SeverityRule(severity=HIGH, tier=("gold",), words=("prize",)), True),
        (SeverityRule(severity=HIGH), True),
    ],
)
def test_every_condition_given_must_hold_by_any_of_its_values(
    rule: SeverityRule, *, matches: bool
):
    assert severity(rule) is (HIGH if matches else NORMAL)


def test_what_met_each_condition_is_named():
    rule = SeverityRule(
        severity=HIGH,
        words=("prize",),
        tags=("app",),
        language=("fa",),
        source=("zendesk",),
    )
    assert judge((rule,), (EVERYTHING,), SUBJECT).because[0] == (
        "severity rule 1 (word prize, tag app, source zendesk, language fa) says high"
    )


def test_the_first_route_that_matches_wins():
    routes = (
        Route(policy="jira", when=When(source=("jira",))),
        Route(policy="gold", when=When(tier=("gold",))),
        EVERYTHING,
    )
    verdict = judge((), routes, SUBJECT)
    assert verdict.policy == "gold"
    assert verdict.because[-1] == "route 2 (tier gold) leads to gold"
    assert judge((), routes, QUIET).policy == "customer-issue"


def test_an_earlier_route_for_any_source_beats_a_later_one_for_this_source():
    routes = (
        Route(policy="gold", when=When(tier=("gold",))),
        Route(policy="desk", when=When(source=("zendesk",))),
    )
    assert judge((), routes, SUBJECT).policy == "gold"
    assert judge((), routes, replace(SUBJECT, tier="")).policy == "desk"


def test_a_route_raises_the_severity_and_never_lowers_it():
    raising = (Route(policy="p", severity=HIGH),)
    verdict = judge((), raising, QUIET)
    assert verdict.severity is HIGH
    assert verdict.because[-1] == "route 1 (always) leads to p, at least high"
    assert judge((PRIZE,), raising, SUBJECT).severity is CRITICAL


def test_a_route_may_ask_for_a_severity_or_worse():
    routes = (Route(policy="fast", when=When(severity=HIGH)), EVERYTHING)
    assert judge((PRIZE,), routes, SUBJECT).policy == "fast"
    assert judge((VIP,), routes, SUBJECT).policy == "fast"
    assert judge((), routes, SUBJECT).policy == "customer-issue"


def test_an_issue_that_no_route_matches_follows_the_last_one():
    vip = When(tier=("vip",))
    routes = [Route(policy=name, when=vip) for name in ("a", "b", "c")]
    verdict = judge((), routes, QUIET)
    assert verdict.policy == "c"
    assert verdict.because[-1] == "no route matches: the last leads to c"


def test_without_routes_it_is_said_what_to_add():
    with pytest.raises(ValueError, match="add a last"):
        judge((), (), QUIET)


def test_the_customers_words_are_not_repeated_in_the_reasons():
    verdict = judge((PRIZE,), (EVERYTHING,), SUBJECT)
    assert "never got" not in " ".join(verdict.because)
