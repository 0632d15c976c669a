"""What the service lends to those who say nothing of their own, and wall time."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from oncall.config.findings import Findings
from oncall.config.lines import Path
from oncall.config.schema.rotations import ENDS_FIRST, Stretch
from oncall.config.schema.service import ServiceTable
from oncall.model import Language
from rotations.cadence import instant
from rotations.shift import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Zone and language of whoever has none of his own."""

    zone: ZoneInfo
    language: Language

    @classmethod
    def of(cls, service: ServiceTable | None) -> "Home":
        """Return the service's; a stand-in when `[service]` itself is at fault."""
        if service is None:
            return cls(zone=ZoneInfo("UTC"), language=Language.ENGLISH)
        return cls(zone=service.timezone, language=service.language)


def wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the naive wall time in `zone` of a date-time with or without offset."""
    if moment.tzinfo is None:
        return moment
    return moment.astimezone(zone).replace(tzinfo=None)


def utc(moment: datetime, zone: ZoneInfo, *, last: bool = False) -> datetime:
    """Return the instant of a date-time, which is wall time of `zone` if naive."""
    if moment.tzinfo is None:
        return instant(moment, zone, last=last)
    return moment.astimezone(UTC)


def interval(
    stretch: Stretch, zone: ZoneInfo, at: Path, findings: Findings
) -> Interval | None:
    """Return a stretch in UTC, or note that it ends before it begins."""
    start, end = utc(stretch.start, zone), utc(stretch.end, zone, last=True)
    if start < end:
        return Interval(start=start, end=end)
    findings.error((*at, *ENDS_FIRST.at), ENDS_FIRST.message, ENDS_FIRST.hint)
    return None
