"""Hours at which a policy pages nobody before its leaders: who answers is a surprise."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from escalation_policies.policy import Level, Policy, Target, TargetKind
from oncall.config.values import Config
from oncall.errors import Problem
from rotations.shift import Interval, subtract

AHEAD = timedelta(days=14)


def hours_of_leaders(config: Config, now: datetime) -> Iterator[Problem]:
    """Yield a warning for each policy with such hours in the coming 14 days.

    Leaders are whom its bad news and the last resort name. A policy whose first level
    is theirs means it.
    """
    for name, policy in config.policies.items():
        found = _hours(config, policy, now)
        if found:
            zone = config.service.zone
            start, end = (at.astimezone(zone) for at in (found[0].start, found[0].end))
            more = (
                f" (and {_times(len(found) - 1)} more in 14 days)" if found[1:] else ""
            )
            yield config.warning(
                ("escalation_policies", name),
                f"{start:%a %Y-%m-%d %H:%M} to {end:%a %Y-%m-%d %H:%M}: "
                f"it pages nobody before its leaders{more}",
                "add a rotation that covers these hours to one of its first levels",
            )


def _hours(config: Config, policy: Policy, now: datetime) -> tuple[Interval, ...]:
    leaders = {*policy.last_resort, *config.service.last_resort}
    leaders |= {target for rule in policy.bad_news for target in rule.tell}
    first: list[Target] = []
    for level in policy.levels:
        if _is_theirs(level, leaders):
            break
        first += [target for target in level.targets if target not in leaders]
    if not first or any(one.kind is not TargetKind.ROTATION for one in first):
        return ()  # a person or a group is always there
    rotations = {target.name for target in first}
    held = [
        Interval(start=shift.start, end=shift.end)
        for rotation in sorted(rotations & config.roster.rotations.keys())
        for shift in config.roster.shifts_between(rotation, now, now + AHEAD)
    ]
    return subtract([Interval(start=now, end=now + AHEAD)], held)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _is_theirs(level: Level, leaders: set[Target]) -> bool:
    return all(target in leaders for target in level.targets)
