"""`oncall override`: somebody else on call for a time, made, listed and ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from oncall.cli import cover, ground, output
from oncall.cli.options import UNSAID, ConfigFile, From, Json, Reason, To
from oncall.cli.roster import known

if TYPE_CHECKING:
    from rotations.exception import Override

app = typer.Typer(
    help="Put somebody else on call for a time, or take somebody away.",
    no_args_is_help=True,
)
Rotation = Annotated[str, typer.Argument(help="Which rotation.")]


@app.command(
    epilog="Example: oncall override new weekend --person mina --instead-of reza "
    "--from 2026-12-04T08:00 --to 2026-12-05T08:00"
)
def new(
    rotation: Rotation,
    *,
    start: From,
    end: To,
    person: Annotated[str | None, typer.Option(help="Who covers.")] = None,
    instead_of: Annotated[
        str | None, typer.Option(help="Only while this person is on call.")
    ] = None,
    add: Annotated[
        bool, typer.Option("--add", help="Beside whoever is on call.")
    ] = False,
    remove: Annotated[
        str | None, typer.Option(help="Who is taken away, without --person.")
    ] = None,
    reason: Reason = "",
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """Change who is on call for a time: cover, add or remove somebody."""
    from oncall.actions import exceptions
    from rotations.exception import Override

    read = ground.configured(config)
    wanted = Override(
        id=exceptions.new_id(),
        rotation=rotation,
        start=ground.when(read, start),
        end=ground.until(read, end),
        person=person,
        instead_of=instead_of,
        add=add,
        remove=remove,
        reason=reason,
    )
    made = ground.write(
        read, lambda tx, view, now: exceptions.override(tx, view, wanted, now)
    )
    if json:
        output.as_json(output.shape(made))
    else:
        output.say(f"override {made.id} of {rotation} is in force")
        cover.show(cover.of_override(read, made))


@app.command(epilog="Example: oncall override end weekend 3f9c0a71b2d4")
def end(
    rotation: Rotation,
    id_: Annotated[
        str, typer.Argument(metavar="ID", help="From `oncall override list`.")
    ],
    *,
    config: ConfigFile = UNSAID,
) -> None:
    """Take an override back: the turns hold again."""
    from oncall.actions import exceptions

    ground.write(
        ground.configured(config),
        lambda tx, _view, now: exceptions.end_override(tx, rotation, id_, now),
    )
    output.say(f"override {id_} is ended")


@app.command("list", epilog="Example: oncall override list weekend")
def list_(
    rotation: Annotated[
        str | None, typer.Argument(help="One rotation's; else all.")
    ] = None,
    *,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """List the overrides that are not over, also those of the configuration."""
    read = ground.configured(config)
    now = ground.present()
    roster = ground.roster_of(read, now, ground.FOREVER)
    if rotation is not None:
        known(roster, rotation)
    found = [
        override
        for override in roster.exceptions.overrides
        if override.end > now and rotation in (None, override.rotation)
    ]
    if json:
        output.as_json([output.shape(override) for override in found])
        return
    zone = read.service.zone
    rows = [
        (
            override.id,
            override.rotation,
            _said(override),
            output.local(override.start, zone),
            output.local(override.end, zone),
            override.reason or "-",
        )
        for override in found
    ]
    head = ("id", "rotation", "what", f"from ({zone.key})", "to", "reason")
    output.table(head, rows)


def _said(override: Override) -> str:
    if override.person is None:
        return f"without {override.remove}"
    if override.add:
        return f"{override.person} too"
    return f"{override.person} instead of {override.instead_of or 'everybody'}"
