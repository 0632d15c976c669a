"""The revisions make what the tables declare, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from oncall.store import Database
from oncall.store.migrate import MIGRATIONS, NEWEST


def test_a_migrated_database_has_exactly_the_declared_tables(database_url: str):
    database = Database(database_url)
    with database.engine.connect() as connection, connection.begin():
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        difference = compare_metadata(context, SQLModel.metadata)
    database.close()
    assert difference == []


def test_the_newest_revision_is_the_one_that_starts_bring_the_database_to():
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [NEWEST]
