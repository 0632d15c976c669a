"""`oncall db`: the database brought up to date, checked, copied and put back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oncall.cli import ground, output
from oncall.cli.options import UNSAID, ConfigFile, Json
from oncall.errors import NotFound, Refused

if TYPE_CHECKING:
    from oncall.config.values import Config

app = typer.Typer(
    help="Bring the database up to date, check it, copy it, or put a copy back.",
    no_args_is_help=True,
)


@app.command(epilog="Example: oncall db upgrade")
def upgrade(*, config: ConfigFile = UNSAID) -> None:
    """Bring the database to the newest schema, making it if there is none."""
    from oncall.store.migrate import NEWEST

    read = ground.configured(config)
    output.progress("bringing the database up to date …")
    with ground.opened(read):
        output.say(f"the database is up to date, at revision {NEWEST}")


@app.command(epilog="Example: oncall db check")
def check(*, json: Json = False, config: ConfigFile = UNSAID) -> None:
    """Tell whether the database is sound and at the newest schema."""
    from oncall.store import Database
    from oncall.store.migrate import check as look

    database = Database(_there(ground.configured(config)))
    output.progress("reading all of the database …")
    try:
        problems = look(database)
    finally:
        database.close()
    if json:
        output.as_json([{"message": problem} for problem in problems])
    else:
        output.say("\n".join(problems) or "the database is sound")
    if problems:
        raise typer.Exit(1)


@app.command(epilog="Example: oncall db backup /backup/oncall.db")
def backup(
    path: Annotated[Path, typer.Argument(help="The copy; nothing may be there yet.")],
    *,
    config: ConfigFile = UNSAID,
) -> None:
    """Copy an SQLite database safely, also while the service runs."""
    from oncall.store import Database
    from oncall.store.backup import backup as copy

    database = Database(_there(ground.configured(config)))
    try:
        copy(database, _in_a_folder(path))
    finally:
        database.close()
    output.say(f"{path} is a whole copy; `oncall db restore {path}` puts it back")


@app.command(epilog="Example: oncall db restore /backup/oncall.db")
def restore(
    path: Annotated[Path, typer.Argument(help="A copy that `oncall db backup` made.")],
    *,
    config: ConfigFile = UNSAID,
) -> None:
    """Put a copy in the place of an SQLite database, while no service runs.

    What was there is kept beside it under another name.
    """
    from oncall.store.backup import restore as put_back

    address = ground.configured(config).service.database.reveal()
    kept = put_back(address, path, ground.present())
    output.say(f"{path} is in place and up to date")
    if kept is not None:
        output.say(f"what was there is kept as {kept}")


@app.command(epilog="Example: oncall db prune")
def prune(*, json: Json = False, config: ConfigFile = UNSAID) -> None:
    """Delete what ended longer ago than service.keep, as the service does by itself."""
    from oncall.engine.pruner import PORTION
    from oncall.store.retention import Pruned
    from oncall.store.retention import prune as delete

    read = ground.configured(config)
    keep = read.service.keep
    if keep is None:
        msg = 'nothing is old: [service] says no keep, such as keep = "400d"'
        raise Refused(msg)
    _there(read)
    before = ground.present() - keep
    done = Pruned(more=True)
    with ground.opened(read) as database:
        while done.more:
            done += database.write_now(lambda tx: delete(tx, before, portion=PORTION))
            output.progress(f"{done.issues} issues …")
    if json:
        figures = ("issues", "customers", "notices")
        output.as_json({figure: getattr(done, figure) for figure in figures})
        return
    output.say(
        f"deleted what ended before {output.local(before, read.service.zone)}:"
        f" {done.issues} issues, {done.customers} customers, {done.notices} notices"
    )


def _there(config: Config) -> str:
    """Return the database's address. Raises NotFound rather than make a new one."""
    if not ground.kept(config):
        msg = f"there is no database at {ground.sqlite_file(config.service.database.reveal())} yet"
        raise NotFound(msg)
    return config.service.database.reveal()


def _in_a_folder(path: Path) -> Path:
    if not path.parent.is_dir():
        msg = f"there is no folder {path.parent}"
        raise Refused(msg)
    return path
