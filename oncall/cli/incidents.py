"""`oncall incident`: many issues with one cause, joined, told of and ended together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from oncall.cli import ground, incident_text, output
from oncall.cli.issues import PICKED_UP, Number
from oncall.cli.options import UNSAID, ConfigFile, Json, issue_number
from oncall.model import Status

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from oncall.actions.house import View
    from oncall.model import Incident
    from oncall.store import Tx

app = typer.Typer(
    help="Join issues that have one cause, and tell all their customers at once.",
    no_args_is_help=True,
)
Id = Annotated[
    int, typer.Argument(metavar="ID", min=1, max=2**31 - 1, help="The incident's.")
]
Who = Annotated[str | None, typer.Option("--person", help="Who does it.")]
Numbers = Annotated[
    list[int],
    typer.Argument(parser=issue_number, metavar="NUMBER...", help="Issues' numbers."),
]


def _words(text: str) -> str:
    if not text.strip():
        msg = "is empty"
        raise typer.BadParameter(msg)
    return text


@app.command("list", epilog="Example: oncall incident list --status open")
def list_(
    *,
    status: Annotated[
        Status | None, typer.Option(help="open, acknowledged or resolved.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 50,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """List incidents, the newest first."""
    from oncall.store import incidents
    from oncall.web import incident_shapes as shapes

    read = ground.configured(config)

    def look(tx: Tx, _view: View, _now: datetime) -> list[Incident]:
        return incidents.listed(tx, status=status, before=None, limit=limit)

    found = ground.read(read, look)
    if json:
        output.as_json([shapes.incident(each) for each in found])
    else:
        output.table(*incident_text.listed(read, found))


@app.command(epilog="Example: oncall incident show 3")
def show(incident: Id, *, json: Json = False, config: ConfigFile = UNSAID) -> None:
    """Show an incident with its issues, and how far each update has come."""
    from oncall.actions.incidents import found
    from oncall.web import incident_shapes as shapes

    def look(tx: Tx, _view: View, _now: datetime) -> dict[str, Any]:
        return shapes.whole(tx, found(tx, incident))

    whole = ground.read(ground.configured(config), look)
    if json:
        output.as_json(whole)
    else:
        output.say("\n".join(incident_text.whole(whole)))


@app.command(epilog='Example: oncall incident new --title "Payments fail" 128 129 131')
def new(
    numbers: Annotated[
        list[int] | None,
        typer.Argument(
            parser=issue_number, metavar="[NUMBER]...", help="Issues' numbers."
        ),
    ] = None,
    *,
    title: Annotated[
        str, typer.Option(callback=_words, help="What has happened, in a few words.")
    ],
    cause: Annotated[str, typer.Option(help="Why, if that is known.")] = "",
    person: Who = None,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """Open an incident. Nobody has it yet: paging goes on as it was."""
    from oncall.actions import incidents as actions

    def act(tx: Tx, view: View, now: datetime) -> Incident:
        by = id_of(view, person)
        return actions.open_incident(
            tx, view, title, numbers or [], now, by=by, cause=cause
        )

    do(config, act, "is open", json=json)


@app.command(epilog="Example: oncall incident join 3 132 133")
def join(
    incident: Id,
    numbers: Numbers,
    *,
    person: Who = None,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """Join issues, all or none. Those that nobody has are the incident's owner's."""
    from oncall.actions import incidents as actions

    def act(tx: Tx, view: View, now: datetime) -> Incident:
        return actions.join(tx, view, incident, numbers, now, by=id_of(view, person))

    do(config, act, "has them", json=json)


@app.command(epilog="Example: oncall incident leave 3 132")
def leave(
    incident: Id,
    number: Number,
    *,
    person: Who = None,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """Take an issue out. The rules decide about it again, at once."""
    from oncall.actions import incidents as actions

    def act(tx: Tx, view: View, now: datetime) -> Incident:
        return actions.leave(tx, view, incident, number, now, by=id_of(view, person))

    do(config, act, f"does not have #{number} any more", json=json)


@app.command(epilog="Example: oncall incident acknowledge 3 --person sara")
def acknowledge(
    incident: Id,
    *,
    person: Annotated[str, typer.Option(help="Who has it.")],
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """Take an incident for somebody: with it all its issues that nobody has."""
    from oncall.actions import incidents as actions

    def act(tx: Tx, view: View, now: datetime) -> Incident:
        return actions.acknowledge(tx, view, incident, view.person(person).id, now)

    do(config, act, "is acknowledged", json=json)


@app.command(
    epilog='Example: oncall incident update 3 --en "We are on it." --fa "پیگیر هستیم."'
)
def update(
    incident: Id,
    *,
    text: Annotated[str, typer.Option(help="For everybody, whatever they read.")] = "",
    en: Annotated[str, typer.Option(help="For those who write in English.")] = "",
    fa: Annotated[str, typer.Option(help="For those who write in Persian.")] = "",
    ar: Annotated[str, typer.Option(help="For those who write in Arabic.")] = "",
    author: Annotated[str | None, typer.Option(help="Who says it.")] = None,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """Tell every customer in the incident, once each, in the own language."""
    from oncall.actions import incidents as actions
    from oncall.web import incident_shapes as shapes

    said = {"": text, "en": en, "fa": fa, "ar": ar}
    texts = {language: each for language, each in said.items() if each.strip()}
    if not texts or (text and len(texts) > 1):
        msg = "give --text for everybody, or one or more of --en, --fa and --ar"
        raise typer.BadParameter(msg)

    def act(tx: Tx, view: View, now: datetime) -> dict[str, Any]:
        held = actions.held(tx, incident)
        told = actions.tell_customers(tx, view, held, texts, id_of(view, author), now)
        return shapes.tracked(tx, told)

    told = ground.write(ground.configured(config), act)
    if json:
        output.as_json(told)
    else:
        many = sum(told["customers"].values())
        output.say(f"{many} customers are told of incident {incident}; {PICKED_UP}")


@app.command(
    epilog='Example: oncall incident resolve 3 --result "Payments work again" --issues'
)
def resolve(
    incident: Id,
    *,
    result: Annotated[
        str, typer.Option(callback=_words, help="What the customers were told.")
    ],
    cause: Annotated[str, typer.Option(help="Why it happened.")] = "",
    issues: Annotated[
        bool, typer.Option("--issues", help="Its issues end too, with this result.")
    ] = False,
    person: Who = None,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """End an incident. Its issues go on, unless --issues says that they end too."""
    from oncall.actions import incidents as actions

    def act(tx: Tx, view: View, now: datetime) -> Incident:
        by = id_of(view, person)
        return actions.resolve(
            tx,
            view,
            incident,
            result,
            now,
            by=by,
            cause=cause,
            with_issues=issues,
        )

    do(config, act, "is resolved", json=json)


def do(
    config: Path,
    act: Callable[[Tx, View, datetime], Incident],
    what: str,
    *,
    json: bool,
) -> None:
    """Write, and say or print what became of the incident."""
    from oncall.web import incident_shapes as shapes

    done = ground.write(ground.configured(config), act)
    if json:
        output.as_json(shapes.incident(done))
    else:
        output.say(incident_text.done(done, what))


def id_of(view: View, person: str | None) -> str | None:
    """Return the id of whoever is named. Raises NotFound."""
    return None if person is None else view.person(person).id
