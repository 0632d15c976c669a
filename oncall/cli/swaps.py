"""`oncall swap`: two people exchange shifts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from oncall.cli import ground, output
from oncall.cli.options import UNSAID, ConfigFile, From, Json, Reason, To, moment
from oncall.cli.roster import known

if TYPE_CHECKING:
    from oncall.actions.house import View
    from oncall.config.values import Config
    from oncall.store import Tx
    from rotations.exception import Swap

app = typer.Typer(
    help="Let two people exchange shifts: ask, accept, decline.", no_args_is_help=True
)
Rotation = Annotated[str, typer.Argument(help="Which rotation.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="From `oncall swap list`.")]

BackFrom = Annotated[
    datetime | None,
    typer.Option("--with-from", parser=moment, metavar="ISO", help="And back from."),
]
BackTo = Annotated[
    datetime | None,
    typer.Option("--with-to", parser=moment, metavar="ISO", help="And back until."),
]


@app.command(
    epilog="Example: oncall swap new weekend --person sara --with reza "
    "--from 2026-12-03T13:00 --to 2026-12-05T09:00"
)
def new(
    rotation: Rotation,
    *,
    person: Annotated[str, typer.Option(help="Whose shifts are given.")],
    with_person: Annotated[str, typer.Option("--with", help="Who takes them.")],
    start: From,
    end: To,
    back_start: BackFrom = None,
    back_end: BackTo = None,
    reason: Reason = "",
    accepted: Annotated[
        bool, typer.Option("--accepted", help="Both agree: make it at once.")
    ] = False,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """Ask for a swap: one person's shifts for another, and back if times are given."""
    from oncall.actions import exceptions
    from rotations.exception import Swap

    read = ground.configured(config)
    wanted = Swap(
        id=exceptions.new_id(),
        rotation=rotation,
        person=person,
        with_person=with_person,
        start=ground.when(read, start),
        end=ground.until(read, end),
        back_start=ground.when(read, back_start) if back_start else None,
        back_end=ground.until(read, back_end) if back_end else None,
        reason=reason,
    )

    def act(tx: Tx, view: View, now: datetime) -> Swap:
        return exceptions.swap(tx, view, wanted, now, accepted=accepted)

    _tell(ground.write(read, act), json=json, accepted=accepted)


@app.command(epilog="Example: oncall swap accept weekend 3f9c0a71b2d4")
def accept(
    rotation: Rotation, id_: Id, *, json: Json = False, config: ConfigFile = UNSAID
) -> None:
    """Make a swap effective."""
    from oncall.actions import exceptions

    def act(tx: Tx, _view: View, now: datetime) -> Swap:
        return exceptions.accept_swap(tx, rotation, id_, now)

    _tell(ground.write(ground.configured(config), act), json=json, accepted=True)


@app.command(epilog="Example: oncall swap decline weekend 3f9c0a71b2d4")
def decline(
    rotation: Rotation, id_: Id, *, json: Json = False, config: ConfigFile = UNSAID
) -> None:
    """End a swap, also one that was accepted."""
    from oncall.actions import exceptions

    def act(tx: Tx, _view: View, now: datetime) -> Swap:
        return exceptions.decline_swap(tx, rotation, id_, now)

    ended = ground.write(ground.configured(config), act)
    if json:
        output.as_json(output.shape(ended) | {"accepted": False})
    else:
        output.say(f"swap {ended.id} is ended")


@app.command("list", epilog="Example: oncall swap list weekend")
def list_(
    rotation: Annotated[
        str | None, typer.Argument(help="One rotation's; else all.")
    ] = None,
    *,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """List the swaps that are not over, accepted or waiting."""
    from oncall.store import exceptions

    read = ground.configured(config)
    if rotation is not None:
        known(read.roster, rotation)
    every = ground.read(read, lambda tx, _view, now: exceptions.swaps(tx, now))
    found = [pair for pair in every if rotation in (None, pair[0].rotation)]
    if json:
        output.as_json([output.shape(one) | {"accepted": yes} for one, yes in found])
    else:
        _show(read, found)


def _tell(swap: Swap, *, json: bool, accepted: bool) -> None:
    if json:
        output.as_json(output.shape(swap) | {"accepted": accepted})
    elif accepted:
        output.say(f"swap {swap.id} of {swap.rotation} is in force")
    else:
        output.say(f"swap {swap.id} waits for {swap.with_person}:")
        output.say(f"  oncall swap accept {swap.rotation} {swap.id}")


def _show(config: Config, found: list[tuple[Swap, bool]]) -> None:
    zone = config.service.zone
    rows = [
        (
            swap.id,
            swap.rotation,
            f"{swap.person} to {swap.with_person}",
            output.local(swap.start, zone),
            output.local(swap.end, zone),
            output.local(swap.back_start, zone),
            output.local(swap.back_end, zone),
            "in force" if accepted else "waiting",
        )
        for swap, accepted in found
    ]
    head = ("id", "rotation", "who", f"from ({zone.key})", "to", "back from", "to")
    output.table((*head, "state"), rows)
