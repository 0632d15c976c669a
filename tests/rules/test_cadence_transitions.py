"""Every clock change from 2020 to 2037 in thirty zones."""

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from rotations.cadence import Turn, Unit, instant
from rotations.coverage import Roster
from rotations.rotation import Layer, Rotation
from rotations.shift import Interval, merge
from rotations.window import Desk, Window, intervals, parse_window

ZONES = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/El_Aaiun",
    "Africa/Juba",
    "America/Asuncion",
    "America/Chihuahua",
    "America/Havana",
    "America/Los_Angeles",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Almaty",
    "Asia/Amman",
    "Asia/Beirut",
    "Asia/Damascus",
    "Asia/Gaza",
    "Asia/Jerusalem",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Atlantic/Azores",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Europe/Dublin",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Pacific/Chatham",
]
QUARTER = timedelta(minutes=15)


@cache
def transitions(zone: ZoneInfo) -> tuple[datetime, ...]:
    """Return the instants at which the offset changes: all are on quarters."""
    start = datetime(2020, 1, 1, tzinfo=UTC)
    days = [start + timedelta(days=n) for n in range(18 * 366)]
    return tuple(
        quarter
        for day, next_day in pairwise(days)
        if offset(zone, day) != offset(zone, next_day)
        for quarter in (day + QUARTER * n for n in range(1, 97))
        if offset(zone, quarter) != offset(zone, quarter - QUARTER)
    )


def offset(zone: ZoneInfo, at: datetime) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


def reads(zone: ZoneInfo, at: datetime) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def around(change: datetime) -> list[datetime]:
    return [change + QUARTER * n for n in range(-24, 25)]


def walls_around(zone: ZoneInfo, change: datetime) -> set[datetime]:
    before = reads(zone, change - QUARTER)
    return {before + QUARTER * n for n in range(-8, 12)}


@pytest.mark.parametrize("name", ZONES)
def test_wall_times_around_every_change_obey_the_rule(name: str):
    zone = ZoneInfo(name)
    for change in transitions(zone):
        shown = {at: reads(zone, at) for at in around(change)}
        for wall in walls_around(zone, change):
            same = [at for at, read in shown.items() if read == wall]
            after = [at for at, read in shown.items() if read > wall]
            assert instant(wall, zone) == (same or after)[0]
            assert instant(wall, zone, last=True) == (same[-1] if same else after[0])


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("minute", [0, 30])
def test_an_always_on_ring_has_exactly_one_person_at_every_change(
    name: str, minute: int
):
    zone = ZoneInfo(name)
    for change in transitions(zone):
        starts = reads(zone, change).replace(minute=minute) - timedelta(days=2)
        roster = hourly(zone, starts)
        start, end = change - timedelta(hours=12), change + timedelta(hours=12)
        shifts = roster.shifts_between("r", start, end)
        assert shifts[0].start == start
        assert shifts[-1].end == end
        assert all(a.end == b.start for a, b in pairwise(shifts))
        assert all(shift.start < shift.end for shift in shifts)
        for shift in shifts[1:]:
            local = reads(zone, shift.start)
            assert local.minute == minute or shift.start == change


@pytest.mark.parametrize("name", ZONES)
def test_windows_that_follow_each_other_leave_no_hole_at_any_change(name: str):
    zone = ZoneInfo(name)
    for change in transitions(zone):
        start, end = change - timedelta(days=1), change + timedelta(days=1)
        edge = reads(zone, change).replace(minute=0)
        for wall in (edge - timedelta(hours=1), edge):
            day, night = halves(wall)
            both = [
                *intervals(day, Desk(zone=zone), zone, start, end),
                *intervals(night, Desk(zone=zone), zone, start, end),
            ]
            assert merge(both) == (Interval(start=start, end=end),)


def halves(wall: datetime) -> tuple[Window, Window]:
    first, second = f"{wall:%H:%M}", f"{wall + timedelta(hours=12):%H:%M}"
    return parse_window(f"daily {first}-{second}"), parse_window(
        f"daily {second}-{first}"
    )


def hourly(zone: ZoneInfo, starts: datetime) -> Roster:
    layer = Layer(
        ring=(("ana",), ("bea",), ("cyr",)),
        turn=Turn(1, Unit.HOURS),
        starts=starts,
        zone=zone,
    )
    rotation = Rotation(id="r", title="r", layers=(layer,))
    return Roster(rotations={"r": rotation}, desk=Desk(zone=zone))
