from pathlib import Path

import pytest

from oncall.actions.adopt import adopt
from oncall.config import example
from oncall.config.load import load
from oncall.store import Database
from oncall.store.migrate import upgrade
from support.command_line import FRIDAY, CommandLine


@pytest.fixture
def oncall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    return CommandLine(tmp_path, monkeypatch)


def test_init_writes_the_example_and_says_what_is_next(oncall: CommandLine):
    said = oncall.says("init", "mine.toml")
    assert (oncall.folder / "mine.toml").read_text("utf-8") == example.render()
    assert "oncall check --config mine.toml" in said


def test_init_writes_oncall_toml_when_no_name_is_given(oncall: CommandLine):
    oncall.config.unlink()
    assert "oncall check " in oncall.says("init")
    assert oncall.config.read_text("utf-8") == example.render()


def test_init_never_overwrites(oncall: CommandLine):
    oncall.config.write_text("precious")
    assert "there already" in oncall.fails("init", str(oncall.config))
    assert oncall.config.read_text() == "precious"


def test_check_lists_warnings_with_exactly_these_keys(oncall: CommandLine):
    found = oncall.json("check")
    assert found
    assert {tuple(problem) for problem in found} == {
        ("level", "path", "line", "message", "hint")
    }
    assert {problem["level"] for problem in found} == {"warning"}


def test_check_ends_with_one_line_that_sums_up(oncall: CommandLine):
    *_, last = oncall.says("check").splitlines()
    assert last.startswith("ready: 0 errors, ")


def test_check_fails_on_errors_and_shows_them_before_the_warnings(oncall: CommandLine):
    text = oncall.config.read_text("utf-8")
    oncall.configure(text.replace("rounds = 2", "rounds = 0"))
    done = oncall.run("check")
    lines = done.stdout.splitlines()
    assert (done.exit_code, done.stderr) == (1, "")
    assert lines[0] == "errors"
    assert "escalation_policies.customer-issue.rounds" in lines[1]
    assert lines[-1].startswith("not usable: 1 error, ")


def test_check_gives_scripts_the_errors_as_data(oncall: CommandLine):
    oncall.config.unlink()
    done = oncall.run("check", "--json")
    assert (done.exit_code, done.stderr) == (1, "")
    assert '"level": "error"' in done.stdout


def test_check_makes_no_database(oncall: CommandLine):
    oncall.says("check")
    assert not oncall.database.exists()


def adopted(oncall: CommandLine) -> str:
    """Let a service have run on the present file; return its database's address."""
    url = f"sqlite:///{oncall.database}"
    config = load(oncall.config, environ={})
    database = Database(url)
    upgrade(database)
    database.write_now(lambda tx: adopt(tx, config, FRIDAY))
    database.close()
    return url


def test_check_against_a_database_tells_whose_shifts_would_change(oncall: CommandLine):
    url = adopted(oncall)
    before = oncall.json("check", "--against", url)
    ring = 'people = ["sara", "reza", "mina", "nina"]'
    text = oncall.config.read_text("utf-8")
    oncall.config.write_text(text.replace(ring, 'people = ["mina"]'), "utf-8")
    told = [
        each for each in oncall.json("check", "--against", url) if each not in before
    ]
    assert {each["path"] for each in told} == {
        "rotations.weekend",
        "rotations.weekend-backup",
    }
    assert {each["level"] for each in told} == {"warning"}
    assert any("sara is no longer on call" in each["message"] for each in told)
    assert oncall.json("check", "--against", url)[-1] == told[-1]  # nothing was written


def test_check_against_a_database_that_is_not_there_makes_none(oncall: CommandLine):
    refused = oncall.fails("check", "--against", f"sqlite:///{oncall.folder}/none.db")
    assert "there is no database" in refused
    assert not (oncall.folder / "none.db").exists()
