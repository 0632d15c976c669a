"""`oncall ical`: a calendar's bytes, as its feed gives them."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from oncall.cli import ground
from oncall.cli.options import UNSAID, ConfigFile, MaybeFrom, MaybeTo
from oncall.cli.roster import known

if TYPE_CHECKING:
    from datetime import datetime

    from oncall.actions.house import View
    from oncall.actions.published import Window
    from oncall.config.values import Config
    from oncall.store import Tx
    from oncall.store.calendars import Feed

app = typer.Typer()


@app.command(epilog="Example: oncall ical --person sara > sara.ics")
def ical(
    rotation: Annotated[
        str | None, typer.Argument(help="A rotation's calendar.")
    ] = None,
    *,
    person: Annotated[str | None, typer.Option(help="One person's own.")] = None,
    start: MaybeFrom = None,
    end: MaybeTo = None,
    config: ConfigFile = UNSAID,
) -> None:
    """Print a calendar as its feed gives it.

    It shows 30 days back and 180 ahead, unless said otherwise.
    """
    if (rotation is None) == (person is None):
        msg = "name a rotation, or somebody by --person"
        raise typer.BadParameter(msg)
    read = ground.configured(config)
    now = ground.present()
    if rotation is not None:
        known(read.roster, rotation)
    feed = _feed(rotation, person, now)
    wanted = _span(read, start, end, now)
    if ground.kept(read):
        body = _bytes(read, feed, wanted, now)
    else:
        body = _bytes_of_the_file_alone(read, feed, wanted, now)
    sys.stdout.buffer.write(body)
    sys.stdout.buffer.flush()


def _feed(rotation: str | None, person: str | None, now: datetime) -> Feed:
    from oncall.store.calendars import Feed

    kind = "rotation" if rotation else "mine"
    return Feed(id="", kind=kind, person=person, rotation=rotation, created_at=now)


def _span(
    config: Config, start: datetime | None, end: datetime | None, now: datetime
) -> Window | None:
    if start is None and end is None:
        return None
    from oncall.actions.published import window

    first, last = window(now)
    begins = ground.when(config, start) if start else first
    ends = ground.until(config, end) if end else max(last, begins)
    return ground.in_order(begins, ends)


def _bytes(config: Config, feed: Feed, span: Window | None, at: datetime) -> bytes:
    from oncall.actions.calendar import rendered

    def act(tx: Tx, view: View, _now: datetime) -> bytes:
        if feed.person is not None:
            view.person(feed.person)
        return rendered(tx, view, feed, at, busy=False, span=span).body

    return ground.write(config, act)


def _bytes_of_the_file_alone(
    config: Config, feed: Feed, span: Window | None, now: datetime
) -> bytes:
    """Render over a throw-away database, as revised today at midnight.

    By the second of asking the same data would not give the same bytes.
    """
    from tempfile import TemporaryDirectory

    from oncall.config.values import Secret

    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    with TemporaryDirectory() as folder:
        address = Secret(f"{ground.SQLITE}{folder}/calendar.db")
        service = replace(config.service, database=address)
        return _bytes(replace(config, service=service), feed, span, midnight)
