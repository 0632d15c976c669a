"""`oncall issue answer`: the customer hears it where they wrote, or people hear why not."""

import pathlib
from datetime import timedelta

import pytest

from oncall.config import example
from oncall.store import Tx, answers
from oncall.store.database import Database
from support.command_line import FRIDAY, CommandLine

BOT = """
[integrations.intake.telegram]
kind = "telegram"
secret = "file:secret"
api_token = "file:secret"
"""
NEW = ("issue", "new", "--subject", "prize not paid", "--source", "telegram")


@pytest.fixture
def oncall(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> CommandLine:
    oncall = CommandLine(tmp_path, monkeypatch)
    (tmp_path / "secret").write_text("not-real")
    oncall.configure(example.render() + BOT, database=database_url)
    return oncall


def known(tx: Tx) -> None:
    """Let a conversation be one in which the customer wrote an hour ago."""
    at = FRIDAY - timedelta(hours=1)
    answers.customer_said(tx, "telegram", "77", address="77", at=at)


def test_an_answer_goes_out_by_the_running_service(
    oncall: CommandLine, database_url: str
):
    oncall.says(*NEW, "--external-id", "77")
    database = Database(database_url)
    database.write_now(known)
    database.close()
    said = oncall.says("issue", "answer", "1", "It is paid.", "--author", "mina")
    assert said == "#1: the answer goes out by telegram\n"
    shown = oncall.says("issue", "show", "1")
    assert "answered by telegram" in shown
    assert "Mina Haddad: It is paid. (planned)" in shown
    whole = oncall.json("issue", "show", "1")
    assert whole["owner"] == "mina"
    assert whole["messages"][-1]["delivery"]["state"] == "planned"
    why = oncall.says("why", "1")
    assert "wrote an answer" in why
    assert "answered the customer" not in why
    assert whole["waiting_since"], "nobody has handed it over yet"


def test_what_cannot_be_sent_is_refused_with_what_can_be_done(oncall: CommandLine):
    oncall.says(*NEW)
    said = oncall.fails("issue", "answer", "1", "It is paid.")
    assert "in which conversation the customer wrote" in said
    assert "oncall issue told" in said
    issue = oncall.json("issue", "show", "1")
    assert len(issue["messages"]) == 1
    assert issue["waiting_since"]


def test_what_was_said_elsewhere_is_recorded_and_ends_the_waiting(oncall: CommandLine):
    oncall.says(*NEW)
    told = ("issue", "told", "1", "--where", "phone", "--author", "mina")
    assert oncall.says(*told, "It is paid.") == "#1: the answer is recorded\n"
    made = oncall.json(*told, "Again.")
    assert [each["text"] for each in made["messages"]][1:] == ["It is paid.", "Again."]
    assert made["waiting_since"] is None
    assert "--where" in oncall.misused("issue", "told", "1", "It is paid.")


def test_an_answer_needs_words_and_an_issue(oncall: CommandLine):
    oncall.says(*NEW)
    assert "is empty" in oncall.misused("issue", "answer", "1", " ")
    assert "no issue #9" in oncall.fails("issue", "answer", "9", "hello")
