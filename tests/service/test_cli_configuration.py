from pathlib import Path

import pytest

from oncall.config import example
from support.command_line import CommandLine


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
