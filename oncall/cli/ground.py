"""What commands stand on: the configuration, the database behind it, and the time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from oncall.errors import NotFound, Refused

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from oncall.actions.house import House, View
    from oncall.config.values import Config
    from oncall.store import Database, Tx
    from rotations.coverage import Roster

T = TypeVar("T")
Span = tuple[datetime, datetime]
LONGEST_SPAN = timedelta(days=366 * 5)
SQLITE = "sqlite:///"
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Later than anything that is asked for."""


def configured(path: Path, *, offline: bool = True) -> Config:
    """Read the configuration. Raises ConfigError with every problem found.

    A command that speaks to providers is not `offline`: it needs their secrets.
    """
    from oncall import zones
    from oncall.config.load import load

    zones.use_pinned()
    return load(path, environ=os.environ, offline=offline)


def present() -> datetime:
    """Return the present instant."""
    from oncall.clock import SystemClock

    return SystemClock().now()


def when(config: Config, at: datetime | None) -> datetime:
    """Return the instant that is meant: the present second when none is given."""
    from oncall.config.home import utc

    return (
        present().replace(microsecond=0) if at is None else utc(at, config.service.zone)
    )


def until(config: Config, at: datetime) -> datetime:
    """Return the instant of an end: the last of two that a clock shows alike."""
    from oncall.config.home import utc

    return utc(at, config.service.zone, last=True)


def span(
    config: Config, start: datetime | None, end: datetime | None, *, ahead: timedelta
) -> Span:
    """Return `[start, end)`: from now, and `ahead` from there, unless said otherwise.

    Raises Refused for one turned round, and for one of more than five years.
    """
    begins = when(config, start)
    return in_order(begins, begins + ahead if end is None else until(config, end))


def in_order(begins: datetime, ends: datetime) -> Span:
    """Return the span. Raises Refused for one turned round or too long."""
    if ends <= begins:
        msg = "--to must be later than --from"
        raise Refused(msg)
    if ends - begins > LONGEST_SPAN:
        msg = "ask for five years at most at a time"
        raise Refused(msg)
    return begins, ends


def sqlite_file(url: str) -> Path | None:
    """Return where a database is when it is a file of ours."""
    if not url.startswith(SQLITE):
        return None
    return Path(url.removeprefix(SQLITE).partition("?")[0])


def kept(config: Config) -> bool:
    """Tell whether there may be anything in a database yet; makes none."""
    file = sqlite_file(config.service.database.reveal())
    return file is None or file.exists()


@contextmanager
def opened(config: Config) -> Iterator[Database]:
    """Open the database at its newest schema. Raises Refused, StoreUnavailable."""
    _check_place(sqlite_file(config.service.database.reveal()))
    with at(config.service.database.reveal()) as database:
        yield database


@contextmanager
def at(url: str) -> Iterator[Database]:
    """Open the database at an address, at its newest schema."""
    # Not by way of oncall.wiring, which would bring the web and all providers along.
    from oncall.store import Database
    from oncall.store.migrate import upgrade

    database = Database(url)
    try:
        upgrade(database)
        yield database
    finally:
        database.close()


def _check_place(file: Path | None) -> None:
    if file is not None and file.name == ":memory:":
        msg = "an in-memory database would forget every page; name a file"
        raise Refused(msg)
    if file is not None and not file.parent.is_dir():
        msg = f"there is no folder {file.parent} for the database; make it first"
        raise Refused(msg)


def write(config: Config, act: Callable[[Tx, View, datetime], T]) -> T:
    """Run an action in a transaction. It is on disk when this returns."""
    now = present()
    house = _house(config)
    with opened(config) as database:
        return database.write_now(lambda tx: act(tx, house.view(tx, now), now))


def read(
    config: Config,
    look: Callable[[Tx, View, datetime], T],
    now: datetime | None = None,
) -> T:
    """Look into the database. Raises NotFound when there is none yet."""
    if not kept(config):
        msg = "there is no database yet; `oncall db upgrade` makes one"
        raise NotFound(msg)
    at = now or present()
    house = _house(config)
    with opened(config) as database:
        return database.read_now(
            lambda tx: look(tx, _as_proposed(house.view(tx, at), at), at)
        )


def _as_proposed(view: View, now: datetime) -> View:
    """Return the view as it is once this file is loaded, should it have changed."""
    from oncall.actions.adopt import proposed

    return replace(view, roster=proposed(view.roster, now))


def view_at(config: Config, now: datetime) -> View:
    """Return what is true at `now`; by the file alone while there is no database."""
    if kept(config):
        return read(config, lambda _tx, view, _now: view, now)
    from oncall.actions.house import View

    return View(
        config=config,
        vias=_house(config).vias,
        roster=config.roster,
        telegram_accounts={},
        broken={},
    )


def roster_of(config: Config, start: datetime, end: datetime) -> Roster:
    """Return who takes turns in `[start, end)`, with the database's exceptions if any.

    As it is once this file is loaded, should it have changed.
    """
    if not kept(config):
        return config.roster
    from oncall.actions.adopt import proposed
    from oncall.store import acting, revisions

    with opened(config) as database:
        changed, history = database.read_now(
            lambda tx: (acting.between(tx, start, end), revisions.history(tx))
        )
    roster = replace(config.roster.with_exceptions(changed), history=history)
    return proposed(roster, present())


def _house(config: Config) -> House:
    """Return the house without its channels, whose libraries take half a second."""
    from oncall.actions.house import House
    from oncall.config.reach import carried_vias
    from oncall.model import Via

    # Whether customers can be answered is said source by source, not by the method.
    return House(config, carried_vias(config) | {Via.SOURCE})
