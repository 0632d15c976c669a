"""The command line shows what products delivered, and who is perhaps one person."""

from datetime import timedelta
from pathlib import Path

import pytest

from oncall.model import Customer
from oncall.store import Database, Tx, customers, intake
from oncall.store.customers import Handle
from oncall.store.intake import Arrival
from support.command_line import FRIDAY, CommandLine

SOURCES = """
[integrations.intake.bank]
kind = "generic"
secret = "test-secret-not-real"
mapping = {conversation_id = "ref"}
[integrations.intake.shop]
kind = "gorgias"
secret = "test-secret-not-real"
"""
HANDLE = Handle(kind="email", value="mina@example.com")


@pytest.fixture
def oncall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    line = CommandLine(tmp_path, monkeypatch)
    line.configure(line.config.read_text(encoding="utf-8") + SOURCES)
    database = Database(f"sqlite:///{line.database}")
    assert line.run("db", "upgrade").exit_code == 0
    database.write_now(fill)
    database.close()
    return line


def fill(tx: Tx) -> None:
    for source, kind, name in (("bank", "generic", "d1"), ("shop", "gorgias", "d2")):
        sent = Arrival(
            source=source,
            kind=kind,
            delivery_id=name,
            named=True,
            method="POST",
            url=f"http://127.0.0.1:8000/intake/{source}",
            query={},
            headers={"content-type": "application/json"},
            body=b'{"ref": "A-1"}',
        )
        first = intake.keep(tx, sent, verdict="accepted", now=FRIDAY)
        assert first is None
    again = sent
    first = intake.keep(tx, again, verdict="accepted", now=FRIDAY)
    assert first == 2
    intake.note_duplicate(tx, again, of=first, verdict="duplicate", now=FRIDAY)
    intake.settle(
        tx,
        2,
        verdict="unparsed",
        outcomes=[{"outcome": "opened", "issue": 128}],
        detail="It says no conversation.",
        now=FRIDAY,
    )
    for name in ("Mina", "M. Rahimi"):
        found = customers.add(tx, Customer(name=name), FRIDAY)
        customers.keep_handles(tx, found, [HANDLE], FRIDAY)
    customers.suggest(tx, 2, 1, HANDLE, FRIDAY)


def test_deliveries_are_listed_with_what_became_of_them(oncall: CommandLine):
    head, again, unparsed, waits = oncall.says("deliveries", "list").splitlines()
    assert head.split()[:4] == ["id", "at", "source", "verdict"]
    assert "came before as 2" in again
    assert "unsigned" in unparsed
    assert "It says no conversation." in unparsed
    assert "unsigned" not in waits
    assert "waits to be read" in waits


def test_deliveries_are_chosen_by_source_and_verdict(oncall: CommandLine):
    (found,) = oncall.json("deliveries", "list", "--verdict", "unparsed")
    assert (found["id"], found["source"], found["signed"]) == (2, "shop", False)
    assert [
        each["id"] for each in oncall.json("deliveries", "list", "--source", "bank")
    ]
    assert "no such" in oncall.says("deliveries", "list", "--source", "nowhere")


def test_a_delivery_is_shown_as_it_came(oncall: CommandLine):
    shown = oncall.says("deliveries", "show", "1")
    assert "POST http://127.0.0.1:8000/intake/bank" in shown
    assert "content-type: application/json" in shown
    assert shown.endswith('{"ref": "A-1"}\n')
    assert oncall.json("deliveries", "show", "1")["body"] == '{"ref": "A-1"}'
    assert "no delivery 9" in oncall.fails("deliveries", "show", "9")


def test_a_delivery_is_read_again(oncall: CommandLine):
    assert "delivery 2 waits" in oncall.says("deliveries", "replay", "2")
    database = Database(f"sqlite:///{oncall.database}")
    until = FRIDAY + timedelta(minutes=1)
    due = database.write_now(lambda tx: intake.claim_due(tx, FRIDAY, until, 10))
    database.close()
    assert [each.id for each in due] == [1, 2]
    assert "replay that one" in oncall.fails("deliveries", "replay", "3")


def test_customers_who_are_perhaps_one_are_told_and_dismissed(oncall: CommandLine):
    said = oncall.says("customers", "suggestions")
    assert "2 M. Rahimi" in said
    assert "email mina@example.com" in said
    (found,) = oncall.json("customers", "suggestions")
    number = str(found["id"])
    assert "is dismissed" in oncall.says("customers", "dismiss", number)
    assert oncall.json("customers", "suggestions") == []
    assert "Nobody" in oncall.says("customers", "suggestions")
    assert "no suggestion 9" in oncall.fails("customers", "dismiss", "9")


def test_customers_are_merged_and_parted_again(oncall: CommandLine):
    assert "one person" in oncall.says("customers", "merge", "2", "--into", "1")
    assert oncall.json("customers", "suggestions") == []
    assert "alone" in oncall.says("customers", "unmerge", "2")
    assert len(oncall.json("customers", "suggestions")) == 1
    assert "not merged" in oncall.fails("customers", "unmerge", "2")
