"""`oncall absence`: somebody is away, and somebody else covers."""

from __future__ import annotations

from typing import Annotated

import typer

from oncall.cli import cover, ground, output
from oncall.cli.options import UNSAID, ConfigFile, From, Json, Reason, To

app = typer.Typer(
    help="Note who is away: the next in each ring covers.", no_args_is_help=True
)
Person = Annotated[str, typer.Argument(help="The person's id in the configuration.")]


@app.command(
    epilog="Example: oncall absence new reza --from 2026-12-10 --to 2026-12-14"
)
def new(
    person: Person,
    *,
    start: From,
    end: To,
    reason: Reason = "",
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """Note that a person is away from every rotation for a time."""
    from oncall.actions import exceptions
    from rotations.exception import Absence

    read = ground.configured(config)
    wanted = Absence(
        id=exceptions.new_id(),
        person=person,
        start=ground.when(read, start),
        end=ground.until(read, end),
        reason=reason,
    )
    made = ground.write(
        read, lambda tx, view, now: exceptions.absence(tx, view, wanted, now)
    )
    if json:
        output.as_json(output.shape(made))
    else:
        output.say(f"absence {made.id} of {person} is noted")
        cover.show(cover.of_absence(read, made))


@app.command(epilog="Example: oncall absence end 3f9c0a71b2d4")
def end(
    id_: Annotated[
        str, typer.Argument(metavar="ID", help="From `oncall absence list`.")
    ],
    *,
    config: ConfigFile = UNSAID,
) -> None:
    """Note that the person is back."""
    from oncall.actions import exceptions

    ground.write(
        ground.configured(config),
        lambda tx, _view, now: exceptions.end_absence(tx, id_, now),
    )
    output.say(f"absence {id_} is ended")


@app.command("list", epilog="Example: oncall absence list")
def list_(*, json: Json = False, config: ConfigFile = UNSAID) -> None:
    """List the absences that are not over, also those of the configuration."""
    read = ground.configured(config)
    now = ground.present()
    known = ground.roster_of(read, now, ground.FOREVER).exceptions.absences
    found = [absence for absence in known if absence.end > now]
    if json:
        output.as_json([output.shape(absence) for absence in found])
        return
    zone = read.service.zone
    rows = [
        (
            absence.id,
            absence.person,
            output.local(absence.start, zone),
            output.local(absence.end, zone),
            absence.reason or "-",
        )
        for absence in found
    ]
    output.table(("id", "person", f"from ({zone.key})", "to", "reason"), rows)
