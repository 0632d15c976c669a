import os
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from oncall.config import example
from oncall.store.migrate import NEWEST
from support.command_line import FRIDAY, CommandLine


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


def mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


def test_only_the_owner_reads_the_database_and_its_copies(oncall: CommandLine):
    umask = os.umask(0)
    try:
        oncall.says("issue", "new", "--customer", "Mina", "--subject", "hi")
        oncall.says("db", "backup", "copy.db")
    finally:
        os.umask(umask)
    assert mode(oncall.database) == mode(oncall.folder / "copy.db") == 0o600
    with sqlite3.connect(
        oncall.database
    ) as held:  # as a service does, so the WAL is there
        held.execute("BEGIN IMMEDIATE")
        held.execute("DELETE FROM node")
        assert mode(oncall.folder / "oncall.db-wal") == 0o600
        held.rollback()
    held.close()


def test_a_database_that_others_could_read_is_closed_to_them(oncall: CommandLine):
    oncall.says("db", "upgrade")
    oncall.database.chmod(0o644)
    oncall.says("issue", "list")
    assert mode(oncall.database) == 0o600


def test_a_backup_follows_no_link(oncall: CommandLine):
    oncall.says("db", "upgrade")
    (oncall.folder / "copy.db").symlink_to(oncall.folder / "elsewhere.db")
    assert "there already" in oncall.fails("db", "backup", "copy.db")
    assert not (oncall.folder / "elsewhere.db").exists()


def test_a_copy_is_put_back_and_what_was_there_is_kept(oncall: CommandLine):
    oncall.says("issue", "new", "--customer", "Mina", "--subject", "before")
    oncall.says("db", "backup", "copy.db")
    oncall.says("issue", "new", "--customer", "Mina", "--subject", "after")
    said = oncall.says("db", "restore", "copy.db")
    kept = oncall.folder / said.splitlines()[-1].rpartition("/")[2]
    assert [each["subject"] for each in oncall.json("issue", "list")] == ["before"]
    assert mode(kept) == 0o600
    oncall.turn_to(FRIDAY + timedelta(minutes=1))
    oncall.says("db", "restore", str(kept))
    assert len(oncall.json("issue", "list")) == 2


def test_a_copy_is_put_where_nothing_was(oncall: CommandLine):
    oncall.says("db", "upgrade")
    oncall.says("db", "backup", "copy.db")
    oncall.database.unlink()
    assert oncall.says("db", "restore", "copy.db").count("\n") == 1
    assert oncall.says("db", "check") == "the database is sound\n"


def test_nothing_is_put_under_a_running_service(oncall: CommandLine):
    oncall.says("db", "upgrade")
    oncall.says("db", "backup", "copy.db")
    with sqlite3.connect(oncall.database) as running:
        running.execute(
            "INSERT INTO node (id, started_at, ticked_at, release) VALUES (?, ?, ?, ?)",
            ("n", "2026-12-04 17:30:00.000000", "2026-12-04 17:30:00.000000", "1"),
        )
    running.close()
    assert "alive 12 seconds ago" in oncall.fails("db", "restore", "copy.db")


@pytest.mark.parametrize("written", [b"", b"this is a letter" * 300])
def test_only_a_whole_copy_is_put_back(oncall: CommandLine, written: bytes):
    oncall.says("issue", "new", "--customer", "Mina", "--subject", "kept")
    (oncall.folder / "copy.db").write_bytes(written)
    assert "no whole copy" in oncall.fails("db", "restore", "copy.db")
    assert "no file" in oncall.fails("db", "restore", "nothing.db")
    assert [each["subject"] for each in oncall.json("issue", "list")] == ["kept"]
