"""From the roster to a sheet: shifts cut at midnight and laid out by weeks."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from oncall.model import Language
from oncall.rota.marks import clock_change, first_weekday, holiday_of, weekends
from oncall.rota.sheet import Day, Sheet, Watch
from rotations.cadence import instant
from rotations.coverage import Roster
from rotations.shift import Because, Interval, Shift, clip

_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)
_WEEKDAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the rota is to be of: local days `[first, end)` of `zone`."""

    rotation: str
    first: date
    end: date
    zone: ZoneInfo
    language: Language


def sheet_of(
    roster: Roster,
    names: Mapping[str, str],
    asked: Asked,
    *,
    service: str,
    now: datetime,
) -> Sheet:
    """Return the rota as the roster has it now; `names` are people's, by id.

    LookupError for an unknown rotation.
    """
    watches = _by_day(_watches(roster, names, asked), asked.zone)
    days = [
        replace(day, watches=tuple(sorted(watches.get(day.date, ()), key=_order)))
        for day in _days(roster, asked)
    ]
    first = first_weekday(roster.desk.weekend)
    return Sheet(
        title=roster.rotations[asked.rotation].title,
        service=service,
        zone=asked.zone,
        language=asked.language,
        made_at=now,
        first=asked.first,
        last=asked.end - _DAY,
        weekdays=tuple((first + n) % _WEEKDAYS for n in range(_WEEKDAYS)),
        weeks=tuple(_weeks(days, first)),
    )


def _days(roster: Roster, asked: Asked) -> Iterator[Day]:
    """Yield the days asked for, with what the calendar says of them."""
    desk, whole = roster.desk, _span(asked)
    rests = weekends(desk, whole.start, whole.end)
    for number in range((asked.end - asked.first).days):
        day = asked.first + number * _DAY
        hours = Interval(
            start=_midnight(day, asked.zone), end=_midnight(day + _DAY, asked.zone)
        )
        holiday, closed = holiday_of(desk, day)
        yield Day(
            date=day,
            whole=hours,
            holiday=holiday,
            closed=closed,
            weekend=next(iter(clip(rests, hours.start, hours.end)), None),
            clock_change=clock_change(asked.zone, hours),
        )


def _watches(roster: Roster, names: Mapping[str, str], asked: Asked) -> list[Watch]:
    """Return who is on call, and the gaps; not yet cut into days."""
    span = _span(asked)
    # A day more before it, so that who goes on is told from who takes over.
    known = roster.shifts_between(asked.rotation, span.start - _DAY, span.end)
    ends = {(shift.person, shift.end) for shift in known}
    held = [
        Watch(
            person=names.get(shift.person, shift.person),
            part=part,
            because=shift.because,
            takes_over=shift.start == part.start
            and (shift.person, shift.start) not in ends,
        )
        for shift in _joined(known)
        for part in clip([_part(shift)], span.start, span.end)
    ]
    missing = [
        Watch(person=None, part=gap, because=Because.TURN)
        for gap in roster.gaps(asked.rotation, span.start, span.end)
    ]
    return [*held, *missing]


def _joined(shifts: Iterable[Shift]) -> Iterable[Shift]:
    """Return shifts of which one goes on in the next as one."""
    joined: dict[tuple[str, Because, datetime], Shift] = {}
    for shift in shifts:
        before = joined.pop((shift.person, shift.because, shift.start), shift)
        whole = replace(before, end=shift.end)
        joined[shift.person, shift.because, shift.end] = whole
    return joined.values()


def _by_day(watches: Iterable[Watch], zone: ZoneInfo) -> dict[date, list[Watch]]:
    """Cut watches at midnight; only the first piece of one begins with a handoff."""
    days: dict[date, list[Watch]] = defaultdict(list)
    for watch in watches:
        start = watch.part.start
        while start < watch.part.end:
            day = start.astimezone(zone).date()
            end = min(watch.part.end, _next_midnight(start, zone))
            first = start == watch.part.start
            days[day].append(
                replace(
                    watch,
                    part=Interval(start=start, end=end),
                    takes_over=watch.takes_over and first,
                )
            )
            start = end
    return days


def _weeks(days: Sequence[Day], first: int) -> Iterator[tuple[Day | None, ...]]:
    """Yield rows of seven places that begin on weekday `first`."""
    before = (days[0].date.weekday() - first) % _WEEKDAYS
    places: list[Day | None] = [*[None] * before, *days]
    places += [None] * (-len(places) % _WEEKDAYS)
    for start in range(0, len(places), _WEEKDAYS):
        yield tuple(places[start : start + _WEEKDAYS])


def _order(watch: Watch) -> tuple[datetime, str]:
    return watch.part.start, watch.person or ""


def _span(asked: Asked) -> Interval:
    return Interval(
        start=_midnight(asked.first, asked.zone), end=_midnight(asked.end, asked.zone)
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return instant(datetime.combine(day, time()), zone)


def _next_midnight(at: datetime, zone: ZoneInfo) -> datetime:
    return _midnight(at.astimezone(zone).date() + _DAY, zone)


def _part(shift: Shift) -> Interval:
    return Interval(start=shift.start, end=shift.end)
