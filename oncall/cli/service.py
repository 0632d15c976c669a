"""`oncall serve` and `oncall demo`: the service itself."""

import gc
from datetime import timedelta
from typing import Annotated

import typer

from oncall.cli.options import UNSAID, ConfigFile, duration

app = typer.Typer()
Host = Annotated[str, typer.Option(help="The address to listen at.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 for any.")]


@app.command(epilog="Example: oncall serve --host 0.0.0.0 --port 8000")
def serve(
    *, host: Host = "127.0.0.1", port: Port = 8000, config: ConfigFile = UNSAID
) -> None:
    """Run the service: API, calendars, webhooks and paging.

    SIGTERM ends it in good order; SIGHUP has it read the configuration anew.
    """
    gc.disable()  # what is loaded stays: looking through it is a sixth of the start
    try:
        from oncall.cli.serve import serve as run

        run(config=config, host=host, port=port)
    finally:
        gc.enable()


@app.command(epilog="Example: oncall demo, then open /simulator in a browser")
def demo(
    *,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    exit_after: Annotated[
        timedelta | None,
        typer.Option(
            parser=duration, metavar="DURATION", help="End by itself, e.g. 30s."
        ),
    ] = None,
) -> None:
    """Play a weekend issue on the example, with simulated phones.

    Needs no configuration and no accounts, and leaves nothing behind.
    """
    from oncall.cli.demo import demo as play

    stay = None if exit_after is None else exit_after.total_seconds()
    play(host=host, port=port, stay=stay)
