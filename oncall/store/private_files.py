"""Database files that only their owner may read, whatever the umask says."""

import os
from contextlib import suppress
from pathlib import Path

OWNER_ONLY = 0o600
BESIDE = ("", "-wal", "-shm", "-journal")
"""SQLite gives the files that it makes beside a database the database's own mode."""


def keep_private(file: Path) -> None:
    """Make the database's file, if it is not there, and close its files to others.

    They hold customers' words. Files of another owner stay as they are, and a place
    where no file can be made is told of by whoever opens the database.
    """
    with suppress(OSError):
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, OWNER_ONLY))
    for ending in BESIDE:
        with suppress(OSError):
            beside = Path(f"{file}{ending}")
            if beside.stat().st_mode & ~OWNER_ONLY & 0o777:
                beside.chmod(OWNER_ONLY)


def make_new(file: Path) -> None:
    """Make an empty file that only its owner may read. Raises FileExistsError.

    A link is never followed, not even one that leads nowhere: whoever may write into
    the folder could have put it there to have our copy written elsewhere.
    """
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY))
