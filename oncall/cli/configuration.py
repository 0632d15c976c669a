"""`oncall init` and `oncall check`: a configuration to begin with, and what is wrong."""

from __future__ import annotations

import os
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oncall.cli import ground, output
from oncall.cli.ground import present
from oncall.cli.options import DEFAULT, UNSAID, ConfigFile, Json
from oncall.errors import NotFound, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from oncall.config.values import Config

app = typer.Typer()


@app.command(epilog="Example: oncall init")
def init(
    path: Annotated[Path, typer.Argument(help="Where to write it.")] = DEFAULT,
) -> None:
    """Write a commented example configuration, which runs as it is."""
    from oncall.config import example

    example.write(path)
    named = "" if path == DEFAULT else f" --config {path}"
    output.say(f"{path} is written, and works as it is. Next:")
    output.say(f"  oncall check{named}   tells what is worth knowing about it")
    output.say(f"  oncall who{named}     tells who is on call now")
    output.say(f"  oncall serve{named}   starts the service")


@app.command(epilog="Example: oncall check --json")
def check(
    *,
    json: Json = False,
    against: Annotated[
        str,
        typer.Option(
            metavar="DATABASE",
            help="Also tell whose shifts this file would change there, in 90 days.",
        ),
    ] = "",
    config: ConfigFile = UNSAID,
) -> None:
    """Tell every problem and warning of the configuration.

    Looks 90 days ahead for hours with nobody on call and for clock changes.
    """
    from oncall import zones
    from oncall.config.check import check as look

    zones.use_pinned()
    output.progress("looking 90 days ahead …")
    problems = look(config, environ=os.environ, now=present())
    errors = sum(problem.level == "error" for problem in problems)
    if against and not errors:
        problems = (*problems, *_foreseen(ground.configured(config), against))
    if not errors:
        read = ground.configured(config)
        problems = (*problems, *_unread(read), *_left(read))
    if json:
        keys = ("level", "path", "line", "message", "hint")
        output.as_json([{key: getattr(one, key) for key in keys} for one in problems])
    else:
        _show(problems)
        state = "not usable" if errors else "ready"
        warnings = _count(len(problems) - errors, "warning")
        output.say(f"{state}: {_count(errors, 'error')}, {warnings}")
    if errors:
        raise typer.Exit(1)


def _foreseen(config: Config, database: str) -> list[Problem]:
    """Return whose shifts would appear, move or vanish, as warnings."""
    from oncall.actions.adopt import foreseen
    from oncall.cli.foreseen import told

    now = present()
    file = ground.sqlite_file(database)
    if file is not None and not file.exists():
        msg = f"there is no database {file} to compare with"
        raise NotFound(msg)
    with ground.at(database) as there:
        changes = there.read_now(lambda tx: foreseen(tx, config, now))
    return [
        Problem(
            level="warning",
            path=f"rotations.{change.rotation}",
            line=0,
            message=told(change),
            file=config.path,
        )
        for change in changes
    ]


def _unread(config: Config) -> list[Problem]:
    """Return the calendars of absences that cannot be read now, as warnings."""
    from oncall.actions.leave import unread

    if not config.absence_calendars or not ground.kept(config):
        return []
    return ground.read(config, lambda tx, _view, now: unread(tx, config, now))


def _left(config: Config) -> list[Problem]:
    """Return overrides and swaps for people who are not in the file, as warnings."""
    from oncall.actions.adopt import without_cover

    if not ground.kept(config):
        return []
    found = ground.read(config, lambda tx, _view, now: without_cover(tx, config, now))
    hint = "end it, or make another for somebody who is there"
    return [config.warning(("people",), sentence, hint) for sentence in found]


def _show(problems: Sequence[Problem]) -> None:
    """Print errors and then warnings, each in the file's order."""
    level = attrgetter("level")
    for name, same in groupby(sorted(problems, key=level), key=level):
        output.say(f"{name}s")
        for problem in same:
            place = f"{problem.file}:{problem.line}" if problem.line else problem.file
            path = f"{problem.path}: " if problem.path else ""
            output.say(f"  {place}: {path}{problem.message}")
            if problem.hint:
                output.say(f"      {problem.hint}")
        output.say()


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
