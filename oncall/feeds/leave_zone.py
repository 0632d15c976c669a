"""Time zones as calendars name them: places, Windows' names, or definitions of theirs."""

import io
import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import cast
from zoneinfo import ZoneInfo

from icalendar import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from oncall.config.zones import zone_if_known
from oncall.feeds.budget import Budget

CALLS, CALLS_EACH = 300_000, 60_000
"""How much work the zones of a file may be, and one; Outlook's from 1601 on are 20,000."""
_SECOND = timedelta(seconds=1)
_FIRST, _LAST = (datetime(year, 1, 1, tzinfo=UTC) for year in (1902, 2038))
"""What the 32 bits of a compiled zone can say."""


def known_zone(name: str) -> ZoneInfo | None:
    """Return the zone of a place, also at the end of a path, or by Windows' name."""
    words = WINDOWS_TO_OLSON.get(name, name).strip("/").split("/")
    ends = ("/".join(words[first:]) for first in range(len(words))[-3:])
    return next((zone for end in ends if (zone := zone_if_known(end))), None)


def defined_zone(lines: Sequence[str], budget: Budget) -> ZoneInfo | None:
    """Return the zone that the lines of a VTIMEZONE define; None when they do not.

    As a compiled zone, since the one that icalendar makes plays its rules anew, from
    the year 1601 on, whenever it is asked. And apart from icalendar's own table, which
    holds for all files: two may mean different zones by "Customized Time Zone".
    """
    try:
        changes = budget.run(CALLS_EACH, partial(_changes, lines))
        return ZoneInfo.from_file(io.BytesIO(_compiled(changes)))
    except Exception:  # noqa: BLE001 (a stranger's text fails in any way)
        return None


def _changes(lines: Sequence[str]) -> list[tuple[datetime, int]]:
    """Return when which offset begins, in seconds."""
    zone = cast("Timezone", Timezone.from_ical("\r\n".join([*lines, ""])))
    return [
        (at.replace(tzinfo=UTC), offset // _SECOND)
        for at, (offset, *_) in zip(*zone.get_transitions(), strict=True)
    ]


def _compiled(changes: Sequence[tuple[datetime, int]]) -> bytes:
    """Return a zone in the first form of RFC 8536, by its offsets in seconds."""
    within = [(at, offset) for at, offset in changes if _FIRST <= at < _LAST]
    earlier = [offset for at, offset in changes if at < _FIRST]
    before = earlier[-1] if earlier else changes[0][1]
    offsets = sorted({before, *(offset for _, offset in within)})
    offsets.remove(before)
    offsets.insert(0, before)  # the first one holds until something changes
    head = struct.pack(
        ">4sc15x6l", b"TZif", b"\0", 0, 0, 0, len(within), len(offsets), 4
    )
    times = struct.pack(f">{len(within)}l", *(int(at.timestamp()) for at, _ in within))
    which = bytes(offsets.index(offset) for _, offset in within)
    kinds = b"".join(struct.pack(">lbB", offset, 0, 0) for offset in offsets)
    return head + times + which + kinds + b"LMT\0"
