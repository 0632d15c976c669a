"""The migrations make the very schema that the tables declare, on both databases."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from oncall.errors import Refused, StoreUnavailable
from oncall.store import Database
from oncall.store.backup import backup
from oncall.store.migrate import NEWEST, check, revision, upgrade
from oncall.store.tables import IssueRow


@pytest.fixture
def database(database_url: str):
    database = Database(database_url)
    yield database
    database.close()


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, IssueRow.metadata))


def test_the_migrations_equal_the_tables(database: Database):
    with database.engine.connect() as connection, connection.begin():
        assert differences(connection) == []
        connection.execute(text("ALTER TABLE page ADD COLUMN surplus INTEGER"))
        connection.execute(text("DROP INDEX ix_page_due"))
        assert len(differences(connection)) == 2, "a difference would be seen"


def test_an_upgrade_of_the_newest_schema_changes_nothing(database: Database):
    assert upgrade(database) == upgrade(database) == NEWEST
    assert check(database) == []


def test_a_database_behind_the_newest_schema_is_told(database: Database):
    with database.engine.connect() as connection, connection.begin():
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    (problem,) = check(database)
    assert "oncall db upgrade" in problem


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_empty_file_becomes_a_database(database_url: str, tmp_path: Path):
    del database_url
    database = Database(f"sqlite:///{tmp_path}/fresh.db")
    with database.engine.connect() as connection, connection.begin():
        assert revision(connection) is None
    assert upgrade(database) == NEWEST
    assert check(database) == []
    database.close()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_backup_is_a_whole_database(
    database: Database, database_url: str, tmp_path: Path
):
    del database_url
    backup(database, tmp_path / "copy.db")
    copy = Database(f"sqlite:///{tmp_path}/copy.db")
    assert check(copy) == []
    copy.close()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_backup_of_postgresql_is_its_own_tools_work(
    database: Database, database_url: str, tmp_path: Path
):
    del database_url
    with pytest.raises(Refused, match="pg_dump"):
        backup(database, tmp_path / "copy")


def test_a_database_nobody_can_open_is_told_without_its_address(tmp_path: Path):
    for url in (
        f"sqlite:///{tmp_path}/no/such/folder/oncall.db",
        "postgresql://user:hidden-word@127.0.0.1:1/db",
    ):
        database = Database(url)
        with pytest.raises(StoreUnavailable) as caught:
            upgrade(database)
        assert "hidden-word" not in caught.value.detail
        database.close()


def test_a_database_in_memory_is_refused_because_it_forgets():
    for url in ("sqlite://", "sqlite:///:memory:"):
        with pytest.raises(ValueError, match="name a file"):
            Database(url)


def test_the_database_takes_messages_to_customers_and_no_kind_it_does_not_know(
    database: Database,
):
    with database.engine.connect() as connection, connection.begin():
        for kind in ("page", "message"):
            connection.execute(text(PAGE_OF_A_KIND), {"kind": kind})
        kinds = connection.execute(text("SELECT kind FROM page")).scalars().all()
        assert sorted(kinds) == ["message", "page"]
    with (
        pytest.raises(IntegrityError),
        database.engine.connect() as connection,
        connection.begin(),
    ):
        connection.execute(text(PAGE_OF_A_KIND), {"kind": "gossip"})


PAGE_OF_A_KIND = """
INSERT INTO page (id, kind, person, via, address, state, sequence, step, round, reason,
  text, priority, called_off, epoch, attempts, in_doubt, bundle, bundle_size,
  provider_id, detail, created_at)
VALUES (:kind, :kind, '', 'source', '', 'planned', '', 0, 0, '', '', 0, false, 0, 0,
  false, '[]', 0, '', '', '2026-11-20 21:12:00')
"""
