"""`oncall who` and `oncall shifts`: who is on call, now and later."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from oncall.cli import ground, output
from oncall.cli.options import UNSAID, At, ConfigFile, Json, MaybeFrom, MaybeTo
from oncall.errors import NotFound

if TYPE_CHECKING:
    from oncall.config.values import Config
    from rotations.coverage import OnCall, Roster
    from rotations.shift import Shift

app = typer.Typer()
AHEAD = timedelta(days=30)


@app.command(epilog="Example: oncall who weekend --at 2026-12-04T20:00")
def who(
    rotation: Annotated[
        str | None, typer.Argument(help="One rotation; else all of them.")
    ] = None,
    *,
    at: At = None,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """Tell who is on call, and until when."""
    read = ground.configured(config)
    moment = ground.when(read, at)
    from rotations.coverage import CHANGES_WITHIN

    roster = ground.roster_of(read, moment, moment + CHANGES_WITHIN)
    names = list(roster.rotations) if rotation is None else [known(roster, rotation)]
    found = {name: roster.who_is_on_call(name, moment) for name in names}
    if json:
        output.as_json([_on_call(name, one) for name, one in found.items()])
        return
    zone = read.service.zone
    rows = [
        (name, people(read, one.people), output.local(one.until, zone))
        for name, one in found.items()
    ]
    output.table(("rotation", "on call", f"until ({zone.key})"), rows)


@app.command(epilog="Example: oncall shifts weekend --from 2026-12-01 --to 2027-01-01")
def shifts(
    rotation: Annotated[str, typer.Argument(help="Which rotation.")],
    *,
    start: MaybeFrom = None,
    end: MaybeTo = None,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """Tell everybody's shifts.

    Those of the next 30 days, unless said otherwise. No service need run.
    """
    read = ground.configured(config)
    begins, ends = ground.span(read, start, end, ahead=AHEAD)
    roster = ground.roster_of(read, begins, ends)
    found = roster.shifts_between(known(roster, rotation), begins, ends)
    if json:
        output.as_json([_shift(shift) for shift in found])
        return
    zone = read.service.zone
    rows = [
        (
            output.local(shift.start, zone),
            output.local(shift.end, zone),
            people(read, [shift.person]),
            str(shift.layer),
            shift.because,
        )
        for shift in found
    ]
    output.table((f"from ({zone.key})", "to", "person", "layer", "because"), rows)


def known(roster: Roster, rotation: str) -> str:
    """Return the rotation's id. Raises NotFound."""
    if rotation not in roster.known_rotations:
        names = ", ".join(roster.rotations) or "none"
        msg = f"there is no rotation {rotation!r}; there are: {names}"
        raise NotFound(msg)
    return rotation


def people(config: Config, ids: tuple[str, ...] | list[str]) -> str:
    """Return the names of people; of one who has left, the id."""
    known_people = config.people
    names = [known_people[id_].name if id_ in known_people else id_ for id_ in ids]
    return ", ".join(names) or "nobody"


# These say what `oncall.web.shapes` says, and do not take half a second to import.
def _on_call(rotation: str, found: OnCall) -> dict[str, object]:
    until = None if found.until is None else output.instant(found.until)
    return {"rotation": rotation, "people": list(found.people), "until": until}


def _shift(found: Shift) -> dict[str, object]:
    return {
        "person": found.person,
        "start": output.instant(found.start),
        "end": output.instant(found.end),
        "layer": found.layer,
        "because": found.because,
    }
