"""What a rota shows, as values. Instants are UTC; `[start, end)` throughout."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from oncall.model import Language
from rotations.shift import Because, Interval
from rotations.window import Holiday


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Somebody on call in a part of one day; `person` is the name.

    None is a gap: nobody is on call though somebody should be; then `because` says
    nothing. `takes_over` when the person was not on call the moment before.
    """

    person: str | None
    part: Interval
    because: Because
    takes_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockChange:
    """A clock that shows `before` is put to `after`; `forward` skips time."""

    before: time
    after: time
    forward: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One local day: who is on call, by start, and what is particular about it.

    `whole` is the day itself, 23 to 25 hours long. `closed` is a further day off of
    the desk. `weekend` is what part of the day is weekend, as the desk writes it.
    """

    date: date
    whole: Interval
    watches: tuple[Watch, ...] = ()
    holiday: Holiday | None = None
    closed: bool = False
    weekend: Interval | None = None
    clock_change: ClockChange | None = None

    @property
    def free(self) -> bool:
        """Tell whether no part of it is a working day."""
        return self.closed or self.holiday is not None or self.weekend == self.whole

    @property
    def gap(self) -> bool:
        """Tell whether nobody is on call at some time that should be covered."""
        return any(watch.person is None for watch in self.watches)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A rota in weeks of seven places; a place is None for a day not asked for.

    `weekdays` are the columns' (Monday 0). `first` and `last` are the days asked for.
    `made_at` is when it was true: what hangs on a wall grows old.
    """

    title: str
    service: str
    zone: ZoneInfo
    language: Language
    made_at: datetime
    first: date
    last: date
    weekdays: tuple[int, ...]
    weeks: tuple[tuple[Day | None, ...], ...]

    @property
    def days(self) -> tuple[Day, ...]:
        """Return the days asked for, in order."""
        return tuple(day for week in self.weeks for day in week if day is not None)
