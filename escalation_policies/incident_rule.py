"""When issues are an incident by rule: so many that match, in so short a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from escalation_policies.select import When

AT_LEAST: Final = 5
WITHIN: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRule(When):
    """One of `[[incident_rules]]`: `at_least` matching issues `within` a time are one.

    The incident is called `title`; while it is open, issues that match join it.
    """

    title: str
    at_least: int = AT_LEAST
    within: timedelta = WITHIN


def gathered(
    rule: IncidentRule, opened: Mapping[int, datetime], now: datetime
) -> tuple[int, ...]:
    """Return the issues that make an incident at `now`, the oldest first, or none.

    `opened` says of issues that match and are in no incident when they came.
    """
    recent = sorted(
        number for number, at in opened.items() if now - rule.within < at <= now
    )
    return tuple(recent) if len(recent) >= rule.at_least else ()
