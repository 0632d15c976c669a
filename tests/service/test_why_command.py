"""`oncall why` on the command line."""

from pathlib import Path

import pytest

from support.command_line import CommandLine

KEYS = (
    "at",
    "issue",
    "kind",
    "event",
    "person",
    "via",
    "sent",
    "state",
    "because",
    "level",
    "detail",
    "sentence",
)


@pytest.fixture
def oncall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    oncall = CommandLine(tmp_path, monkeypatch)
    oncall.says("issue", "new", "--subject", "prize not paid")
    return oncall


def test_an_issue_is_told_as_a_story_with_the_time_of_each_thing(oncall: CommandLine):
    story = oncall.says("why", "1")
    first, *_ = story.splitlines()
    assert first == "Fri 2026-12-04 21:00  the issue was opened as critical"
    assert "not sent: page to Mina Haddad by telegram about #1" in story
    assert "not sent: bad news to Nina Berger" in story
    assert "not told: Sara Ahmadi of #1" in story


def test_the_number_may_be_written_as_people_write_it(oncall: CommandLine):
    assert oncall.says("why", "#1") == oncall.says("why", "1")


def test_scripts_get_the_same_keys_for_everything(oncall: CommandLine):
    for subject in ("1", "mina"):
        told = oncall.json("why", subject)
        assert {tuple(entry) for entry in told} == {KEYS}
    kinds = {entry["kind"] for entry in oncall.json("why", "1")}
    assert kinds == {"event", "page", "bad_news", "not_told"}


def test_a_person_hears_of_their_last_day(oncall: CommandLine):
    told = oncall.json("why", "mina")
    assert {entry["person"] for entry in told} == {"mina"}
    assert oncall.says("why", "mina", "--at", "2026-12-03T12:00") == (
        "Nothing was sent, and there was nothing to send.\n"
    )


def test_who_and_what_is_not_there_is_a_failure(oncall: CommandLine):
    assert oncall.fails("why", "7") == "there is no issue #7"
    assert "'zed'" in oncall.fails("why", "zed")
    assert "no issue's number" in oncall.misused("why", "99999999999")
