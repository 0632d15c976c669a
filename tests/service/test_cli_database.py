import sqlite3
from pathlib import Path

import pytest

from oncall.config import example
from oncall.store.migrate import NEWEST
from support.command_line import CommandLine


@pytest.fixture
def oncall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    return CommandLine(tmp_path, monkeypatch)


def test_upgrade_makes_a_sound_database(oncall: CommandLine):
    said = oncall.says("db", "upgrade")
    assert said == f"the database is up to date, at revision {NEWEST}\n"
    assert oncall.says("db", "upgrade") == said
    assert oncall.says("db", "check") == "the database is sound\n"
    assert oncall.json("db", "check") == []


def test_check_makes_no_database(oncall: CommandLine):
    assert "no database" in oncall.fails("db", "check")
    assert not oncall.database.exists()


def test_check_tells_that_the_schema_is_old(oncall: CommandLine):
    oncall.database.touch()
    done = oncall.run("db", "check")
    assert done.exit_code == 1
    assert "oncall db upgrade" in done.stdout


def test_what_is_no_database_is_told_without_a_trace(oncall: CommandLine):
    oncall.database.write_text("this is a letter, not a database\n" * 100)
    for words in (("db", "check"), ("db", "upgrade"), ("who",), ("issue", "list")):
        said = oncall.fails(*words)
        assert said.startswith("the database cannot be used now: ")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("sqlite:///:memory:", "would forget every page"),
        ("sqlite:///not/there/oncall.db", "there is no folder not/there"),
        ("postgresql://somebody@127.0.0.1:1/oncall", "cannot be used now"),
    ],
)
def test_a_database_that_cannot_be_is_told(oncall: CommandLine, url: str, why: str):
    oncall.configure(example.render(), database=url)
    assert why in oncall.fails("db", "upgrade")


def test_a_backup_holds_what_the_database_holds(oncall: CommandLine):
    oncall.says("issue", "new", "--subject", "prize not paid")
    oncall.says("db", "backup", "copy.db")
    copy = sqlite3.connect(oncall.folder / "copy.db")
    kept = copy.execute("SELECT number, subject FROM issue").fetchall()
    copy.close()
    assert kept == [(1, "prize not paid")]


def test_a_backup_overwrites_nothing(oncall: CommandLine):
    oncall.says("db", "upgrade")
    kept = oncall.folder / "copy.db"
    kept.write_text("precious")
    assert "there already" in oncall.fails("db", "backup", "copy.db")
    assert kept.read_text() == "precious"
    assert "no folder" in oncall.fails("db", "backup", "not/there.db")


def test_there_is_no_backup_of_nothing(oncall: CommandLine):
    assert "no database" in oncall.fails("db", "backup", "copy.db")
    assert not (oncall.folder / "copy.db").exists()


def test_postgresql_has_its_own_tool_for_backups(oncall: CommandLine, postgres: str):
    oncall.configure(example.render(), database=postgres)
    assert "pg_dump" in oncall.fails("db", "backup", "copy.db")
