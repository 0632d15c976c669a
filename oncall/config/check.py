"""What `oncall check` says of a configuration that can be used: the warnings."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path as FilePath
from zoneinfo import ZoneInfo

from escalation_policies.check import check_policy
from oncall.config.answers import unanswerable
from oncall.config.leaders import hours_of_leaders
from oncall.config.load import load
from oncall.config.reach import unreached
from oncall.config.values import Config
from oncall.errors import ConfigError, Problem
from rotations.check import Finding, FindingKind
from rotations.check import check as check_roster
from rotations.window import Calendar, no_holidays

AHEAD = timedelta(days=90)
SHORT = timedelta(days=30)
"""A write may be repeated, and products deliver again, for so long."""

_HINTS: Mapping[FindingKind, str] = {
    FindingKind.GAP: "add an override, or somebody who is there",
    FindingKind.CLOCK_CHANGE: "tell those who hand over, or choose another hour",
    FindingKind.NEVER_SERVES: 'choose another `turn`, for example "1 window"',
}


def check(
    path: FilePath, *, environ: Mapping[str, str], now: datetime
) -> tuple[Problem, ...]:
    """Return every problem of the file at `path`: errors and warnings, in its order."""
    try:
        config = load(path, environ=environ)
    except ConfigError as error:
        return error.problems
    return warnings(config, now)


def warnings(config: Config, now: datetime) -> tuple[Problem, ...]:
    """Return what people should know of a usable configuration, in the file's order.

    Looks 90 days ahead of `now` for gaps and clock changes.
    """
    found = [
        *config.warnings,
        *_delivery(config),
        *_retention(config),
        *unreached(config),
        *unanswerable(config),
        *_policies(config),
        *hours_of_leaders(config, now),
        *_alarm(config),
        *_weekend(config),
        *_desk(config, now),
        *_without_holidays(config),
        *_turns(config, now),
    ]
    return tuple(sorted(found, key=lambda problem: problem.line))


def _delivery(config: Config) -> Iterator[Problem]:
    if config.console:
        yield config.warning(
            ("integrations", "console"),
            "pages that no provider carries go to simulated phones, not to people",
            "add [integrations.twilio] or [integrations.telegram]",
        )
    if config.telegram and config.telegram.webhook and _is_plain(config.service.url):
        yield config.warning(
            ("integrations", "telegram", "updates"),
            "Telegram pushes updates to https addresses only",
            'give service.url an https address, or write updates = "polling"',
        )


def _retention(config: Config) -> Iterator[Problem]:
    keep = config.service.keep
    if keep is not None and keep < SHORT:
        yield config.warning(
            ("service", "keep"),
            "deletes issues while customers may still come back to them",
            'keep them for some months: "400d"',
        )


def _is_plain(url: str) -> bool:
    return not url.startswith("https://")


def _policies(config: Config) -> Iterator[Problem]:
    for name, policy in config.policies.items():
        for problem in check_policy(policy):
            at = ("escalation_policies", name, *_steps(problem.where))
            yield config.warning(at, problem.message, problem.hint)


def _alarm(config: Config) -> Iterator[Problem]:
    if not config.service.alarm_url:
        yield config.warning(
            ("service", "alarm_url"),
            "nobody hears it when paging itself is ill",
            "give the address of something else that can ring: a watch, another pager",
        )


def _weekend(config: Config) -> Iterator[Problem]:
    """Say which days a country's weekend was taken to be, where the file does not."""
    if config.weekend_of_country:
        yield config.warning(
            ("desk", "country"),
            f'its weekend is taken to be "{config.weekend_of_country}"',
            "write [desk] weekend if yours is another, or begins in the afternoon",
        )


def _desk(config: Config, now: datetime) -> Iterator[Problem]:
    at = ("desk", "country")
    holidays = config.roster.desk.holidays
    if holidays is no_holidays:
        return
    first, last = now.date(), (now + AHEAD).date()
    days = {**holidays(first.year), **holidays(last.year)}
    if not days:
        yield config.warning(
            at,
            "no public holidays are known for this country",
            "list them in `closed`, or write holidays = false",
        )
    for day, holiday in sorted(days.items()):
        if holiday.estimated and first <= day <= last:
            yield config.warning(
                at,
                f"{holiday.name}, {day}: the date is not confirmed yet",
                "once it is, mend it by `closed` and `not_holidays`",
            )


def _without_holidays(config: Config) -> Iterator[Problem]:
    """Tell of rotations that wait for holidays which never come."""
    desk = config.roster.desk
    if desk.closed or desk.holidays is not no_holidays:
        return
    for name, rotation in config.roster.rotations.items():
        if any(Calendar.HOLIDAYS in layer.windows for layer in rotation.layers):
            yield config.warning(
                ("rotations", name),
                'is on "holidays", and no holidays are known',
                'add [desk] with country = "IR", or its `closed` days',
            )


def _turns(config: Config, now: datetime) -> Iterator[Problem]:
    """Tell the first finding of each sort in full, and how many are like it."""
    found = check_roster(config.roster, now, now + AHEAD)
    by_sort = groupby(sorted(found, key=_sort_of), key=_sort_of)
    for (rotation, kind), same in by_sort:
        first, *others = same
        more = f" ({len(others)} more like it in 90 days)" if others else ""
        yield config.warning(
            ("rotations", rotation),
            f"{_told(first, config.service.zone)}{more}",
            _HINTS.get(kind, ""),
        )


def _told(finding: Finding, zone: ZoneInfo) -> str:
    if finding.kind is not FindingKind.GAP:
        return finding.detail
    start, end = finding.start.astimezone(zone), finding.end.astimezone(zone)
    return f"{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}: {finding.detail}"


def _sort_of(finding: Finding) -> tuple[str, FindingKind]:
    return finding.rotation, finding.kind


def _steps(where: str) -> tuple[str | int, ...]:
    parts = where.split(".") if where else []
    return tuple(int(part) if part.isdigit() else part for part in parts)
