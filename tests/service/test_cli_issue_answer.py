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
    assert "mina: It is paid. (planned)" in shown
    whole = oncall.json("issue", "show", "1")
    assert whole["owner"] == "mina"
    assert whole["messages"][-1]["delivery"]["state"] == "planned"
    why = oncall.says("why", "1")
    assert "answered the customer" in why


def test_what_cannot_be_sent_says_why(oncall: CommandLine):
    oncall.says(*NEW)
    said = oncall.says("issue", "answer", "1", "It is paid.")
    assert "recorded and not sent" in said
    assert "conversation" in said
    assert "not answered from here" in oncall.says("issue", "show", "1")


def test_what_was_said_elsewhere_is_recorded(oncall: CommandLine):
    oncall.says(*NEW)
    said = oncall.says("issue", "answer", "1", "It is paid.", "--no-send")
    assert said == "#1: the answer is recorded\n"
    made = oncall.json("issue", "answer", "1", "Again.", "--no-send")
    assert [each["text"] for each in made["messages"]][1:] == ["It is paid.", "Again."]


def test_an_answer_needs_words_and_an_issue(oncall: CommandLine):
    oncall.says(*NEW)
    assert "is empty" in oncall.misused("issue", "answer", "1", " ")
    assert "no issue #9" in oncall.fails("issue", "answer", "9", "hello")
