"""How a group of commands lists them: each with its whole sentence."""

from typing import Any

from typer.core import TyperGroup
from typing_extensions import override

LONGEST = 1000
"""Characters of one command's sentence."""


class Listing(TyperGroup):
    """A group whose help wraps long sentences instead of cutting them short."""

    @override
    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write a row for every command: its name and its first sentence."""
        names = self.list_commands(ctx)
        found = [(name, self.get_command(ctx, name)) for name in names]
        rows = [
            (name, command.get_short_help_str(LONGEST))
            for name, command in found
            if command is not None and not command.hidden
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
