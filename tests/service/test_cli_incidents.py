"""`oncall incident`: the same actions as by the API, against the database."""

import asyncio
import os
from pathlib import Path

import pytest

from oncall.actions.house import House
from oncall.clock import SystemClock
from oncall.config import example
from oncall.config.load import load
from oncall.engine.spotter import Spotter
from oncall.store import Database
from support.command_line import CommandLine


@pytest.fixture
def oncall(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> CommandLine:
    oncall = CommandLine(tmp_path, monkeypatch)
    oncall.configure(example.render(), database=database_url)
    return oncall


def issues(oncall: CommandLine, count: int) -> list[str]:
    """Open so many issues and return their numbers."""
    new = ("issue", "new", "--subject", "cannot pay", "--customer")
    return [str(oncall.json(*new, f"C{place}")["number"]) for place in range(count)]


def test_an_incident_is_opened_over_issues_and_shown(oncall: CommandLine):
    numbers = issues(oncall, 2)
    said = oncall.says("incident", "new", "--title", "Payments fail", *numbers)
    assert said == (
        "incident 1 is open: 2 issues of 2 customers; its owner is nobody\n"
    )
    shown = oncall.says("incident", "show", "1")
    assert "incident 1, open: Payments fail" in shown
    assert "#1 open, C0: cannot pay" in shown
    whole = oncall.json("incident", "show", "1")
    assert [str(each["number"]) for each in whole["members"]] == numbers


def test_incidents_are_listed(oncall: CommandLine):
    oncall.says("incident", "new", "--title", "One")
    oncall.says("incident", "new", "--title", "Two")
    oncall.says("incident", "acknowledge", "1", "--person", "sara")
    listed = oncall.json("incident", "list")
    assert [each["title"] for each in listed] == ["Two", "One"]
    assert "Two" in oncall.says("incident", "list")
    (taken,) = oncall.json("incident", "list", "--status", "acknowledged")
    assert taken["owner"] == "sara"


def test_issues_join_and_leave(oncall: CommandLine):
    one, two = issues(oncall, 2)
    oncall.says("incident", "new", "--title", "Payments fail", one)
    oncall.says("incident", "acknowledge", "1", "--person", "sara")
    assert oncall.json("incident", "join", "1", two)["issues"] == 2
    assert oncall.json("issue", "show", two)["owner"] == "sara"
    assert oncall.json("incident", "leave", "1", two)["issues"] == 1
    assert oncall.json("issue", "show", two)["owner"] is None
    assert "is not in incident 1" in oncall.fails("incident", "leave", "1", two)
    assert "there is no incident 9" in oncall.fails("incident", "join", "9", two)


def test_an_update_reaches_every_customer(oncall: CommandLine):
    oncall.says("incident", "new", "--title", "Payments fail", *issues(oncall, 2))
    said = oncall.says("incident", "update", "1", "--en", "We are on it.")
    assert said.startswith("2 customers are told of incident 1")
    messages = oncall.json("issue", "show", "1")["messages"]
    assert messages[-1]["text"] == "We are on it."
    assert "2 not sendable, we: We are on it." in oncall.says("incident", "show", "1")
    told = oncall.json("incident", "update", "1", "--text", "Done.", "--author", "sara")
    assert (told["text"], told["author"]) == ("Done.", "sara")


def test_an_update_has_one_text_or_one_for_each_language(oncall: CommandLine):
    oncall.says("incident", "new", "--title", "Payments fail")
    assert "--text" in oncall.misused("incident", "update", "1")
    both = ("--text", "Done.", "--fa", "تمام شد.")
    assert "--text" in oncall.misused("incident", "update", "1", *both)


def test_an_end_may_end_the_issues_too(oncall: CommandLine):
    one, two = issues(oncall, 2)
    oncall.says("incident", "new", "--title", "One", one)
    oncall.says("incident", "new", "--title", "Two", two)
    oncall.says("incident", "resolve", "1", "--result", "Works again.")
    ended = ("incident", "resolve", "2", "--result", "Works again.", "--issues")
    assert oncall.json(*ended)["status"] == "resolved"
    assert oncall.json("issue", "show", one)["status"] == "open"
    assert oncall.json("issue", "show", two)["status"] == "resolved"
    assert "is resolved" in oncall.fails(*ended)


def test_what_customers_wrote_cannot_command_the_terminal(oncall: CommandLine):
    words = ("issue", "new", "--subject", "pay\x1b[2Jment", "--customer", "C")
    number = str(oncall.json(*words)["number"])
    oncall.says("incident", "new", "--title", "A\x1b[31mred one", number)
    assert "\x1b" not in oncall.says("incident", "show", "1")
    assert "\x1b" not in oncall.says("incident", "list")


def suggested(oncall: CommandLine, *subjects: str) -> list[int]:
    """Open an issue of each subject and have them compared; return their numbers."""
    numbers = [
        int(
            oncall.json("issue", "new", "--subject", subject, "--customer", f"C{n}")[
                "number"
            ]
        )
        for n, subject in enumerate(subjects)
    ]
    config = load(oncall.config, environ=os.environ, offline=True)
    database = Database(config.service.database.reveal())
    spotter = Spotter(database, House(config, ()))
    asyncio.run(spotter.tick(SystemClock().now()))  # type: ignore[arg-type]
    database.close()
    return numbers


ALIKE = ("Payment error 502", "error 502: cannot pay", "payment fails, error 502")


def test_what_is_alike_is_listed_with_why(oncall: CommandLine):
    assert oncall.says("incident", "suggestions") == "nothing is suggested\n"
    numbers = suggested(oncall, *ALIKE, "When do you open?")
    first, *others = oncall.says("incident", "suggestions").splitlines()
    assert first == "suggestion 1: Payment error 502"
    assert len(others) == 3
    assert all(
        f"#{number} " in line for number, line in zip(numbers, others, strict=False)
    )
    assert "like #1" in others[1]
    assert "502" in others[1]
    (found,) = oncall.json("incident", "suggestions")
    assert [each["number"] for each in found["issues"]] == numbers[:3]


def test_a_suggestion_is_confirmed_and_taken(oncall: CommandLine):
    suggested(oncall, *ALIKE)
    words = ("incident", "confirm", "1", "--title", "Payments fail")
    done = oncall.json(
        *words, "--person", "sara", "--take", "--only", "1", "--only", "2"
    )
    assert (done["title"], done["owner"], done["issues"]) == (
        "Payments fail",
        "sara",
        2,
    )
    assert oncall.fails(*words).startswith("suggestion 1 was confirmed before")


def test_nobody_takes_what_is_confirmed_without_a_name(oncall: CommandLine):
    suggested(oncall, *ALIKE)
    assert oncall.run("incident", "confirm", "1", "--take").exit_code == 2
    assert oncall.json("incident", "list") == []


def test_a_suggestion_is_dismissed_for_good(oncall: CommandLine):
    suggested(oncall, *ALIKE)
    said = oncall.says("incident", "dismiss", "1")
    assert said == "suggestion 1 is dismissed\n"
    assert oncall.says("incident", "suggestions") == "nothing is suggested\n"
