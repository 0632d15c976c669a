"""`[[incident_rules]]`: what may stand there, and what is said of what may not."""

from datetime import timedelta

import pytest

from escalation_policies.incident_rule import IncidentRule
from escalation_policies.policy import Severity
from support.config_text import configured, only_problem


def test_a_rule_has_conditions_a_number_and_a_time():
    config = configured(
        """
[[incident_rules]]
title = "Payments fail"
words = ["payment", "پرداخت"]
source = "app"
severity = "high"
at_least = 10
within = "1h"
"""
    )
    assert config.incident_rules == (
        IncidentRule(
            title="Payments fail",
            words=("payment", "پرداخت"),
            source=("app",),
            severity=Severity.HIGH,
            at_least=10,
            within=timedelta(hours=1),
        ),
    )


def test_five_issues_in_half_an_hour_are_an_incident_unless_told_otherwise():
    (rule,) = configured('[[incident_rules]]\ntitle = "A"\ntags = ["x"]').incident_rules
    assert (rule.at_least, rule.within) == (5, timedelta(minutes=30))


def test_without_rules_there_are_none():
    assert configured().incident_rules == ()


@pytest.mark.parametrize(
    ("lines", "path"),
    [
        ('words = "payment"', "incident_rules.0.title"),
        ('title = "A"', "incident_rules.0"),
        ('title = "A"\nwords = "x"\nat_least = 1', "incident_rules.0.at_least"),
        ('title = "A"\nwords = "x"\nwithin = "0m"', "incident_rules.0.within"),
        ('title = "A"\nwords = "x"\nwithin = "2d"', "incident_rules.0.within"),
        ('title = "A"\nwords = "x"\nseverity = "bad"', "incident_rules.0.severity"),
        ('title = "A"\nwords = []', "incident_rules.0.words"),
        ('title = "A"\nword = "x"', "incident_rules.0.word"),
    ],
)
def test_what_makes_no_sense_is_told_with_its_place(lines: str, path: str):
    problem = only_problem(f"[[incident_rules]]\n{lines}\n")
    assert problem.path == path
    assert problem.line > 0
    assert problem.hint or problem.message


def test_two_rules_of_one_title_would_be_one_incident():
    rule = '[[incident_rules]]\ntitle = "Payments fail"\nwords = "payment"\n'
    problem = only_problem(rule * 2)
    assert problem.path == "incident_rules.1.title"
    assert "title of its own" in problem.hint
