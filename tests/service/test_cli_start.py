import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.command_line import CommandLine

HEAVY = (
    "alembic",
    "fastapi",
    "icalendar",
    "pydantic",
    "rich",
    "sqlalchemy",
    "sqlmodel",
    "telegram",
    "twilio",
)
COMMANDS = (
    "absence",
    "check",
    "db",
    "demo",
    "feed",
    "help",
    "ical",
    "init",
    "issue",
    "link",
    "override",
    "page",
    "serve",
    "shifts",
    "simulate",
    "swap",
    "who",
)


@pytest.fixture
def oncall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    return CommandLine(tmp_path, monkeypatch)


def python(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 (our own interpreter and scripts)
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_help_imports_nothing_heavy(tmp_path: Path):
    script = (
        "import sys, oncall.cli.app as cli\n"
        "try: cli.app(['--help'], prog_name='oncall')\n"
        "except SystemExit: pass\n"
        f"print('heavy:', [m for m in {HEAVY!r} if m in sys.modules])\n"
    )
    assert python("-c", script, folder=tmp_path).stdout.endswith("heavy: []\n")


def test_who_is_on_call_is_told_without_the_web_or_the_database(tmp_path: Path):
    (tmp_path / "oncall.toml").write_text(
        (Path(__file__).parents[2] / "config.example.toml").read_text("utf-8"), "utf-8"
    )
    script = (
        "import sys, oncall.cli.app as cli\n"
        "try: cli.app(['who', '--json'], prog_name='oncall')\n"
        "except SystemExit: pass\n"
        "print('heavy:', [m for m in ('fastapi', 'sqlalchemy') if m in sys.modules])\n"
    )
    assert python("-c", script, folder=tmp_path).stdout.endswith("heavy: []\n")


def test_the_package_runs_as_a_module(tmp_path: Path):
    done = python("-m", "oncall", "who", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("oncall.toml: cannot be read: ")
    assert "Traceback" not in done.stderr


def test_help_names_every_command(oncall: CommandLine):
    said = oncall.says("--help")
    assert [name for name in COMMANDS if f"\n  {name} " not in said] == []


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_no_sentence_of_help_is_cut_short(oncall: CommandLine, command: str):
    assert (
        "..." not in oncall.says(*command.split(), "--help").partition("Commands:")[2]
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(oncall: CommandLine, command: str):
    said = oncall.says(command, "--help")
    if "Commands:" in said:
        names = [
            line.split()[0]
            for line in said.partition("Commands:")[2].splitlines()
            if line.startswith("  ") and not line.startswith("   ")
        ]
        assert names
        said = "".join(oncall.says(command, name, "--help") for name in names)
        assert said.count("Example: oncall") == len(names)
    else:
        assert "Example: oncall" in said


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        (["-h"], ["--help"]),
        (["help"], ["--help"]),
        (["issue", "-h"], ["issue", "--help"]),
        (["issue", "new", "-h"], ["issue", "new", "--help"]),
        (["help", "issue"], ["issue", "--help"]),
        (["help", "issue", "new"], ["issue", "new", "--help"]),
        (["help", "help"], ["help", "--help"]),
    ],
    ids=" ".join,
)
def test_help_is_had_however_one_asks(
    oncall: CommandLine, asked: list[str], meant: list[str]
):
    assert oncall.says(*asked) == oncall.says(*meant)


@pytest.mark.parametrize("words", [["nothing"], ["issue", "nothing"], ["who", "x"]])
def test_help_for_what_is_no_command_is_wrong_usage(
    oncall: CommandLine, words: list[str]
):
    assert f"No such command '{words[-1]}'" in oncall.misused("help", *words)


def test_the_version_is_told(oncall: CommandLine):
    assert oncall.says("--version") == "0.1.0\n"


def test_an_unknown_command_is_wrong_usage(oncall: CommandLine):
    assert "No such command 'whom'" in oncall.misused("whom")


def test_an_unknown_option_is_wrong_usage(oncall: CommandLine):
    assert "No such option" in oncall.misused("who", "--when", "now")


@pytest.mark.parametrize(
    "words",
    [("--config", "other.toml", "who"), ("who", "--config", "other.toml")],
    ids=["before the command", "after the command"],
)
def test_the_configuration_is_named_before_or_after_the_command(
    oncall: CommandLine, words: tuple[str, ...]
):
    assert oncall.fails(*words).startswith("other.toml: cannot be read: ")
    oncall.config.rename(oncall.folder / "other.toml")
    assert "Mina Haddad" in oncall.says(*words)


def test_the_environment_names_the_configuration_too(oncall: CommandLine):
    oncall.config.write_text("")
    said = oncall.fails("who")
    assert str(oncall.config) in said


def test_what_is_said_at_the_command_wins_over_the_environment(oncall: CommandLine):
    oncall.config.rename(oncall.folder / "other.toml")
    (oncall.folder / "oncall.toml").write_text("")
    oncall.config = oncall.folder / "other.toml"  # what $ONCALL_CONFIG names
    assert "Mina Haddad" in oncall.says("who")
    assert "is missing" in oncall.fails("who", "--config", "oncall.toml")


def test_a_terminal_that_lacks_letters_shows_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    CommandLine(tmp_path, monkeypatch)
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    done = python("-m", "oncall", "check", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "export ONCALL_ADMIN_TOKEN=?" in done.stdout


def test_every_problem_of_the_configuration_is_on_a_line_of_its_own(
    oncall: CommandLine,
):
    text = oncall.config.read_text("utf-8")
    oncall.configure(
        text.replace('country = "IR"', "cuntry = 1").replace("rounds = 2", "rounds = 0")
    )
    lines = oncall.fails("who").splitlines()
    errors = [line for line in lines if "cuntry" in line or "rounds" in line]
    assert len(errors) == 2
    assert all(line.startswith(f"{oncall.config}:") for line in errors)
    assert "did you mean" in errors[0]
