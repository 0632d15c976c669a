"""When issues are an incident by rule, and what news of one does to the reply clock."""

from datetime import UTC, datetime, timedelta

import pytest

from escalation_policies.decide import decide, start
from escalation_policies.effect import PagePeople
from escalation_policies.incident_rule import IncidentRule, gathered
from escalation_policies.policy import Level, Policy, Severity, Target
from escalation_policies.progress import Facts
from escalation_policies.reason import Reason
from escalation_policies.select import Subject, met

NOW = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RULE = IncidentRule(title="Payments fail", words=("payment",), at_least=3)


def came(*minutes_ago: int) -> dict[int, datetime]:
    return {n: NOW - MINUTE * ago for n, ago in enumerate(minutes_ago, start=1)}


def test_enough_issues_in_time_are_an_incident():
    assert gathered(RULE, came(20, 10, 0), NOW) == (1, 2, 3)


def test_one_too_few_are_none():
    assert gathered(RULE, came(10, 0), NOW) == ()


def test_what_came_too_long_ago_does_not_count():
    assert gathered(RULE, came(30, 10, 0), NOW) == ()
    assert gathered(RULE, came(29, 10, 0), NOW) == (1, 2, 3)


@pytest.mark.parametrize(
    ("subject", "because"),
    [
        (Subject(subject="My payment"), ("word payment",)),
        (Subject(subject="My parcel"), None),
        (Subject(text="PAYMENTS do not work"), ("word payment",)),
    ],
)
def test_a_rule_matches_by_its_words(subject: Subject, because: tuple[str] | None):
    assert met(RULE, subject) == because


def test_all_conditions_of_a_rule_must_hold():
    rule = IncidentRule(
        title="Bad", words=("payment",), source=("app",), severity=Severity.HIGH
    )
    bad = Subject(subject="payment", source="app", severity=Severity.CRITICAL)
    assert met(rule, bad) == ("word payment", "source app")
    assert met(rule, Subject(subject="payment", source="app")) is None
    assert met(rule, Subject(subject="payment", severity=Severity.HIGH)) is None


POLICY = Policy(
    id="issue",
    levels=(Level(targets=(Target.parse("person:reza"),), wait=MINUTE * 5),),
    reply_within=MINUTE * 15,
)


def paged(*, held_for: timedelta | None, after: timedelta) -> list[Reason]:
    """Return why people are paged `after` a customer wrote to whoever has the issue."""
    facts = Facts(
        severity=Severity.NORMAL,
        opened_at=NOW,
        owner="sara",
        acknowledged_at=NOW,
        waiting_since=NOW,
        reply_held_until=None if held_for is None else NOW + held_for,
    )
    progress = decide(POLICY, start(POLICY, NOW), facts, lambda _: ("reza",), NOW)
    at = NOW + after
    decision = decide(POLICY, progress.progress, facts, lambda _: ("reza",), at)
    return [e.reason for e in decision.effects if isinstance(e, PagePeople)]


def test_without_news_the_owner_is_reminded_in_time():
    assert paged(held_for=None, after=MINUTE * 15) == [Reason.NO_REPLY]


def test_news_of_an_incident_holds_the_reply_clock_and_does_not_stop_it():
    assert paged(held_for=MINUTE * 30, after=MINUTE * 44) == []
    assert paged(held_for=MINUTE * 30, after=MINUTE * 45) == [Reason.NO_REPLY]


def test_old_news_holds_nothing():
    assert paged(held_for=-MINUTE, after=MINUTE * 15) == [Reason.NO_REPLY]
