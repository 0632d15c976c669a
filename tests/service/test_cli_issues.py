import os
from datetime import timedelta
from pathlib import Path

import pytest

from oncall.config import example
from oncall.config.load import load
from oncall.store import issues
from oncall.web import shapes
from oncall.wiring.service import open_database
from support.command_line import FRIDAY, CommandLine

PRIZE = (
    "issue",
    "new",
    "--subject",
    "prize not paid",
    "--customer",
    "Mina R",
    "--text",
    "It is three weeks now.",
)


@pytest.fixture
def oncall(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> CommandLine:
    oncall = CommandLine(tmp_path, monkeypatch)
    oncall.configure(example.render(), database=database_url)
    return oncall


def test_what_a_customer_said_on_the_phone_is_written_down_by_somebody(
    oncall: CommandLine,
):
    made = oncall.json(*PRIZE, "--source", "phone", "--author", "sara")
    assert made["source"] == "phone"
    shown = oncall.says("issue", "show", str(made["number"]))
    assert "customer, written down by Sara Ahmadi" in shown
    (message,) = oncall.json("issue", "show", str(made["number"]))["messages"]
    assert (message["direction"], message["author"]) == ("in", "sara")


def test_a_new_issue_has_the_shape_of_the_api(oncall: CommandLine):
    made = oncall.json(*PRIZE, "--external-id", "T-1", "--tier", "vip")
    config = load(oncall.config, environ=os.environ)
    database = open_database(config)
    kept = database.read_now(lambda tx: issues.find(tx, made["number"]))
    database.close()
    assert kept is not None
    assert made == shapes.issue(kept)
    assert (made["status"], made["severity"]) == ("open", "critical")
    assert (made["source"], made["external_id"]) == ("cli", "T-1")
    assert (made["customer"]["name"], made["customer"]["tier"]) == ("Mina R", "vip")


def test_whoever_is_on_call_is_paged_for_a_new_issue(oncall: CommandLine):
    number = oncall.json(*PRIZE)["number"]
    pages = oncall.json("issue", "show", str(number))["pages"]
    assert {page["person"] for page in pages if page["kind"] == "page"} == {"mina"}


def test_people_hear_the_number_and_that_a_service_picks_it_up(oncall: CommandLine):
    said = oncall.says(*PRIZE)
    assert said == (
        "#1 is open, critical; a running service acts on it within 10 seconds\n"
    )


def test_the_same_external_id_adds_to_the_open_issue(oncall: CommandLine):
    first = oncall.json(*PRIZE, "--external-id", "T-1")
    assert "was open" in oncall.says(*PRIZE, "--external-id", "T-1")
    whole = oncall.json("issue", "show", str(first["number"]))
    assert len(whole["messages"]) == 2


def test_an_issue_without_a_subject_is_wrong_usage(oncall: CommandLine):
    assert "is empty" in oncall.misused("issue", "new", "--subject", "  ")
    assert "--subject" in oncall.misused("issue", "new")


def test_issues_are_listed_the_newest_first_and_by_status(oncall: CommandLine):
    oncall.says(*PRIZE)
    oncall.says("issue", "new", "--subject", "How do I log in?")
    oncall.says("issue", "acknowledge", "1", "--person", "sara")
    numbers = [issue["number"] for issue in oncall.json("issue", "list")]
    assert numbers == [2, 1]
    taken = oncall.json("issue", "list", "--status", "acknowledged")
    assert [issue["owner"] for issue in taken] == ["sara"]
    assert "status" in oncall.misused("issue", "list", "--status", "lost")


def test_people_read_a_table_of_issues(oncall: CommandLine):
    oncall.says(*PRIZE)
    head, row = oncall.says("issue", "list").splitlines()
    assert head.split() == [
        "#",
        "severity",
        "status",
        "owner",
        "customer",
        "problem",
        "opened",
    ]
    facts = "1  critical  open    -      Mina R    prize not paid  "
    assert row == f"{facts}Fri 2026-12-04 21:00"


def test_people_read_a_whole_issue_without_what_would_command_their_terminal(
    oncall: CommandLine,
):
    oncall.says("issue", "new", "--subject", "hello\x1b[2Jworld", "--text", "a\nb")
    said = oncall.says("issue", "show", "1")
    assert said.startswith("#1 normal, open\n?: hello[2Jworld\n")
    assert "customer: a b" in said
    assert "page to Mina Haddad by telegram: planned" in said
    assert "opened, normal" in said


@pytest.mark.parametrize("number", ["#1", "#۱"])
def test_an_issue_is_named_as_messages_and_tables_write_it(
    oncall: CommandLine, number: str
):
    oncall.says(*PRIZE)
    assert oncall.json("issue", "show", number)["number"] == 1
    assert "opened" in oncall.says("why", number)
    incident = oncall.json("incident", "new", "--title", "Prizes late", number)
    assert incident["issues"] == 1


@pytest.mark.parametrize("number", ["##1", "0", "2147483648"])
def test_what_is_no_issues_number_is_wrong_usage(oncall: CommandLine, number: str):
    said = oncall.misused("issue", "show", "--", number)
    assert f"'{number}' is no issue's number; write 128" in said


def test_whoever_acknowledges_first_is_the_owner(oncall: CommandLine):
    oncall.says(*PRIZE)
    first = oncall.says("issue", "acknowledge", "1", "--person", "sara")
    again = oncall.says("issue", "acknowledge", "1", "--person", "reza")
    assert first == "#1 is acknowledged; its owner is Sara Ahmadi\n"
    assert again == (
        "#1 is Sara Ahmadi's since Fri 2026-12-04 21:00; Reza Karimi helps with it now\n"
    )
    same = oncall.says("issue", "acknowledge", "1", "--person", "sara")
    assert same == "#1 is already acknowledged; its owner is Sara Ahmadi\n"
    shown = oncall.json("issue", "show", "1")
    assert (shown["owner"], shown["helpers"]) == ("sara", ["reza"])


def test_a_resolved_issue_is_finished_for_good(oncall: CommandLine):
    oncall.says(*PRIZE)
    done = oncall.json("issue", "resolve", "1", "--result", "Paid", "--person", "sara")
    assert (done["status"], done["owner"]) == ("resolved", "sara")
    said = "issue #1 is resolved since it was finished"
    assert oncall.fails("issue", "resolve", "1", "--result", "Paid") == said
    assert oncall.fails("issue", "acknowledge", "1", "--person", "sara") == said


def test_resolving_wants_to_know_what_the_customer_was_told(oncall: CommandLine):
    oncall.says(*PRIZE)
    assert "--result" in oncall.misused("issue", "resolve", "1")
    assert "is empty" in oncall.misused("issue", "resolve", "1", "--result", " ")


def test_an_issue_or_a_person_that_is_not_there_is_a_failure(oncall: CommandLine):
    oncall.says(*PRIZE)
    assert oncall.fails("issue", "show", "7") == "there is no issue #7"
    said = oncall.fails("issue", "acknowledge", "7", "--person", "sara")
    assert said == "there is no issue #7"
    assert "'zed'" in oncall.fails("issue", "acknowledge", "1", "--person", "zed")
    assert oncall.json("issue", "show", "1")["status"] == "open"


def test_the_engine_finds_the_issue_due(oncall: CommandLine):
    oncall.says(*PRIZE)
    database = open_database(load(oncall.config, environ=os.environ))
    due = database.read_now(issues.next_due)
    database.close()
    assert due == FRIDAY + timedelta(minutes=5)
