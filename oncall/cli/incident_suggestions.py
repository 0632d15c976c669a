"""`oncall incident suggestions|confirm|dismiss`: what is alike, for people to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from oncall.cli import ground, incident_text, output
from oncall.cli.incidents import Who, app, do, id_of
from oncall.cli.options import UNSAID, ConfigFile, Json, issue_number

if TYPE_CHECKING:
    from datetime import datetime

    from oncall.actions.house import View
    from oncall.model import Incident
    from oncall.store import Tx

__all__ = ["app"]

AT_LEAST = 3
Suggestion = Annotated[
    int,
    typer.Argument(metavar="SUGGESTION", min=1, max=2**31 - 1, help="Its number."),
]


@app.command("suggestions", epilog="Example: oncall incident suggestions")
def suggestions(
    *,
    at_least: Annotated[
        int, typer.Option(min=1, max=1000, help="Only of so many issues or more.")
    ] = AT_LEAST,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many.")] = 20,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """List issues that are alike and perhaps have one cause, the newest first."""
    from oncall.store import incident_suggestions
    from oncall.web import incident_shapes as shapes

    def look(tx: Tx, _view: View, _now: datetime) -> list[dict[str, Any]]:
        found = incident_suggestions.undecided(
            tx, at_least=at_least, before=None, limit=limit
        )
        return [shapes.suggestion(tx, each) for each in found]

    found = ground.read(ground.configured(config), look)
    if json:
        output.as_json(found)
    else:
        output.say("\n".join(incident_text.suggestions(found)))


@app.command(epilog="Example: oncall incident confirm 2 --person sara --take")
def confirm(
    suggestion: Suggestion,
    *,
    title: Annotated[str, typer.Option(help="Instead of the oldest subject.")] = "",
    incident: Annotated[
        int | None, typer.Option(min=1, help="Join them to this one.")
    ] = None,
    only: Annotated[
        list[int] | None,
        typer.Option(
            parser=issue_number,
            metavar="NUMBER",
            help="Only this issue; may be given again.",
        ),
    ] = None,
    person: Who = None,
    take: Annotated[
        bool, typer.Option("--take", help="--person has it from now on.")
    ] = False,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """Say that they have one cause: they are an incident from now on."""
    from oncall.actions import incident_suggestions as actions

    if take and person is None:
        msg = "say who takes it: --person"
        raise typer.BadParameter(msg)

    def act(tx: Tx, view: View, now: datetime) -> Incident:
        return actions.confirm(
            tx,
            view,
            suggestion,
            now,
            by=id_of(view, person),
            title=title.strip(),
            incident=incident,
            numbers=only or (),
            takes=take,
        )

    do(config, act, "has them", json=json)


@app.command(epilog="Example: oncall incident dismiss 2")
def dismiss(
    suggestion: Suggestion, *, person: Who = None, config: ConfigFile = UNSAID
) -> None:
    """Say that they have nothing in common. They are not suggested again."""
    from oncall.actions import incident_suggestions as actions

    def act(tx: Tx, view: View, now: datetime) -> None:
        actions.dismiss(tx, suggestion, now, by=id_of(view, person))

    ground.write(ground.configured(config), act)
    output.say(f"suggestion {suggestion} is dismissed")
