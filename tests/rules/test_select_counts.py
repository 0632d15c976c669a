"""Rules that count: how much is at stake, how often somebody writes, how many do."""

from dataclasses import replace
from decimal import Decimal

import pytest

from escalation_policies.policy import Severity
from escalation_policies.select import (
    Route,
    SeverityRule,
    Subject,
    When,
    counts_contacts,
    judge,
)

NORMAL, HIGH = Severity.NORMAL, Severity.HIGH
EVERYTHING = Route(policy="all")
MUCH = SeverityRule(severity=HIGH, amount=Decimal(1000))
OFTEN = SeverityRule(severity=HIGH, repeat=3)
MANY = SeverityRule(severity=HIGH, similar=5)
SUBJECT = Subject(subject="Where is my money")


def severity(rule: SeverityRule, subject: Subject) -> Severity:
    return judge((rule,), (EVERYTHING,), subject).severity


@pytest.mark.parametrize(
    ("amount", "said"),
    [(None, NORMAL), ("999.99", NORMAL), ("1000", HIGH), ("1e9", HIGH)],
)
def test_so_much_money_or_more_makes_it_worse(amount: str | None, said: Severity):
    at_stake = None if amount is None else Decimal(amount)
    assert severity(MUCH, replace(SUBJECT, amount=at_stake)) is said


@pytest.mark.parametrize(("contacts", "said"), [(1, NORMAL), (2, NORMAL), (3, HIGH)])
def test_who_writes_so_often_in_a_day_is_heard(contacts: int, said: Severity):
    assert severity(OFTEN, replace(SUBJECT, contacts=contacts)) is said


@pytest.mark.parametrize(("similar", "said"), [(0, NORMAL), (4, NORMAL), (5, HIGH)])
def test_what_many_write_of_is_worse(similar: int, said: Severity):
    assert severity(MANY, replace(SUBJECT, similar=similar)) is said


def test_the_count_that_spoke_is_named():
    verdict = judge((OFTEN,), (EVERYTHING,), replace(SUBJECT, contacts=4))
    assert verdict.because[0] == "severity rule 1 (contacts in a day: 4) says high"


def test_a_count_is_one_condition_among_others():
    rule = replace(MUCH, tier=("vip",))
    rich = replace(SUBJECT, amount=Decimal(5000))
    assert severity(rule, rich) is NORMAL
    assert severity(rule, replace(rich, tier="vip")) is HIGH


def test_a_route_may_count_too():
    routes = (Route(policy="money", when=When(amount=Decimal(1000))), EVERYTHING)
    assert judge((), routes, replace(SUBJECT, amount=Decimal(2000))).policy == "money"
    assert judge((), routes, SUBJECT).policy == "all"


def test_contacts_are_counted_only_for_rules_or_routes_that_ask():
    often = (Route(policy="again", when=When(repeat=2)), EVERYTHING)
    assert counts_contacts((OFTEN,), (EVERYTHING,))
    assert counts_contacts((), often)
    assert not counts_contacts((MUCH, MANY), (EVERYTHING,))


def test_among_many_routes_the_first_in_order_wins_whatever_source_it_names():
    routes = (
        Route(policy="first", when=When(source=("App",), tier=("vip",))),
        Route(policy="second", when=When(tier=("vip",))),
        Route(policy="third", when=When(source=("app", "web"))),
        EVERYTHING,
    )
    app = replace(SUBJECT, source="APP")
    assert judge((), routes, app).policy == "third"
    assert judge((), routes, replace(app, tier="vip")).policy == "first"
    assert judge((), routes, replace(app, tier="vip", source="x")).policy == "second"
    assert judge((), routes, replace(app, source="x")).policy == "all"
