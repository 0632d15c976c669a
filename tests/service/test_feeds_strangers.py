"""Three parsers that are not ours read the shifts that we say there are."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oncall.actions.calendar import rendered
from oncall.actions.house import House, View
from oncall.model import Via
from oncall.store import Database, Tx
from oncall.store.calendars import Feed
from oncall.store.exceptions import add_override
from oncall.store.migrate import upgrade
from rotations.exception import Override
from support.config_text import configured
from support.strangers import Read, by_node, by_python, why_not_installed

NOW = datetime(2027, 1, 1, tzinfo=UTC)
YEAR = NOW, datetime(2028, 1, 1, tzinfo=UTC)
DAILY = """
[rotations.daily]
title = "پشتیبانی; شب، «فوری», 24/7"
people = ["sara", "reza"]
starts = 2026-01-01T02:30:00
turn = "1 day"
timezone = "Europe/Berlin"
"""
FEED = Feed(id="f", kind="rotation", person=None, rotation="daily", created_at=NOW)


@pytest.fixture(scope="module")
def parsers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("parsers")
    if why := why_not_installed(folder):
        pytest.skip(why)
    return folder


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/oncall.db")
    upgrade(database)
    yield database
    database.close()


def overrides() -> Iterator[Override]:
    """Nina's whole day in spring, and half of one in autumn: gone, and moved."""
    for key, start, hours in (
        ("whole", "2027-06-11T00:30:00Z", 24),
        ("half", "2027-10-31T00:30:00Z", 5),
    ):
        begin = datetime.fromisoformat(start)
        yield Override(
            id=key,
            rotation="daily",
            person="reza" if key == "whole" else "sara",
            start=begin,
            end=begin + timedelta(hours=hours),
        )


def published(database: Database) -> tuple[View, bytes]:
    """Publish a year, change it, and return what is true then and its calendar."""
    house = House(configured(DAILY), [Via.SMS])

    def calendar() -> tuple[View, bytes]:
        def work(tx: Tx) -> tuple[View, bytes]:
            view = house.view(tx, NOW)
            return view, rendered(tx, view, FEED, NOW, busy=False, span=YEAR).body

        return database.write_now(work)

    calendar()
    for override in overrides():
        database.write_now(lambda tx, made=override: add_override(tx, made, NOW))
    return calendar()


def true_spans(view: View) -> list[tuple[datetime, datetime]]:
    start, end = YEAR
    margin = timedelta(days=2)
    shifts = view.roster.shifts_between("daily", start - margin, end + margin)
    return [
        (shift.start, shift.end)
        for shift in shifts
        if shift.end > start and shift.start < end
    ]


def assert_true(found: list[Read], view: View) -> None:
    confirmed = [one for one in found if one.status == "CONFIRMED"]
    assert [(one.start, one.end) for one in confirmed] == true_spans(view)
    assert {one.start.hour for one in confirmed} >= {0, 1}, "clocks change"
    assert all("پشتیبانی; شب، «فوری», 24/7" in one.summary for one in found)
    assert len({one.uid for one in found}) == len(found)
    assert {one.sequence for one in found if one.status == "CANCELLED"} == {1}
    moved = [one for one in confirmed if one.sequence == 1]
    assert min(one.end - one.start for one in moved) < timedelta(hours=21)


def test_python_reads_the_shifts_of_a_year(database: Database):
    view, body = published(database)
    found = by_python(body, YEAR[0] - timedelta(days=2), YEAR[1] + timedelta(days=2))
    assert_true(found, view)


def test_javascript_reads_the_same_as_python(
    database: Database, parsers: Path, tmp_path: Path
):
    view, body = published(database)
    (tmp_path / "feed.ics").write_bytes(body)
    expected = by_python(body, YEAR[0] - timedelta(days=2), YEAR[1] + timedelta(days=2))
    found = by_node(parsers, tmp_path / "feed.ics")
    assert found.keys() == {"ical.js", "node-ical"}
    for name, events in found.items():
        assert events == expected, name
        assert_true(events, view)
