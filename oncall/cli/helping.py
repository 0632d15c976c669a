"""`oncall help`: what `--help` says, for those who ask that way."""

from typing import Annotated

import typer
from typer.core import TyperGroup

from oncall.cli import output

app = typer.Typer()


@app.command(name="help", epilog="Example: oncall help issue new")
def helping(
    ctx: typer.Context,
    command: Annotated[
        list[str] | None, typer.Argument(help="The command, e.g. issue new.")
    ] = None,
) -> None:
    """Say what a command does and takes; without one, which there are."""
    asked = ctx.find_root()
    for word in command or ():
        group = asked.command
        found = (
            group.get_command(asked, word) if isinstance(group, TyperGroup) else None
        )
        if found is None:
            path = asked.command_path
            ctx.fail(f"No such command {word!r}. {path} --help lists what there is.")
        asked = typer.Context(found, parent=asked, info_name=word)
    output.say(asked.command.get_help(asked))
