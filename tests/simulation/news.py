"""Whether leaders hear what the rules have them told, and at its moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from escalation_policies.policy import BadNewsRule, Policy, Severity
from escalation_policies.reason import Reason
from oncall.model import Status
from oncall.store.prepared import Row
from simulation.broken import hold

TELLS = {"bad_news", "no_way_to_tell", "bad_news_of_incident"}
AT_ONCE = {"opened", "severity", "reopened"}
"""What may make bad news of an issue in the same moment."""
ENDED = (Status.RESOLVED, Status.CLOSED)


class News:
    """Remembers of which issues leaders were told, and why."""

    def __init__(self) -> None:
        self._told: set[tuple[int, str]] = set()

    def judge(
        self,
        lines: Sequence[Row],
        issues: Mapping[int, Row],
        policies: Mapping[int, Policy],
    ) -> None:
        """Look at a step's lines: what is bad at once is told at once. Raises Broken."""
        for line in lines:
            if line["event"] in TELLS or line["reason"] == Reason.NOBODY_TO_TELL:
                self._told.add((line["issue"], line["reason"]))
        for line in lines:
            number = line["issue"]
            if line["event"] == "asked_for_leaders":
                self._must_be_told(number, Reason.ASKED)
            if line["event"] in AT_ONCE and issues[number]["status"] not in ENDED:
                for rule in policies[number].bad_news:
                    if _is_about_severity(rule, issues[number]):
                        self._must_be_told(number, Reason.SEVERITY)

    def rest(
        self, issues: Mapping[int, Row], policies: Mapping[int, Policy], now: datetime
    ) -> None:
        """Look at issues that nobody has for long. Raises Broken."""
        for number, issue in issues.items():
            if issue["status"] in ENDED or issue["acknowledged_at"]:
                continue
            for rule in policies[number].bad_news:
                late = rule.unacknowledged
                if late and _is_bad(rule, issue) and issue["opened_at"] + late < now:
                    self._must_be_told(number, Reason.TIMEOUT)

    def _must_be_told(self, number: int, why: Reason) -> None:
        told = {(number, why), (number, Reason.NOBODY_TO_TELL)} & self._told
        hold(told, f"leaders were not told of #{number} for {why}")


def _is_about_severity(rule: BadNewsRule, issue: Row) -> bool:
    clocks = (rule.unacknowledged, rule.unresolved, rule.customer_waiting)
    others = rule.asked or rule.promise_overdue or any(clocks)
    return not others and _is_bad(rule, issue)


def _is_bad(rule: BadNewsRule, issue: Row) -> bool:
    severity = Severity(issue["severity"])
    return rule.severity is None or severity.rank >= rule.severity.rank
