"""Copies of an SQLite database: made while it runs, and put back while it does not."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import make_url

from oncall.errors import Refused
from oncall.store import nodes
from oncall.store.database import Database
from oncall.store.migrate import upgrade
from oncall.store.private_files import keep_private, make_new

ALIVE = timedelta(seconds=30)
"""A node says every ten seconds that it is alive."""
_OURS = "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"


def backup(database: Database, target: Path) -> None:
    """Copy an SQLite database to a new file while it runs.

    Raises Refused on PostgreSQL, for a name that is taken, and when the copy cannot be
    written; then no half of one is left.
    """
    source = _file_of(database.url, "pg_dump -Fc")
    with _new(target), _failing_clearly(target):
        _copy(source, target)


def restore(url: str, copy: Path, now: datetime) -> Path | None:
    """Put a copy in the place of the database, and bring it up to date.

    What was there is kept beside it; its new name is returned, None when nothing was.
    Raises Refused on PostgreSQL, for what is no sound copy of ours, and while a service
    runs on the database: it would write over what is put back.
    """
    file = _file_of(url, "pg_restore")
    _must_be_ours(copy)
    kept = None
    if file.exists():
        _must_be_still(url, now)
        kept = file.with_name(f"{file.name}.before-{now:%Y%m%dT%H%M%SZ}")
        with _new(kept), _failing_clearly(kept):
            _copy(file, kept)
    keep_private(file)
    with _failing_clearly(file):
        _copy(copy, file)
    restored = Database(url)
    try:
        upgrade(restored)
    finally:
        restored.close()
    return kept


def _file_of(url: str, tool: str) -> Path:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database is None:
        msg = f"PostgreSQL has its own tool for this: {tool}"
        raise Refused(msg)
    return Path(parsed.database)


@contextmanager
def _new(target: Path) -> Iterator[None]:
    try:
        make_new(target)
    except FileExistsError:
        msg = f"{target} is there already; choose another name"
        raise Refused(msg) from None
    except OSError as error:
        msg = f"{target} cannot be written: {error.strerror}"
        raise Refused(msg) from None
    try:
        yield
    except BaseException:
        target.unlink(missing_ok=True)
        raise


@contextmanager
def _failing_clearly(target: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        msg = f"{target} could not be written ({error})"
        raise Refused(msg) from error


def _copy(source: Path, target: Path) -> None:
    """Copy the source as it is now, as one transaction of the target: all or nothing."""
    with (
        closing(
            sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
        ) as here,
        closing(sqlite3.connect(target)) as there,
    ):
        here.backup(there)


def _must_be_ours(copy: Path) -> None:
    if not copy.is_file():
        msg = f"there is no file {copy}"
        raise Refused(msg)
    try:
        with closing(
            sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)
        ) as here:
            sound = here.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
            ours = here.execute(_OURS).fetchone() == (1,)
    except sqlite3.Error:
        sound = ours = False
    if not (sound and ours):
        msg = f"{copy} is no whole copy of a database of ours; nothing was changed"
        raise Refused(msg)


def _must_be_still(url: str, now: datetime) -> None:
    database = Database(url)
    try:
        upgrade(database)
        last = database.read_now(nodes.last_tick)
    finally:
        database.close()
    if last is not None and last > now - ALIVE:
        ago = max(0, int((now - last).total_seconds()))
        msg = (
            f"a service on this database was alive {ago} seconds ago: stop it first,"
            f" and wait for {ALIVE.total_seconds():g} seconds"
        )
        raise Refused(msg)
