"""`oncall deliveries`: what products brought, as it came, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from oncall.actions.verdict import Verdict
from oncall.cli import ground, output
from oncall.cli.options import UNSAID, ConfigFile, Json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from oncall.actions.house import View
    from oncall.actions.sources import Sources
    from oncall.config.values import Config
    from oncall.store import Tx
    from oncall.store.intake import Stored

app = typer.Typer(
    help="See what products delivered in the last 90 days; have it read again.",
    no_args_is_help=True,
)
UNSIGNED = "unsigned"
READ_AGAIN = "a running service reads it within 10 seconds"
Number = Annotated[
    int, typer.Argument(min=1, max=2**31 - 1, help="From `oncall deliveries list`.")
]


@app.command("list", epilog="Example: oncall deliveries list --verdict unparsed")
def list_(
    *,
    source: Annotated[str | None, typer.Option(help="Only of this source.")] = None,
    verdict: Annotated[Verdict | None, typer.Option(help="Only these.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 50,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """List deliveries, the newest first.

    What was not signed as it should be is kept nowhere: it is counted in /metrics.
    """
    from oncall.store import intake

    read = ground.configured(config)

    def look(tx: Tx, _view: View, _now: datetime) -> list[Stored]:
        return intake.listed(tx, source=source, verdict=verdict, limit=limit)

    found = ground.read(read, look)
    if json:
        output.as_json([_shape(read, each) for each in found])
    else:
        _table(read, found)


@app.command(epilog="Example: oncall deliveries show 812")
def show(number: Number, *, json: Json = False, config: ConfigFile = UNSAID) -> None:
    """Show one delivery as it came, but for its secret."""
    from oncall.actions import deliveries
    from oncall.web.deliveries import as_it_came

    read = ground.configured(config)

    def look(tx: Tx, _view: View, _now: datetime) -> Stored:
        return deliveries.found(tx, number)

    stored = ground.read(read, look)
    whole = _shape(read, stored) | as_it_came(stored)
    if json:
        output.as_json(whole)
        return
    _table(read, [stored])
    output.say()
    output.say(f"{whole['method']} {stored.url}")
    for name, value in stored.headers.items():
        output.say(f"{name}: {value}")
    output.say(f"\n{whole['body']}")


@app.command(epilog="Example: oncall deliveries replay 812")
def replay(number: Number, *, config: ConfigFile = UNSAID) -> None:
    """Have one delivery read again, as after a mapping was mended.

    Messages that an issue holds already change nothing.
    """
    from oncall.actions import deliveries

    def act(tx: Tx, _view: View, now: datetime) -> Stored:
        return deliveries.replay(tx, number, now)

    ground.write(ground.configured(config), act)
    output.say(f"delivery {number} waits to be read again; {READ_AGAIN}")


def _table(config: Config, found: Sequence[Stored]) -> None:
    if not found:
        output.say("There are no such deliveries.")
        return
    sources = _sources(config)
    zone = config.service.zone
    rows = [
        (
            str(each.id),
            output.local(each.received_at, zone),
            each.source,
            "" if _is_signed(sources, each) else UNSIGNED,
            each.verdict,
            _became(each),
        )
        for each in found
    ]
    output.table(("id", "at", "source", "", "verdict", "what became of it"), rows)


def _became(stored: Stored) -> str:
    if stored.duplicate_of is not None:
        return f"came before as {stored.duplicate_of}"
    if stored.read_at is None:
        return "waits to be read"
    told = [
        f"{each['outcome']} #{each['issue']}" if each["issue"] else str(each["outcome"])
        for each in stored.outcomes
    ]
    became = ", ".join(told) or "says nothing that concerns us"
    return f"{became}: {stored.detail}" if stored.detail else became


def _is_signed(sources: Sources, stored: Stored) -> bool:
    source = sources.get(stored.source)
    return source is None or source.product.signs


def _shape(config: Config, stored: Stored) -> dict[str, Any]:
    from oncall.web.deliveries import shape

    return shape(stored, _sources(config))


def _sources(config: Config) -> Sources:
    from oncall.wiring.sources import sources_of

    return sources_of(config)
