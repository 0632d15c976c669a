"""Absences out of somebody's calendar: the other way round, from iCalendar to us."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from oncall.config.home import utc
from oncall.errors import Refused
from rotations.exception import Absence

MOST = 1000
"""Absences; a calendar with more is not one of leave."""
EDGE = timedelta(days=2)
"""Wall time and the UTC of a window's ends are never further apart."""
REASON = "calendar"
"""What an event is called is its owner's: it may say why somebody sees a doctor."""
IMPORTED = "ical:"
"""What the ids of absences out of calendars begin with."""
_TOO_OFTEN = {"HOURLY", "MINUTELY", "SECONDLY"}


def absences_in(
    body: bytes, *, person: str, zone: ZoneInfo, start: datetime, end: datetime
) -> tuple[Absence, ...]:
    """Return the absences in a calendar that touch `[start, end)`, by id.

    Whole days and times without a zone are those of `zone`. Events that are cancelled
    or shown as free are none. Raises Refused, without a word of the calendar's.
    """
    if not body.rstrip().endswith(b"END:VCALENDAR"):
        _refuse("it is not a calendar, or not a whole one")
    try:
        events = _occurrences(body, start - EDGE, end + EDGE)
        found = [_absence(event, person, zone) for event in events if _counts(event)]
    except Refused:
        raise
    except Exception as error:  # noqa: BLE001 (a stranger's text fails in any way)
        msg = f"it cannot be understood ({type(error).__name__})"
        raise Refused(msg) from None
    near = [one for one in found if one.start < end and one.end > max(start, one.start)]
    if len(near) > MOST:
        _refuse(f"it has more than {MOST} absences")
    return tuple({one.id: one for one in near}.values())


def prefix(person: str) -> str:
    """Return what the ids of a person's imported absences begin with."""
    return f"{IMPORTED}{person}:"


def _occurrences(body: bytes, start: datetime, end: datetime) -> list[Any]:
    """Return single events: those that repeat once for each time."""
    import recurring_ical_events  # noqa: PLC0415  slow to import, seldom used
    from icalendar import Calendar  # noqa: PLC0415

    calendar = Calendar.from_ical(body)
    for event in calendar.walk("VEVENT"):
        rules = event.get("RRULE", [])
        for rule in rules if isinstance(rules, list) else [rules]:
            if _TOO_OFTEN & {str(often).upper() for often in rule.get("FREQ", [])}:
                _refuse("an event repeats several times a day")
    return list(recurring_ical_events.of(calendar).between(start, end))


def _counts(event: Any) -> bool:  # noqa: ANN401 (icalendar's own)
    shown, status = event.get("TRANSP", ""), event.get("STATUS", "")
    return str(shown).upper() != "TRANSPARENT" and str(status).upper() != "CANCELLED"


def _absence(event: Any, person: str, zone: ZoneInfo) -> Absence:  # noqa: ANN401
    start = _instant(event["DTSTART"].dt, zone)
    key = str(event.get("UID", "")).replace("\0", "")
    return Absence(
        id=f"{prefix(person)}{key}:{start:%Y%m%dT%H%M%SZ}",
        person=person,
        start=start,
        end=_instant(event["DTEND"].dt, zone, last=True),
        reason=REASON,
    )


def _instant(at: date, zone: ZoneInfo, *, last: bool = False) -> datetime:
    whole = at if isinstance(at, datetime) else datetime.combine(at, time())
    return utc(whole, zone, last=last).astimezone(UTC)


def _refuse(why: str) -> NoReturn:
    raise Refused(why)
