"""The process of a command: its streams made safe, and every end of it a sentence.

Whatever happens (a closed pipe, a full disk, odd bytes, Ctrl-C, a fault of ours), nobody
reads a traceback unless ONCALL_DEBUG is set. Exit codes: 0 done, 1 a clear failure, 2
wrong usage.
"""

import errno
import os
import sys
from contextlib import suppress
from io import TextIOWrapper

DEBUG = "ONCALL_DEBUG"
FAILED, MISUSED = 1, 2


def main() -> None:
    """Run as the command `oncall`; ends the process."""
    _prepare_streams()
    sys.exit(_flushed(_run()))


def _run() -> int:
    unreadable = [place for place, word in enumerate(sys.argv) if not _is_text(word)]
    if unreadable:
        _aside(f"argument {unreadable[0]} is not text in UTF-8")
        return MISUSED
    try:
        # Imported here, so that Ctrl-C is a clean end from the first moment on.
        from oncall.cli.app import app

        app(prog_name="oncall")
    except SystemExit as ended:
        return _code_of(ended)
    except KeyboardInterrupt:
        _aside("interrupted")
        return FAILED
    except OSError as error:
        return _told(error)
    except Exception as error:  # noqa: BLE001 (the last place that can say a sentence)
        return _fault(error)
    return 0


def _code_of(ended: SystemExit) -> int:
    if ended.code is None or isinstance(ended.code, int):
        return ended.code or 0
    _aside(str(ended.code))
    return FAILED


def _told(error: OSError) -> int:
    """Say what the system refused. A reader that has gone needs no words."""
    _debug()
    if error.errno != errno.EPIPE:
        where = f": {error.filename}" if isinstance(error.filename, str) else ""
        _aside(f"{error.strerror or type(error).__name__}{where}")
    return FAILED


def _fault(error: Exception) -> int:
    """Name the kind only: an error's own words may hold a customer's."""
    _debug()
    _aside(
        f"this is a fault of ours ({type(error).__name__}); nothing more was done."
        f" With {DEBUG}=1 it says where it happened: please report that"
    )
    return FAILED


def _debug() -> None:
    if os.environ.get(DEBUG):
        import traceback

        traceback.print_exc()


def _flushed(code: int) -> int:
    """Write what is still buffered; an answer that was not written is a failure."""
    try:
        sys.stdout.flush()
    except OSError as error:
        # The interpreter would flush once more at its end, and fail in its own words.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return _told(error)
    return code


def _prepare_streams() -> None:
    """Give a stream that was closed a place to go, and let none fail on a letter."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    if isinstance(sys.stdout, TextIOWrapper):
        # A name that a terminal cannot show is no reason to fail.
        sys.stdout.reconfigure(errors="replace")


def _is_text(word: str) -> bool:
    """Tell whether a word came in the encoding of all that we keep."""
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def _aside(sentence: str) -> None:
    with suppress(OSError):
        print(sentence, file=sys.stderr)  # noqa: T201 (output needs what may have failed)
