"""`oncall reach`: who will be on call and cannot be reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from oncall.cli import ground, output
from oncall.cli.options import UNSAID, ConfigFile, Json
from oncall.cli.roster import people

if TYPE_CHECKING:
    from datetime import datetime

    from oncall.actions.house import View
    from oncall.actions.reach import Proven
    from oncall.config.values import Config

app = typer.Typer()
_SAID = {
    "no_method": "no contact method is left",
    "unproven": "no message has ever arrived",
    "one_way_sms": "SMS only, and answers do not arrive",
}


@app.command(epilog="Example: oncall reach --days 7")
def reach(
    *,
    days: Annotated[int, typer.Option(min=1, max=366, help="How far to look.")] = 30,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """Tell who is on call in the coming days and cannot be reached.

    Or cannot answer: by SMS alone, from a country where answers do not arrive.
    """
    from oncall.actions.reach import shape, unreached

    read = ground.configured(config)
    now = ground.when(read, None)
    view, proven = _known(read, now)
    found = unreached(view, proven, now, days)
    if json:
        output.as_json(shape(found, now, days))
        return
    if not found:
        output.say(f"everybody on call in the next {days} days can be reached")
        return
    zone = read.service.zone
    rows = [
        (
            output.local(one.start, zone),
            people(read, [one.person]),
            ", ".join(one.rotations),
            "; ".join(_SAID[trouble] for trouble in one.because),
        )
        for one in found
    ]
    output.table((f"from ({zone.key})", "person", "rotations", "because"), rows)


def _known(config: Config, now: datetime) -> tuple[View, Proven]:
    """Return what is true at `now`; nothing is proven while there is no database."""
    from oncall.store import methods

    if not ground.kept(config):
        return ground.view_at(config, now), frozenset()
    return ground.read(config, lambda tx, view, _now: (view, methods.proven(tx)), now)
