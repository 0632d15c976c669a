"""The rules of turns told slowly and plainly, to judge the fast answer by.

Works an hour at a time from the first handoff: right for rotas whose times and
clock changes are all on whole hours of UTC.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from rotations.cadence import Turn, Unit
from rotations.coverage import Roster
from rotations.exception import Override
from rotations.rotation import Layer, Rotation, WhenAbsent
from rotations.week import Weekly
from rotations.window import Calendar, Desk, Window

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def slow_instant(wall: datetime, zone: ZoneInfo, *, last: bool = False) -> datetime:
    """Try every quarter of an hour around for one that reads so, else the next."""
    around = wall.replace(tzinfo=UTC) - timedelta(hours=26)
    tries = [around + timedelta(minutes=15 * n) for n in range(4 * 52)]
    walls = [(at, at.astimezone(zone).replace(tzinfo=None)) for at in tries]
    same = [at for at, reads in walls if reads == wall]
    if same:
        return same[-1] if last else same[0]
    return next(at for at, reads in walls if reads > wall)


@lru_cache(maxsize=100_000)
def _instant(wall: datetime, zone: ZoneInfo, *, last: bool) -> datetime:
    return slow_instant(wall, zone, last=last)


def _handoff(turn: Turn, starts: datetime, number: int) -> datetime:
    count = turn.count * number
    if turn.unit is Unit.MONTHS:
        month = starts.year * 12 + starts.month - 1 + count
        year, month = month // 12, month % 12 + 1
        day = min(starts.day, monthrange(year, month)[1])
        return starts.replace(year=year, month=month, day=day)
    hours = {Unit.HOURS: 1, Unit.DAYS: 24, Unit.WEEKS: 168}[turn.unit]
    return starts + timedelta(hours=hours * count)


@lru_cache(maxsize=100_000)
def _open(desk: Desk, at: datetime) -> bool:
    day = at.astimezone(desk.zone).date()
    if any(_covers(window, desk, desk.zone, at) for window in desk.weekend):
        return False
    opens, closes = desk.open or (time(), time())
    later = closes <= opens
    return any(
        _within(at, desk.zone, (d, opens), (d + DAY if later else d, closes))
        for d in (day - DAY, day, day + DAY)
        if not _off(desk, d)
    )


def _off(desk: Desk, day: date) -> bool:
    closed = any(first <= day <= last for first, last in desk.closed)
    return (closed or day in desk.holidays(day.year)) and day not in desk.not_holidays


def _within(
    at: datetime, zone: ZoneInfo, start: tuple[date, time], end: tuple[date, time]
) -> bool:
    begins = _instant(datetime.combine(*start), zone, last=False)
    return begins <= at < _instant(datetime.combine(*end), zone, last=True)


@lru_cache(maxsize=1_000_000)
def _covers(window: Window, desk: Desk, zone: ZoneInfo, at: datetime) -> bool:
    if isinstance(window, Weekly):
        today = at.astimezone(zone).date()
        return any(
            _within(at, zone, (day, span.start), (day + DAY * span.days, span.end))
            for day in (today + DAY * n for n in range(-8, 2))
            for span in window.spans
            if day.weekday() == span.day
        )
    if window is Calendar.CLOSED:
        return not _open(desk, at)
    if window is Calendar.HOLIDAYS:
        today = at.astimezone(desk.zone).date()
        return any(
            _within(at, desk.zone, (day, time()), (day + DAY, time()))
            for day in (today - DAY, today, today + DAY)
            if _off(desk, day)
        )
    return not _open(desk, at) and any(
        _covers(w, desk, desk.zone, hour)
        for hour in _closed_hours_around(desk, at)
        for w in desk.weekend
    )


def _closed_hours_around(desk: Desk, at: datetime) -> Iterator[datetime]:
    for step in (-HOUR, HOUR):
        hour = at
        while not _open(desk, hour) and abs(hour - at) < 9 * DAY:
            yield hour
            hour += step


def _is_on(layer: Layer, desk: Desk, at: datetime) -> bool:
    if at < _instant(layer.starts, layer.zone, last=False):
        return False
    return not layer.windows or any(
        _covers(window, desk, layer.zone, at) for window in layer.windows
    )


@lru_cache(maxsize=100_000)
def _position(layer: Layer, desk: Desk, at: datetime) -> int | None:
    """Return whose entry is due, by going there from the first handoff."""
    if not layer.ring or not _is_on(layer, desk, at):
        return None
    begins = _instant(layer.starts, layer.zone, last=False)
    number = 0
    if layer.turn.unit is Unit.WINDOWS:
        hours = [begins + HOUR * n for n in range(int((at - begins) / HOUR) + 1)]
        on = [_is_on(layer, desk, hour) for hour in hours]
        blocks = on[0] + sum(b and not a for a, b in pairwise(on))
        number = (blocks - 1) // layer.turn.count
    else:
        while True:
            following = _handoff(layer.turn, layer.starts, number + 1)
            if _instant(following, layer.zone, last=False) > at:
                break
            number += 1
    return (number + layer.phase) % len(layer.ring)


@dataclass
class Place:
    """One place: whose it was before overrides, who fills it, where in the ring."""

    names: set[str]
    person: str | None
    ring: tuple[tuple[str, ...], ...] = ()
    position: int = -1
    swapped: bool = False


def slow_people(roster: Roster, rotation_id: str, at: datetime) -> set[str]:
    """Return who is on call at `at`."""
    return _people(_places(roster, roster.rotations[rotation_id], at))


def _people(places: list[Place]) -> set[str]:
    return {place.person for place in places if place.person is not None}


def _absent(roster: Roster, at: datetime) -> set[str]:
    return {a.person for a in roster.exceptions.absences if a.start <= at < a.end}


def _places(roster: Roster, rotation: Rotation, at: datetime) -> list[Place]:
    if rotation.follows is not None:
        places = _behind(roster, rotation, at)
    else:
        places = _highest(roster, rotation, at)
    for override in roster.exceptions.overrides:
        acts = override.rotation == rotation.id and override.start <= at < override.end
        if acts and override.person not in _absent(roster, at):
            places = _override(override, places)
    return places


def _highest(roster: Roster, rotation: Rotation, at: datetime) -> list[Place]:
    everywhere: list[tuple[int, Place]] = []
    for layer in rotation.layers:
        position = _position(layer, roster.desk, at)
        if position is not None:
            due = _due(roster, rotation, layer.ring, position, at)
            everywhere += [(layer.priority, place) for place in due]
    filled = [priority for priority, place in everywhere if place.person is not None]
    best = max(filled or [priority for priority, _ in everywhere], default=None)
    return [place for priority, place in everywhere if priority == best]


def _due(
    roster: Roster,
    rotation: Rotation,
    ring: tuple[tuple[str, ...], ...],
    position: int,
    at: datetime,
) -> list[Place]:
    absent = _absent(roster, at)
    others = ring[position + 1 :] + ring[:position]
    spare = list(dict.fromkeys(p for entry in others for p in entry))
    spare = [p for p in spare if p not in absent and p not in ring[position]]
    if rotation.when_absent is WhenAbsent.GAP:
        spare = []
    places = []
    for person in ring[position]:
        here = Place({person}, person, ring, position)
        if person in absent:
            here.person = spare.pop(0) if spare else None
            here.names |= _people([here])
        for giver in [person, here.person]:
            if not here.swapped and giver is not None:
                _swap(roster, rotation, here, giver, at)
        places.append(here)
    return places


def _swap(
    roster: Roster, rotation: Rotation, place: Place, giver: str, at: datetime
) -> None:
    holder = giver
    for swap in roster.exceptions.swaps:
        to = None
        if holder == swap.person and swap.start <= at < swap.end:
            to = swap.with_person
        elif (
            holder == swap.with_person
            and swap.back_start is not None
            and swap.back_end is not None
            and swap.back_start <= at < swap.back_end
        ):
            to = swap.person
        if swap.rotation == rotation.id and to and to not in _absent(roster, at):
            holder, place.swapped = to, True
    if place.swapped:
        place.person, place.names = holder, {holder}


def _override(override: Override, places: list[Place]) -> list[Place]:
    if override.add:
        return [*places, Place(set(), override.person)]
    if override.remove:
        for place in places:
            if place.person == override.remove:
                place.person = None
        return places
    if not override.instead_of and not places:
        return [Place(set(), override.person)]
    for place in places:
        if not override.instead_of or override.instead_of in place.names | _people(
            [place]
        ):
            place.person = override.person
    return places


def _behind(roster: Roster, rotation: Rotation, at: datetime) -> list[Place]:
    """Return the place of a follower of a rotation with one layer of single people."""
    follow = rotation.follows
    assert follow is not None
    lead = roster.rotations[follow.rotation]
    before = _places(roster, lead, at)
    busy = _people(before)
    while lead.follows is not None:
        lead = roster.rotations[lead.follows.rotation]
        busy |= _people(_places(roster, lead, at))
    ringed = [place for place in before if place.ring]
    if not ringed:
        return []
    ring, position = ringed[0].ring, ringed[0].position
    free = [
        n
        for n in ((position + step) % len(ring) for step in range(1, len(ring) + 1))
        if ring[n][0] not in busy and ring[n][0] not in _absent(roster, at)
    ]
    if len(free) < follow.by:
        return [Place(set(), None, ring, position)]
    chosen = free[follow.by - 1]
    place = Place({ring[chosen][0]}, ring[chosen][0], ring, chosen)
    _swap(roster, rotation, place, ring[chosen][0], at)
    return [place]
