"""Whether leaders hear what the rules have them told, and at its moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from escalation_policies.policy import BadNewsRule, Policy, Severity, TargetKind
from escalation_policies.reason import Reason
from oncall.model import Status
from oncall.store.prepared import Row
from simulation.broken import hold

TELLS = {
    "bad_news",
    "no_way_to_tell",
    "bad_news_of_incident",
    "bad_news_in_page",
}
AT_ONCE = {"opened", "severity", "reopened"}
"""What may make bad news of an issue in the same moment."""
CORRECTIONS = timedelta(seconds=30)
"""What small corrections of the clock may add to a wait."""
ENDED = (Status.RESOLVED, Status.CLOSED)


class ToCome(NamedTuple):
    """A rule that is true of an issue from `moment` on, and when that is looked at."""

    number: int
    rule: BadNewsRule
    moment: datetime
    due_at: datetime | None


class News:
    """Remembers of which issues leaders were told, and why."""

    def __init__(self) -> None:
        self._told: set[tuple[int, str, str | None]] = set()

    def judge(
        self,
        lines: Sequence[Row],
        issues: Mapping[int, Row],
        policies: Mapping[int, Policy],
    ) -> None:
        """Look at a step's lines: what is bad at once is told at once. Raises Broken."""
        for line in lines:
            if line["event"] in TELLS or line["reason"] == Reason.NOBODY_TO_TELL:
                for person in (line["person"], None):
                    self._told.add((line["issue"], line["reason"], person))
        for line in lines:
            number = line["issue"]
            if line["event"] == "asked_for_leaders":
                self._must_be_told(number, Reason.ASKED)
            if line["event"] in AT_ONCE and issues[number]["status"] not in ENDED:
                for rule in policies[number].bad_news:
                    if _is_of_severity_alone(rule) and _is_bad(rule, issues[number]):
                        self._must_be_told(number, Reason.SEVERITY)

    def watch(self, to_come: Iterable[ToCome], now: datetime) -> None:
        """Whether each issue is looked at when it becomes bad news. Raises Broken."""
        for each in self._untold(to_come):
            latest = max(now, each.moment) + CORRECTIONS
            well = each.due_at is not None and each.due_at <= latest
            said = f"#{each.number} is bad news at {each.moment}"
            hold(well, f"{said}, looked at {each.due_at}")

    def rest(self, to_come: Iterable[ToCome], now: datetime) -> None:
        """Look at what became bad news long ago. Raises Broken."""
        for each in self._untold(to_come):
            why = reason_of(each.rule)
            hold(
                each.moment >= now, f"leaders were not told of #{each.number} for {why}"
            )

    def _untold(self, to_come: Iterable[ToCome]) -> Iterator[ToCome]:
        return (each for each in to_come if not self._is_told(each.number, each.rule))

    def _is_told(self, number: int, rule: BadNewsRule) -> bool:
        """Whether one of those whom a rule names was told; of a group anybody may be."""
        named = {each.name for each in rule.tell if each.kind is TargetKind.PERSON}
        tried = (number, Reason.NOBODY_TO_TELL, None) in self._told
        return tried or any(
            (number, reason_of(rule), person) in self._told
            for person in named or {None}
        )

    def _must_be_told(self, number: int, why: Reason) -> None:
        told = {(number, why, None), (number, Reason.NOBODY_TO_TELL, None)} & self._told
        hold(told, f"leaders were not told of #{number} for {why}")


def reason_of(rule: BadNewsRule) -> Reason:
    """Return why leaders hear of an issue by a rule."""
    if rule.asked:
        return Reason.ASKED
    if rule.promise_overdue is not None:
        return Reason.PROMISE_MISSED
    return Reason.SEVERITY if _is_of_severity_alone(rule) else Reason.TIMEOUT


def to_come(
    issues: Mapping[int, Row],
    policies: Mapping[int, Policy],
    promised: Mapping[int, datetime],
) -> Iterator[ToCome]:
    """Yield each rule of an open issue whose moment is known by the clock alone."""
    for number, issue in issues.items():
        if issue["status"] in ENDED:
            continue
        for rule in policies[number].bad_news:
            moment = _moment(rule, issue, promised.get(number))
            if moment is not None and not rule.asked and _is_bad(rule, issue):
                yield ToCome(number, rule, moment, issue["due_at"])


def _moment(
    rule: BadNewsRule, issue: Row, promised: datetime | None
) -> datetime | None:
    """Return when the last of a rule's clocks strikes; None while one of them stands."""
    untaken = None if issue["acknowledged_at"] else issue["opened_at"]
    strikes = [issue["opened_at"]]
    for since, span in (
        (untaken, rule.unacknowledged),
        (issue["opened_at"], rule.unresolved),
        (issue["waiting_since"], rule.customer_waiting),
        (promised, rule.promise_overdue),
    ):
        if span is not None and since is None:
            return None
        if span is not None:
            strikes.append(since + span)
    return max(strikes)


def _is_of_severity_alone(rule: BadNewsRule) -> bool:
    clocks = (rule.unacknowledged, rule.unresolved, rule.customer_waiting)
    return not (rule.asked or rule.promise_overdue or any(clocks))


def _is_bad(rule: BadNewsRule, issue: Row) -> bool:
    severity = Severity(issue["severity"])
    return rule.severity is None or severity.rank >= rule.severity.rank
