"""When an event of leave takes place: its rules played through, within bounds.

dateutil plays rules in wall time. A rule without a count is begun near the time that is
asked for, since from the year 1 on a daily one would take a second to get there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from dateutil.rrule import rrulestr

from oncall.feeds.absences import MOST
from oncall.feeds.leave_event import DAY, LeaveEvent, instant_of, moment

_STEPS = {
    "WEEKLY": timedelta(weeks=1),
    "DAILY": DAY,
    "HOURLY": timedelta(hours=1),
    "MINUTELY": timedelta(minutes=1),
    "SECONDLY": timedelta(seconds=1),
}
_EVERY_LEAP = 8
"""Years; so far apart are leap years at most."""


class TooOftenError(ValueError):
    """It takes place more than `MOST` times."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule without UNTIL, and what UNTIL says: `last` by the wall, `until` exactly."""

    parts: dict[str, str]
    last: datetime | None = None
    until: datetime | None = None

    @property
    def interval(self) -> int:
        return int(self.parts.get("INTERVAL", "1"))


def walls(event: LeaveEvent, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the starts of a series, naive, that may touch `[start, end)`, each once.

    Raises ValueError for a rule that is none, TooOftenError for far too many.
    """
    first = _earlier(start.replace(tzinfo=None), event.length.about + DAY)
    last = end.replace(tzinfo=None) + DAY
    seen: set[datetime] = set()
    for wall in _all(event, first, last):
        if wall in seen or not first <= wall <= last:
            continue
        seen.add(wall)
        if len(seen) > MOST:
            raise TooOftenError
        yield wall


def is_slow(rule: str) -> bool:
    """Tell whether a rule's steps are looked through day by day: months and years."""
    return not any(f"FREQ={short}" in rule.upper() for short in _STEPS)


def _all(event: LeaveEvent, first: datetime, last: datetime) -> Iterator[datetime]:
    rules = [_rule(text, event) for text in event.rules]
    begun = [rule for rule in rules if _in_time(rule, event.start.wall, event)]
    if begun or not rules:
        yield event.start.wall
    for extra in event.extra:
        yield extra.start.at(event.zone).astimezone(event.zone).replace(tzinfo=None)
    for rule in begun:
        for wall in _played(rule, event.start.wall, first):
            if wall > last or (rule.last is not None and wall > rule.last):
                break
            if _in_time(rule, wall, event):
                yield wall


def _played(rule: _Rule, start: datetime, near: datetime) -> Iterator[datetime]:
    text = ";".join(f"{name}={value}" for name, value in rule.parts.items())
    if "COUNT" not in rule.parts:
        start = _begun_near(rule, start, near)
    played: Iterator[datetime] = iter(rrulestr(text, dtstart=start))
    return played


def _begun_near(rule: _Rule, start: datetime, near: datetime) -> datetime:
    """Return a start of the same rhythm that is not long before `near`."""
    if near <= start:
        return start
    frequency = rule.parts.get("FREQ", "")
    if step := _STEPS.get(frequency):
        step *= rule.interval
        return start + (near - start) // step * step
    years = (near.year - start.year) // rule.interval * rule.interval
    for less in range(0, _EVERY_LEAP * rule.interval + 1, rule.interval):
        try:
            if years > less:
                moved = start.replace(year=start.year + years - less)
                if moved <= near:
                    return moved
        except ValueError:  # the 29th of February is not in that year
            continue
    return start


def _rule(text: str, event: LeaveEvent) -> _Rule:
    """Take a rule to pieces. ValueError for what cannot be meant."""
    pairs = (part.partition("=") for part in text.upper().replace(" ", "").split(";"))
    parts = {name: value for name, _, value in pairs if value and name[:2] != "X-"}
    if parts.pop("RSCALE", "GREGORIAN") != "GREGORIAN":
        msg = "it repeats by a calendar that is not known here"
        raise ValueError(msg)
    parts.pop("SKIP", None)
    if parts.get("COUNT", "").startswith("-"):
        del parts["COUNT"]  # programs write -1 for "without end"
    if int(parts.get("INTERVAL", "1")) < 1:
        msg = "it repeats at no distance"
        raise ValueError(msg)
    until = parts.pop("UNTIL", "")
    return _until(_Rule(parts), until, event) if until else _Rule(parts)


def _until(rule: _Rule, text: str, event: LeaveEvent) -> _Rule:
    """Say until when: a date means all of that day."""
    until = moment(text)
    if until.whole_day or event.start.whole_day:
        day = until.day(event.zone)
        return _Rule(rule.parts, last=datetime.combine(day, time.max))
    if until.zone is None:
        return _Rule(rule.parts, last=until.wall)
    exact = until.at(event.zone)
    # By the wall it may be later, when clocks are set back in between.
    wall = exact.astimezone(event.zone).replace(tzinfo=None) + DAY
    return _Rule(rule.parts, last=wall, until=exact)


def _in_time(rule: _Rule, wall: datetime, event: LeaveEvent) -> bool:
    if rule.last is not None and wall > rule.last:
        return False
    return rule.until is None or instant_of(wall, event.zone) <= rule.until


def _earlier(at: datetime, span: timedelta) -> datetime:
    try:
        return at - span
    except OverflowError:
        return datetime.min  # noqa: DTZ901 (a wall time)
