from pathlib import Path

import pytest

from support.command_line import CommandLine

PLAY = ("simulate", "--policy", "customer-issue")


@pytest.fixture
def oncall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    return CommandLine(tmp_path, monkeypatch)


def test_a_simulation_says_when_whom_by_what_and_why(oncall: CommandLine):
    first, *_ = oncall.json(*PLAY)
    assert first == {
        "after_s": 0,
        "at": "2026-12-04T17:30:12Z",
        "level": 1,
        "round": 1,
        "person": "mina",
        "via": "telegram",
        "kind": "page",
        "because": "level_reached",
    }


def test_every_step_has_the_same_keys_in_the_same_order(oncall: CommandLine):
    keys = {tuple(step) for step in oncall.json(*PLAY, "--severity", "critical")}
    assert keys == {
        ("after_s", "at", "level", "round", "person", "via", "kind", "because")
    }


def test_levels_follow_one_another_for_a_day(oncall: CommandLine):
    steps = oncall.json(*PLAY)
    reached = {step["level"]: step["after_s"] for step in reversed(steps)}
    assert (reached[1], reached[2], reached[3]) == (0, 5 * 60, 15 * 60)
    assert 23 * 3600 < steps[-1]["after_s"] < 24 * 3600


def test_leaders_hear_of_a_critical_issue_at_once(oncall: CommandLine):
    steps = oncall.json(*PLAY, "--severity", "critical")
    told = [
        (step["person"], step["after_s"])
        for step in steps
        if step["kind"] == "bad_news" and step["because"] == "severity"
    ]
    assert told == [("nina", 0), ("omid", 0)]


def test_an_acknowledgement_ends_the_climbing(oncall: CommandLine):
    steps = oncall.json(*PLAY, "--acknowledge", "1m")
    paged = [step["person"] for step in steps if step["after_s"] < 15 * 60]
    assert paged == ["mina"]


def test_another_time_asks_who_is_on_call_then(oncall: CommandLine):
    first, *_ = oncall.json(*PLAY, "--at", "2026-12-11T20:00")
    assert (first["person"], first["at"]) == ("nina", "2026-12-11T16:30:00Z")


def test_what_the_database_knows_counts(oncall: CommandLine):
    span = ("--from", "2026-12-04", "--to", "2026-12-06")
    oncall.says("override", "new", "weekend", "--person", "omid", *span)
    first, *_ = oncall.json(*PLAY)
    assert first["person"] == "omid"


def test_people_read_a_table(oncall: CommandLine):
    title, head, row, *_ = oncall.says(*PLAY).splitlines()
    assert title == "An issue opened on Fri 2026-12-04 21:00 (Asia/Tehran):"
    assert head.split() == ["after", "at", "level", "person", "via", "kind", "because"]
    assert "1 (round 1)  Mina Haddad" in row


def test_an_unknown_policy_is_a_failure_that_names_the_known(oncall: CommandLine):
    said = oncall.fails("simulate", "--policy", "vip")
    assert said == "there is no escalation policy 'vip'; there are: customer-issue"


def test_a_duration_that_is_none_is_wrong_usage(oncall: CommandLine):
    assert "is not a duration" in oncall.misused(*PLAY, "--acknowledge", "soon")
    assert "--policy" in oncall.misused("simulate")


def test_nothing_is_sent_or_made(oncall: CommandLine):
    oncall.says(*PLAY)
    assert not oncall.database.exists()
