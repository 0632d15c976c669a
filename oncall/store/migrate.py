"""Bring the database to the newest schema, under a lock; check it.

Alembic takes half a second to import, so it is imported here only when there is
something to do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DatabaseError

from oncall.errors import Refused
from oncall.store import formats
from oncall.store.database import Database
from oncall.store.engines import unavailable
from oncall.store.formats import Format, Formats, Part
from oncall.store.tx import Tx

MIGRATIONS = Path(__file__).parent / "migrations"
NEWEST = "0016"
FORMS: Formats = {
    Part.TABLES: Format(int(NEWEST), oldest=7),
    Part.POLICIES: Format(1, oldest=1),
    Part.ROSTERS: Format(1, oldest=1),
}
"""What this release knows; `oldest` grows only with what takes something away."""
LOCK = 0x0_0CA11


def upgrade(database: Database, ours: Formats = FORMS) -> str:
    """Run what is missing; return the revision that the database has now.

    A newer one stays as it is, if a release that knows `ours` may work on it. Raises
    StoreUnavailable, and Refused when it may not.
    """
    try:
        with database.engine.connect() as connection, _locked(connection):
            if not _is_at(connection, ours):
                _run_alembic(connection)
            formats.bring(Tx(connection), ours)
            return revision(connection) or NEWEST
    except DatabaseError as error:
        raise unavailable(error) from error


def _is_at(connection: Connection, ours: Formats) -> bool:
    """Tell whether nothing is missing. Raises Refused for what is too new."""
    if inspect(connection).has_table(formats.FORMAT.name):
        formats.must_be_known(Tx(connection), ours)
    found = revision(connection)
    return found is not None and int(found) >= ours[Part.TABLES].version


def revision(connection: Connection) -> str | None:
    """Return the revision the database is at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _run_alembic(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 (half a second that most starts spare)
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@contextmanager
def _locked(connection: Connection) -> Iterator[None]:
    """Let one process migrate at a time.

    SQLite's own write lock, taken when the transaction began, does it there.
    """
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = 0"))  # it may take long
            connection.execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": LOCK})
        yield


def check(database: Database) -> list[str]:
    """Return what is wrong with the database, in words; nothing when it is sound.

    Raises StoreUnavailable for what cannot even be opened as a database.
    """
    try:
        return _problems(database)
    except DatabaseError as error:
        raise unavailable(error) from error


def _problems(database: Database) -> list[str]:
    with database.engine.connect() as connection, connection.begin():
        problems = _schema_problems(connection)
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql("PRAGMA integrity_check").scalars()
            problems += [str(row) for row in rows if row != "ok"]
    return problems


def _schema_problems(connection: Connection) -> list[str]:
    try:
        if _is_at(connection, FORMS):
            return []
    except Refused as error:
        return [error.detail]
    found = revision(connection) or "nothing"
    return [f"schema is at {found}, wanted {NEWEST}: oncall db upgrade"]
