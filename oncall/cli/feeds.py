"""`oncall feed`: links to calendars, made, listed and ended."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from oncall.cli import ground, output
from oncall.cli.options import UNSAID, ConfigFile, Json
from oncall.errors import NotFound

if TYPE_CHECKING:
    from datetime import datetime

    from oncall.actions.house import View
    from oncall.store import Tx

app = typer.Typer(
    help="Calendar links: make one, list them, end one.", no_args_is_help=True
)


class FeedKind(StrEnum):
    """What a calendar shows."""

    MINE = "mine"
    ROTATION = "rotation"
    TEAM = "team"
    GAPS = "gaps"


@app.command(epilog="Example: oncall feed new --person sara")
def new(
    *,
    person: Annotated[str | None, typer.Option(help="Somebody's own shifts.")] = None,
    rotation: Annotated[str | None, typer.Option(help="One rotation's.")] = None,
    kind: Annotated[
        FeedKind | None, typer.Option(help="team: everybody's; gaps: nobody's.")
    ] = None,
    json: Json = False,
    config: ConfigFile = UNSAID,
) -> None:
    """Make a calendar link. It is shown this once: who has it can read the calendar."""
    from oncall.actions.calendar import addresses, new_feed

    if person is None and rotation is None and kind is None:
        msg = "say whose: --person, --rotation, or --kind team or gaps"
        raise typer.BadParameter(msg)

    def act(tx: Tx, view: View, now: datetime) -> dict[str, str]:
        feed, token = new_feed(
            tx, view, now, kind=kind, person=person, rotation=rotation
        )
        return {"id": feed.id, "kind": feed.kind} | addresses(view, token)

    made = ground.write(ground.configured(config), act)
    if json:
        output.as_json(made)
        return
    output.say(f"link {made['id']}, shown this once:")
    output.say(f"  {made['url']}")
    output.say(f"  {made['webcal']}")


@app.command("list", epilog="Example: oncall feed list")
def list_(*, json: Json = False, config: ConfigFile = UNSAID) -> None:
    """List the calendar links in force, and when each was last fetched."""
    from oncall.store import calendars

    read = ground.configured(config)
    found = ground.read(read, lambda tx, _view, now: calendars.feeds(tx, now))
    if json:
        output.as_json([output.shape(feed) for feed in found])
        return
    zone = read.service.zone
    rows = [
        (
            feed.id,
            feed.kind,
            feed.person or feed.rotation or "-",
            output.local(feed.created_at, zone),
            output.local(feed.fetched_at, zone),
            feed.fetched_by or "-",
        )
        for feed in found
    ]
    output.table(("id", "kind", "whose", "made", "last fetched", "by"), rows)


@app.command(epilog="Example: oncall feed rotate 3f9c0a71b2d4")
def rotate(
    id_: Annotated[str, typer.Argument(metavar="ID", help="From `oncall feed list`.")],
    *,
    config: ConfigFile = UNSAID,
) -> None:
    """Make a new link in place of one, which goes on working for a week."""
    from oncall.actions.calendar import addresses, rotate_feed

    def act(tx: Tx, view: View, now: datetime) -> dict[str, str]:
        feed, token = rotate_feed(tx, id_, now)
        return {"id": feed.id} | addresses(view, token)

    made = ground.write(ground.configured(config), act)
    output.say(f"link {made['id']}, shown this once; {id_} ends in a week:")
    output.say(f"  {made['url']}")
    output.say(f"  {made['webcal']}")


@app.command(epilog="Example: oncall feed revoke 3f9c0a71b2d4")
def revoke(
    id_: Annotated[str, typer.Argument(metavar="ID", help="From `oncall feed list`.")],
    *,
    config: ConfigFile = UNSAID,
) -> None:
    """End a calendar link: whoever has it sees nothing any more."""
    from oncall.store import calendars

    read = ground.configured(config)
    if not ground.write(read, lambda tx, _, now: calendars.revoke_feed(tx, id_, now)):
        msg = f"there is no calendar link {id_!r}; `oncall feed list` shows them"
        raise NotFound(msg)
    output.say(f"link {id_} is ended")
