"""Whether the levels come in their order and each in its time, as the timeline says it.

It is worked out from the policy's words and the lines alone, not by the engine.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from escalation_policies.policy import Level, Policy, TargetKind
from escalation_policies.reason import Reason
from oncall.actions.house import View
from oncall.store.prepared import Row
from simulation.broken import hold

HALF_AN_HOUR = timedelta(minutes=30)
MOMENT = timedelta(minutes=1)
"""How late something may be that was due when everything else was."""
Place = tuple[int, int]
"""A round and a level in it, both from 1, as people read them."""
THE_LAST: Place = (1_000, 0)
"""The last resort comes after all rounds."""


@dataclass(slots=True, kw_only=True)
class Stand:
    """Where an issue stands by its lines. `hurried` when the next level may come at once.

    `goes_on` when the levels do because a customer waits for an answer, until they stand
    still again. `paged` are those who were paged at `at` in one place, and `passed` whether one of
    them, or whoever had it, wants the next level now, or nobody of them is reached.
    """

    policy: Policy
    place: Place = (1, 0)
    at: datetime | None = None
    wait: timedelta = HALF_AN_HOUR
    paged: set[str] = field(default_factory=set)
    taken: bool = False
    finished: bool = False
    hurried: bool = True
    reminded_at: datetime | None = None
    passed: bool = False
    goes_on: bool = False

    def begin_anew(self) -> None:
        """Stand where a new issue does."""
        self.place, self.at, self.wait = (1, 0), None, HALF_AN_HOUR
        self.reminded_at = None
        self.goes_on = False
        self.taken = self.finished = False
        self.hurried = True

    def heard(self, line: Row) -> None:
        """Learn from a line that is about no page."""
        match line["event"]:
            case "acknowledged":
                self.taken = self.hurried = True
                self.paged.clear()
            case "passed":
                by = line["person"]
                self.passed = by is None or self.taken or by in self.paged
                self.taken, self.hurried = False, True
            case "level_unreachable":
                self.passed = True
            case "resolved":
                self.finished = True
            case "reopened" if line["person"] is None:
                self.begin_anew()
            case "reopened":
                self.taken, self.finished, self.hurried = True, False, True
        self._heard_why(line)

    def _heard_why(self, line: Row) -> None:
        if line["reason"] == Reason.LEVEL_LEFT:
            self.paged.discard(line["person"])
        if line["reason"] == Reason.LEVEL_EMPTY and not self.paged:
            self.hurried = True  # all of the level that was waited for have left
        if line["event"] == "note" and line["reason"] == Reason.ACKNOWLEDGED:
            # once they go on, for want of an answer, it is at once
            self.goes_on, self.hurried = False, True
        if Reason.LEVEL_UNREACHABLE in (line["event"], line["reason"]):
            self.hurried = True
        if line["reason"] == Reason.NOBODY_TO_PAGE:
            self.passed = False
        if line["reason"] == Reason.OWNER_UNREACHABLE:
            self.reminded_at = line["at"]


class Climb:
    """Judges each line about a page. `lost` are the people whom nothing reaches."""

    def __init__(self) -> None:
        self._stands: dict[int, Stand] = {}
        self.policies: dict[int, Policy] = {}

    def opened(self, number: int, policy: Policy) -> None:
        """Begin with a new issue."""
        self.policies[number] = policy
        self._stands[number] = Stand(policy=policy)

    def clock_was_set(self) -> None:
        """Do not measure spans over it."""
        for stand in self._stands.values():
            stand.hurried = True

    def wait(self, number: int) -> timedelta:
        """Return how long the level that was paged last is waited for."""
        return self._stands[number].wait

    def judge(self, line: Row, issue: Row, view: View, lost: Collection[str]) -> None:
        """Take the next line of an issue, as it is now. Raises Broken."""
        stand = self._stands[line["issue"]]
        put_back = line["event"] == "left_incident" and not issue["acknowledged_at"]
        if put_back and stand.taken:
            stand.begin_anew()
        if line["event"] not in ("page", "no_way_to_page"):
            stand.heard(line)
            return
        said = f"#{line['issue']}: {line['person']} is paged for {line['reason']}"
        hold(not stand.finished, f"{said} when it is finished")
        snoozed = issue["snoozed_until"]
        held = snoozed is not None and line["at"] < snoozed
        hold(not held or line["reason"] == Reason.PASSED, f"{said} in a snooze")
        if line["reason"] == Reason.LEVEL_JOINED:
            _join(stand, line, said)
            return
        overdue = line["reason"] == Reason.NO_REPLY
        hold(overdue is stand.taken, f"{said}, taken {stand.taken}")
        if overdue and not stand.goes_on:
            hold(_waits(stand.policy, issue, line["at"]), f"{said} and none waits")
        if overdue and _reminds(stand, line, issue):
            stand.reminded_at = line["at"]
        else:
            _climb(stand, line, view, lost, said)
            stand.goes_on = overdue

    def passed(self, lines: Iterable[Row]) -> None:
        """Look at who passed in a step, when all its lines are taken. Raises Broken."""
        for number in {line["issue"] for line in lines}:
            waits = self._stands[number].passed
            hold(
                not waits,
                f"#{number} was passed on or reached nobody, and nobody is paged",
            )

    def rest(
        self,
        issues: Mapping[int, Row],
        now: datetime,
        lost: Collection[str],
        view: View,
    ) -> None:
        """Look at issues of which nothing has been due for long. Raises Broken."""
        for number, stand in self._stands.items():
            snoozed = issues[number]["snoozed_until"]
            if stand.finished or (snoozed and now < snoozed + HALF_AN_HOUR):
                continue
            if stand.taken:
                _is_reminded(number, stand, issues[number], now)
            else:
                paged = stand.at and now <= stand.at + stand.wait + MOMENT
                hold(paged or _nobody(stand, lost), f"#{number} is nobody's, unpaged")
                _all_are_paged(number, stand, view, now, lost)


def _join(stand: Stand, line: Row, said: str) -> None:
    """Take who came to the level that is waited for, and was not paged there yet."""
    hold(_place(line["detail"]) == stand.place, f"{said}, behind {stand.place}")
    hold(line["person"] not in stand.paged, f"{said} a second time")
    stand.paged.add(line["person"])
    stand.passed = False


def _all_are_paged(
    number: int, stand: Stand, view: View, now: datetime, lost: Collection[str]
) -> None:
    """Whether whoever is on call at the level that is waited for was paged there."""
    if stand.at is None or stand.place == THE_LAST:
        return
    level = stand.policy.levels[stand.place[1] - 1]
    unpaged = _people(level, view, now) - stand.paged - set(lost)
    hold(not unpaged, f"#{number} waits for {sorted(unpaged)}, who were not paged")


def _reminds(stand: Stand, line: Row, issue: Row) -> bool:
    """Whether it is the owner's one reminder. Later the last resort may mean them.

    One that is later than now was before the clock was set back, and does not count.
    """
    since, before = _waits_since(issue), stand.reminded_at
    owners = line["person"] == issue["owner"] and not line["detail"]
    if not owners or since is None:
        return False
    return before is None or not since <= before <= line["at"]


def _nobody(stand: Stand, lost: Collection[str]) -> bool:
    """Whether not even those whom the policy names by their names can be reached."""
    targets = (target for level in stand.policy.levels for target in level.targets)
    named = {target.name for target in targets if target.kind is TargetKind.PERSON}
    return bool(lost) and named <= set(lost)


def _is_reminded(number: int, stand: Stand, issue: Row, now: datetime) -> None:
    since, within = _waits_since(issue), stand.policy.reply_within
    if since is None or within is None or now < since + within + MOMENT:
        return
    reminded = stand.reminded_at
    hold(reminded and reminded >= since, f"the owner of #{number} was not reminded")
    assert reminded is not None
    if now >= reminded + within + MOMENT:
        goes_on = stand.at and stand.at >= reminded and now <= stand.at + stand.wait
        hold(goes_on, f"the levels of #{number} do not go on, and a customer waits")


def _waits(policy: Policy, issue: Row, now: datetime) -> bool:
    """Whether the customer has waited too long for an answer of whoever has it."""
    since, within = _waits_since(issue), policy.reply_within
    return since is not None and within is not None and since + within <= now


def _waits_since(issue: Row) -> datetime | None:
    """Return from when on whoever has the issue owes its customer an answer."""
    times = (
        issue["waiting_since"],
        issue["confirmed_at"] or issue["acknowledged_at"],
        issue["reply_held_until"] or issue["waiting_since"],
    )
    return None if None in times else max(times)


def _climb(
    stand: Stand, line: Row, view: View, lost: Collection[str], said: str
) -> None:
    place, said = _place(line["detail"]), f"{said}, {line['detail'] or 'last resort'}"
    together = place == stand.place and line["at"] == stand.at
    if together and line["person"] not in stand.paged:
        stand.paged.add(line["person"])
        stand.passed = False
        return
    again = place == stand.place == THE_LAST
    hold(again or place > stand.place, f"{said} after {stand.place}")
    early = stand.at is not None and line["at"] < stand.at + stand.wait
    hold(stand.hurried or not early, f"{said}, when the one before had {stand.wait}")
    for level in _between(stand.policy, stand.place, place):
        left = _people(level, view, line["at"]) - set(lost)
        well = not left or line["reason"] == Reason.PASSED
        hold(well, f"{said}, and {sorted(left)} are passed over")
    stand.place, stand.at, stand.paged = place, line["at"], {line["person"]}
    stand.hurried = stand.passed = False
    levels = stand.policy.levels
    stand.wait = HALF_AN_HOUR if place == THE_LAST else levels[place[1] - 1].wait


def _place(detail: str) -> Place:
    """Read `level 2, round 1`."""
    if not detail:
        return THE_LAST
    level, round_ = (int(word.split()[1]) for word in detail.split(", "))
    return round_, level


def _between(policy: Policy, last: Place, place: Place) -> Iterable[Level]:
    """Return the levels that were left out between two places, each once.

    When a whole round reaches nobody, the last resort does not wait for the others.
    """
    every = [
        (round_, level)
        for round_ in range(1, policy.rounds + 1)
        for level in range(1, len(policy.levels) + 1)
    ]
    left_out = {level for at in every if last < at < place for level in at[1:]}
    return [policy.levels[level - 1] for level in sorted(left_out)]


def _people(level: Level, view: View, at: datetime) -> set[str]:
    return {who for target in level.targets for who in view.people_of(target, at)}
