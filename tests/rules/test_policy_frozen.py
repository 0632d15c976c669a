import json
from dataclasses import fields
from datetime import timedelta

import pytest

from escalation_policies.policy import (
    LAST_RESORT_EVERY,
    BadNewsRule,
    Level,
    Policy,
    Severity,
    Target,
    TargetKind,
    policy_from_json,
    to_json,
)
from escalation_policies.progress import (
    Progress,
    progress_from_json,
    progress_to_json,
)
from escalation_policies.reason import Reason
from support.escalation_story import after, minutes, targets

FULL = Policy(
    id="p",
    levels=(
        Level(
            targets=targets("rotation:weekend", "person:nina"),
            wait=timedelta(minutes=5, milliseconds=500),
        ),
    ),
    rounds=3,
    reply_within=minutes(15),
    bad_news=(
        BadNewsRule(
            tell=targets("group:leadership"),
            severity=Severity.HIGH,
            unacknowledged=minutes(1),
            unresolved=minutes(2),
            customer_waiting=minutes(3),
            promise_overdue=minutes(0),
            asked=True,
        ),
        BadNewsRule(tell=()),
    ),
    last_resort=targets("group:leadership"),
    last_resort_every=minutes(20),
)
UNDERWAY = Progress(
    level=2,
    round=3,
    next_level_at=after(1),
    last_resort=True,
    passed=True,
    paged=frozenset({"sara", "reza"}),
    told=frozenset({0, 2}),
    asked_told_at=after(2),
    reply_nudged_at=after(3),
    standing=Reason.SNOOZED,
    due=after(4),
)


@pytest.mark.parametrize("policy", [FULL, Policy(id="bare", levels=())])
def test_a_policy_comes_back_from_json_as_it_was(policy: Policy):
    assert policy_from_json(json.loads(json.dumps(to_json(policy)))) == policy


@pytest.mark.parametrize("progress", [UNDERWAY, Progress()])
def test_progress_comes_back_from_json_as_it_was(progress: Progress):
    frozen = json.loads(json.dumps(progress_to_json(progress)))
    assert progress_from_json(frozen) == progress


def test_no_field_of_progress_is_forgotten():
    assert set(progress_to_json(UNDERWAY)) == {field.name for field in fields(Progress)}


def test_the_same_progress_is_always_written_the_same():
    assert progress_to_json(UNDERWAY)["paged"] == ["reza", "sara"]
    assert progress_to_json(UNDERWAY)["told"] == [0, 2]


def test_a_policy_frozen_by_an_older_version_loads_with_defaults():
    old = {
        "id": "p",
        "levels": [{"page": ["rotation:weekend"], "wait_s": 300}],
        "bad_news": [{"tell": ["group:leadership"]}],
    }
    assert policy_from_json(old) == Policy(
        id="p",
        levels=(Level(targets=targets("rotation:weekend"), wait=minutes(5)),),
        bad_news=(BadNewsRule(tell=targets("group:leadership")),),
        last_resort_every=LAST_RESORT_EVERY,
    )


def test_what_a_newer_version_wrote_is_ignored():
    assert policy_from_json(to_json(FULL) | {"mood": "calm"}) == FULL
    newer = progress_to_json(Progress(level=1)) | {"mood": 1, "standing": "dancing"}
    assert progress_from_json(newer) == Progress(level=1)
    assert progress_from_json({}) == Progress()


def test_a_policy_names_every_target_once():
    assert [str(target) for target in FULL.targets] == [
        "rotation:weekend",
        "person:nina",
        "group:leadership",
    ]


def test_severities_are_ordered_by_badness():
    assert [each.rank for each in Severity] == [0, 1, 2, 3]
    assert Severity.LOW.worse_of(Severity.HIGH) is Severity.HIGH
    assert Severity.CRITICAL.worse_of(Severity.HIGH) is Severity.CRITICAL


def test_a_target_reads_as_it_is_written():
    target = Target.parse("rotation:weekend")
    assert target == Target(TargetKind.ROTATION, "weekend")
    assert str(target) == "rotation:weekend"


@pytest.mark.parametrize("text", ["", "weekend", "rotation:", "team:care", ":x"])
def test_what_names_no_target_is_refused_with_the_forms_there_are(text: str):
    with pytest.raises(ValueError, match="rotation:NAME, group:NAME or person:NAME"):
        Target.parse(text)
