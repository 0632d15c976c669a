"""The command `oncall`: its parts put together, and how failures are told.

Nothing heavy is imported before a command needs it, so that help comes at once.
"""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typing_extensions import override

from oncall.cli import (
    absences,
    calendars,
    configuration,
    customers,
    database,
    deliveries,
    feeds,
    helping,
    incident_suggestions,
    issues,
    load,
    output,
    overrides,
    people,
    reach,
    replay,
    roster,
    rota,
    service,
    simulation,
    swaps,
    why,
)
from oncall.cli.listing import Listing
from oncall.cli.options import DEFAULT
from oncall.errors import OncallError


class Sentences(Listing):
    """A group whose expected failures are sentences on stderr and exit code 1."""

    @override
    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().main(*args, **kwargs)
        except OncallError as error:
            output.aside(error.detail)
            sys.exit(1)


app = typer.Typer(
    cls=Sentences,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Begin with: oncall init, then oncall check, then oncall demo.",
)


def _version(wanted: bool) -> None:  # noqa: FBT001 (how typer calls it)
    if wanted:
        from importlib.metadata import version

        output.say(version("customer-oncall"))
        raise typer.Exit


@app.callback()
def oncall(
    ctx: typer.Context,
    *,
    config: Annotated[
        Path,
        typer.Option(
            metavar="PATH", envvar="ONCALL_CONFIG", help="The configuration file."
        ),
    ] = DEFAULT,
    version: Annotated[  # noqa: ARG001 (its callback does it all)
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version."
        ),
    ] = False,
) -> None:
    """On call for customers: whose turn it is, who is paged, what leaders must hear."""
    ctx.obj = config


for commands in (
    configuration.app,
    service.app,
    roster.app,
    rota.app,
    load.app,
    reach.app,
    calendars.app,
    simulation.app,
    why.app,
    replay.app,
    people.app,
    helping.app,
):
    app.add_typer(commands)
app.add_typer(issues.app, name="issue", cls=Listing)
app.add_typer(incident_suggestions.app, name="incident", cls=Listing)
app.add_typer(overrides.app, name="override", cls=Listing)
app.add_typer(swaps.app, name="swap", cls=Listing)
app.add_typer(absences.app, name="absence", cls=Listing)
app.add_typer(feeds.app, name="feed", cls=Listing)
app.add_typer(customers.app, name="customers", cls=Listing)
app.add_typer(deliveries.app, name="deliveries", cls=Listing)
app.add_typer(database.app, name="db", cls=Listing)
