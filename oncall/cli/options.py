"""Options that several commands take, and how their words are read."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from escalation_policies.duration import parse_duration

DEFAULT = Path("oncall.toml")
UNSAID = Path()
"""No file's name: what was said before the command holds, or the environment."""
YEARS = range(1970, 3000)
"""Beyond them arithmetic on time breaks."""
LARGEST_NUMBER = 2**31 - 1
"""What the databases keep as an issue's number."""
MOST_DIGITS = 10


def moment(text: str) -> datetime:
    """Read a date and time, naive for wall time; a day alone is its midnight."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        msg = f"{text!r} is no date and time; write 2026-12-04T20:00"
        raise typer.BadParameter(msg) from None
    if read.year not in YEARS:
        msg = f"write a year from {YEARS[0]} to {YEARS[-1]}"
        raise typer.BadParameter(msg)
    return read


def issue_number(text: str) -> int:
    """Read `128`, `#128` (as every message and table writes it) or `۱۲۸`."""
    digits = text.strip().removeprefix("#")
    number = int(digits) if digits.isdecimal() and len(digits) <= MOST_DIGITS else 0
    if not 1 <= number <= LARGEST_NUMBER:
        msg = f"{text!r} is no issue's number; write 128"
        raise typer.BadParameter(msg)
    return number


def duration(text: str) -> timedelta:
    """Read a span such as `90s` or `1h30m`."""
    try:
        return parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _or_the_one_before(ctx: typer.Context, path: Path) -> Path:
    """Let `oncall --config PATH who` be as good as `oncall who --config PATH`."""
    before: Path = ctx.find_root().obj
    return before if path == UNSAID else path


ConfigFile = Annotated[
    Path,
    typer.Option(
        "--config",
        metavar="PATH",
        callback=_or_the_one_before,
        show_default=False,
        help="The configuration; else $ONCALL_CONFIG, else oncall.toml.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
At = Annotated[
    datetime | None,
    typer.Option(
        parser=moment, metavar="ISO", help="When, in the service's time zone; else now."
    ),
]
MaybeFrom = Annotated[
    datetime | None,
    typer.Option("--from", parser=moment, metavar="ISO", help="Where it begins."),
]
MaybeTo = Annotated[
    datetime | None,
    typer.Option("--to", parser=moment, metavar="ISO", help="Where it ends."),
]
From = Annotated[
    datetime,
    typer.Option("--from", parser=moment, metavar="ISO", help="Where it begins."),
]
To = Annotated[
    datetime, typer.Option("--to", parser=moment, metavar="ISO", help="Where it ends.")
]
Reason = Annotated[str, typer.Option(help="Why, for whoever reads it later.")]
