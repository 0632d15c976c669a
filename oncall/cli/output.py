"""What people and scripts read: tables, JSON, and errors in plain sentences."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING

from oncall.terminal import printable, printable_json

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from _typeshed import DataclassInstance

Rows = Sequence[Sequence[str]]
API_NAMES = {
    "revoked_at": "ends_at",
    "start": "from",
    "end": "to",
    "with_person": "with",
    "back_start": "with_from",
    "back_end": "with_to",
}


def say(text: str = "") -> None:
    """Print a line or several for people; control characters are shown, not obeyed."""
    print(printable(text))


def as_json(value: object) -> None:
    """Print a value for scripts."""
    print(printable_json(json.dumps(value, ensure_ascii=False, indent=2)))


def table(head: Sequence[str], rows: Rows) -> None:
    """Print a table: drawn on a terminal, aligned text when piped."""
    from oncall.wording.plain import one_line

    # A customer's words could hold what a terminal takes for commands.
    safe = [[one_line(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        _drawn(head, safe)
    else:
        _aligned([head, *safe])


def progress(sentence: str) -> None:
    """Say on a terminal what takes a while."""
    if sys.stderr.isatty():
        print(printable(sentence), file=sys.stderr, flush=True)


def aside(sentence: str) -> None:
    """Say what is not the answer that was asked for."""
    print(printable(sentence), file=sys.stderr)


def local(at: datetime | None, zone: ZoneInfo) -> str:
    """Write an instant as the clocks of `zone` show it."""
    return "-" if at is None else f"{at.astimezone(zone):%a %Y-%m-%d %H:%M}"


def instant(at: datetime) -> str:
    """Write an instant as RFC 3339 in UTC with Z."""
    return at.isoformat().replace("+00:00", "Z")


def shape(value: DataclassInstance) -> dict[str, object]:
    """Return a value under the API's names, as JSON has it; empty texts are null."""
    return {
        API_NAMES.get(field.name, field.name): _plain(getattr(value, field.name))
        for field in fields(value)
    }


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return instant(value)
    return None if value == "" else value


def _aligned(rows: Rows) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        say("  ".join(cells).rstrip())


def _drawn(head: Sequence[str], rows: Rows) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(*head, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        drawn.add_row(*map(Text, row))
    Console().print(drawn)
