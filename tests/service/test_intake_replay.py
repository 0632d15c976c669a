"""`oncall replay`: what a changed configuration would say of what came before."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from oncall.config.example import render
from support.command_line import CommandLine
from support.intake_service import FRIDAY, IntakeApi, sources

WORSE = '\n[[severity_rules]]\nseverity = "critical"\nwords = ["card"]\n'
BANK = sources().replace('"test-secret-not-real"', '"env:BANK_SECRET"')


@pytest.fixture
def oncall(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> CommandLine:
    monkeypatch.setenv("BANK_SECRET", "test-secret-not-real")
    oncall = CommandLine(tmp_path, monkeypatch)
    oncall.turn_to(FRIDAY + timedelta(days=2))
    oncall.configure(render() + BANK, database=database_url)
    asyncio.run(_two_write(database_url))
    return oncall


async def _two_write(database_url: str) -> None:
    async with IntakeApi(database_url, kinds=()) as api:
        await api.bank(ref="A-1", text="the card is gone")
        await api.bank(ref="A-1", text="the card is gone", direction="outbound")
        await api.bank(ref="B-1", text="a question")
        await api.delivered(await api.bank_posts(b'{"number": "C-1", "text": "hi"}'))


def test_the_same_rules_say_the_same(oncall: CommandLine):
    assert oncall.json("replay") == []
    assert "Nothing of the last 30 days" in oncall.says("replay")


def test_a_new_rule_tells_whom_it_would_concern(oncall: CommandLine, database_url: str):
    oncall.configure(render() + WORSE + BANK, database=database_url)
    (change,) = oncall.json("replay", "--days", "30")
    assert change["issue"] == 1
    assert change["before"] == {"severity": "normal", "policy": "customer-issue"}
    assert change["after"] == {"severity": "critical", "policy": "customer-issue"}
    assert "word card" in " ".join(change["because"])
    assert change["received_at"] == "2026-11-20T19:42:13Z"
    shown = oncall.says("replay")
    assert "critical, customer-issue" in shown
    assert "#1" in shown


def test_a_mended_mapping_tells_what_could_be_read(
    oncall: CommandLine, database_url: str
):
    mended = BANK.replace('conversation_id = "ref"', 'conversation_id = "number"')
    oncall.configure(render() + mended, database=database_url)
    changes = oncall.json("replay")
    # the letters with a `message` are still read, by their own name
    assert [change["before"] for change in changes] == [None]
    assert changes[0]["after"] == {"severity": "normal", "policy": "customer-issue"}
    assert "unreadable" in oncall.says("replay")


def test_what_came_before_the_days_asked_for_is_left(
    oncall: CommandLine, database_url: str
):
    oncall.configure(render() + WORSE + BANK, database=database_url)
    assert oncall.json("replay", "--days", "1") == []


def test_a_replay_changes_nothing(oncall: CommandLine, database_url: str):
    oncall.configure(render() + WORSE + BANK, database=database_url)
    before = oncall.json("issue", "show", "1")
    oncall.says("replay")
    assert oncall.json("issue", "show", "1") == before


def test_how_often_somebody_had_written_is_counted_as_it_was_then(
    oncall: CommandLine, database_url: str
):
    rule = '\n[[severity_rules]]\nseverity = "high"\nrepeat = 2\n'
    oncall.configure(render() + rule + BANK, database=database_url)
    asyncio.run(_one_writes_often(database_url, rule))
    changes = oncall.json("replay")
    assert [change["source"] for change in changes] == []
    oncall.configure(render() + rule.replace("2", "3") + BANK, database=database_url)
    (change,) = oncall.json("replay")
    assert change["before"]["severity"] == "high"
    assert change["after"]["severity"] == "normal"


async def _one_writes_often(database_url: str, rule: str) -> None:
    async with IntakeApi(database_url, kinds=(), rules=rule) as api:
        for ref in ("R-1", "R-2"):
            await api.bank(ref=ref, text="again", mail="mina@example.com")
            api.clock.turn(timedelta(minutes=1))
