"""Time zones by name, from the pinned `tzdata` package and from nowhere else.

A system's own copy may be older and answer differently; the whole process must
answer by one copy, whose version `/readyz` shows.
"""

import re
import zoneinfo
from functools import cache
from zoneinfo import ZoneInfo

from oncall.config.findings import Unfit, did_you_mean

zoneinfo.reset_tzpath(to=())

_OFFSET = re.compile(r"(UTC|GMT)?[+-]\d{1,2}(:?\d\d)?")


def zone_named(name: str) -> ZoneInfo:
    """Return the zone; Unfit when there is none by that name."""
    if zone := zone_if_known(name):
        return zone
    if _OFFSET.fullmatch(name):
        hint = 'name a place, so that clock changes are known: "Asia/Tehran"'
    else:
        hint = _nearest(name)
    msg = f'"{name}" is not a time zone'
    raise Unfit(msg, hint)


def zone_if_known(name: str) -> ZoneInfo | None:
    """Return the zone; None when there is none by that name."""
    return ZoneInfo(name) if name in _names() else None


@cache
def _names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _nearest(name: str) -> str:
    """Return a hint; a city alone is how most people get it wrong: `Tehran`."""
    city = name.rpartition("/")[2].casefold().replace(" ", "_")
    same = (
        zone for zone in sorted(_names()) if zone.rpartition("/")[2].casefold() == city
    )
    full = next((zone for zone in same if "/" in zone), None)
    if full:
        return f'did you mean "{full}"?'
    hint = did_you_mean(name, _names())
    return hint if hint.startswith("did") else 'write it as "Asia/Tehran"'
