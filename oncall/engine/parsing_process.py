"""The process that reads what strangers wrote. It may be killed at any moment.

Calls come on its input and results leave by its output, each pickled behind its length.
It imports what a call names and nothing else, so that it starts fast and stays small.
"""

import os
import pickle
import signal
import struct
import sys
import traceback
from collections.abc import Callable
from typing import BinaryIO

from integrations.intake.contract import Unparsed

LENGTH = struct.Struct("!I")
READY = "ready"
"""The first thing that it says."""
MOST_MEMORY = 1024 * 1024 * 1024
"""Bytes of address space: a letter of 32 MB with all that is made of it fits."""

Result = tuple[str, object]
"""`read` and what was read, `unparsed` and why, or `failed` and where."""


def framed(value: object) -> bytes:
    """Return a value as it travels."""
    packed = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(packed)) + packed


def serve(calls: BinaryIO, results: BinaryIO, seconds: int) -> None:
    """Answer every call until there are no more; each has so many processor seconds."""
    results.write(framed(READY))
    results.flush()
    while len(head := calls.read(LENGTH.size)) == LENGTH.size:
        packed = calls.read(LENGTH.unpack(head)[0])
        _end_after(seconds)
        results.write(_result(packed))
        results.flush()


def _result(packed: bytes) -> bytes:
    try:
        call: Callable[[], object] = pickle.loads(packed)  # noqa: S301 (our own, from our parent)
        return framed(("read", call()))
    except Unparsed as error:
        return framed(("unparsed", error.reason))
    except Exception as error:  # noqa: BLE001 (a parser's mistake must end no service)
        return framed(("failed", _where(error)))


def _where(error: Exception) -> str:
    """Say what went wrong and where, without the error's words: they may be a customer's."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" in {frames[-1].name}, line {frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def _be_bounded() -> None:
    """Take no more memory than a delivery needs, and leave none of it on disk."""
    try:
        import resource  # noqa: PLC0415 (not on every system)

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # it would hold their words
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    except (ImportError, ValueError, OSError):
        return


def _end_after(seconds: int) -> None:
    """Die of a call that goes on and on, also when nobody is left to kill us."""
    try:
        import resource  # noqa: PLC0415 (not on every system)

        used = resource.getrusage(resource.RUSAGE_SELF)
        latest = int(used.ru_utime + used.ru_stime) + 1 + seconds
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (latest, hard))
    except (ImportError, ValueError, OSError):
        return


def main() -> None:
    """Serve on the standard streams. What a parser prints must not look like a result."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for our parent
    results = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _be_bounded()
    serve(sys.stdin.buffer, results, seconds=int(sys.argv[1]))


if __name__ == "__main__":
    main()
