"""Rotas of a small rotation, asked for as people would."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from oncall.model import Language
from oncall.rota.plan import Asked, sheet_of
from oncall.rota.sheet import Day, Sheet
from rotations.coverage import Roster
from support.rota import UTC_ZONE, utc

NAMES = {"ana": "Ana López", "bea": "Bea", "cyr": "Cyr"}
NOW = utc("2027-01-04T10:20")


def sheet(
    roster: Roster,
    first: str,
    end: str,
    *,
    zone: ZoneInfo = UTC_ZONE,
    language: Language = Language.ENGLISH,
    names: dict[str, str] | None = None,
    now: datetime = NOW,
) -> Sheet:
    """Return the rota of rotation `r` on the days `[first, end)`."""
    asked = Asked(
        rotation="r",
        first=date.fromisoformat(first),
        end=date.fromisoformat(end),
        zone=zone,
        language=language,
    )
    return sheet_of(roster, names or NAMES, asked, service="Care", now=now)


def watched(day: Day) -> list[tuple[str | None, str, str]]:
    """Return who is on call on a day, from when to when, UTC."""
    return [
        (watch.person, f"{watch.part.start:%d %H:%M}", f"{watch.part.end:%d %H:%M}")
        for watch in day.watches
    ]
