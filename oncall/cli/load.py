"""`oncall load`: who carried what, and who will."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from oncall.cli import ground, output
from oncall.cli.options import UNSAID, ConfigFile, Json
from oncall.cli.roster import known, people

if TYPE_CHECKING:
    from oncall.actions.load import Period
    from oncall.config.values import Config

app = typer.Typer()
WEEKS = 26
MOST_WEEKS = 104


@app.command(epilog="Example: oncall load weekend --weeks 13")
def load(
    rotations: Annotated[
        list[str] | None,
        typer.Argument(metavar="[ROTATION]...", help="Some rotations; else all."),
    ] = None,
    *,
    weeks: Annotated[
        int, typer.Option(min=1, max=MOST_WEEKS, help="How many, behind and ahead.")
    ] = WEEKS,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """Count everybody's hours on call, in the weeks behind and those ahead.

    An hour is a holiday's, else a weekend's, else a weekday night's, else other.
    Being on call in two rotations at once counts once.
    """
    from oncall.actions.load import carried, shape

    read = ground.configured(config)
    now = ground.when(read, None)
    ahead = timedelta(weeks=weeks)
    roster = ground.roster_of(read, now - ahead, now + ahead)
    wanted = [known(roster, name) for name in rotations or roster.rotations]
    found = carried(roster, wanted, now, weeks)
    if json:
        output.as_json(shape(found))
        return
    head = ("hours", "person", "nights", "weekends", "holidays", "other", "all")
    span = "1 week" if weeks == 1 else f"{weeks} weeks"
    rows = _rows(read, f"last {span}", found.past)
    rows += _rows(read, f"next {span}", found.coming)
    output.table(head, rows)


def _rows(config: Config, when: str, period: Period) -> list[tuple[str, ...]]:
    from oncall.actions.load import hours

    return [
        (
            when,
            people(config, [one.person]),
            *(f"{count:.1f}" for count in hours(one).values()),
        )
        for one in period.loads
    ]
