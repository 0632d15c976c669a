"""Whether the timeline is complete: nothing about an issue changes but by a line of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from oncall.model import Kind, Status
from oncall.store.prepared import Row
from simulation.broken import hold

EXPLAINS = {
    "status": {"acknowledged", "passed", "resolved", "reopened", "left_incident"},
    "acknowledged_at": {"acknowledged", "passed", "reopened", "left_incident"},
    "owner": {
        "acknowledged",
        "assigned",
        "passed",
        "resolved",
        "reopened",
        "left_incident",
    },
    "severity": {"severity"},
    "snoozed_until": {"snoozed", "passed", "reopened"},
    "waiting_since": {"customer_wrote", "answered_customer", "reopened"},
}
"""Which lines may stand behind a change of a column."""
OF_PAGES = {"page": Kind.PAGE, "assigned": Kind.PAGE, "bad_news": Kind.BAD_NEWS}
"""Lines each of which says that somebody is sent something, and of what kind."""
NO_WAY = {"no_way_to_page", "no_way_to_tell"}
Sent = tuple[int, str, str, str]
"""An issue, a person, the kind of what they are sent, and why."""


class Record:
    """Compares the issues after each step with those before it."""

    def __init__(self) -> None:
        self._before: Mapping[int, Row] = {}

    def judge(
        self,
        issues: Mapping[int, Row],
        lines: Sequence[Row],
        planned: Iterable[Row],
        lost: Collection[str],
    ) -> None:
        """Look at what a step changed, and at the lines it wrote. Raises Broken."""
        events: dict[int, list[Row]] = {}
        for line in lines:
            events.setdefault(line["issue"], []).append(line)
            away = line["event"] not in NO_WAY or line["person"] in lost
            hold(away, f"#{line['issue']}: {line['event']} to {line['person']}, well")
        for number, issue in issues.items():
            self._explained(number, issue, events.get(number, []))
        self._before = issues
        _each_by_its_line(lines, planned, lost)

    def _explained(self, number: int, issue: Row, lines: Sequence[Row]) -> None:
        happened = {line["event"] for line in lines}
        before = self._before.get(number)
        if before is None:
            hold("opened" in happened, f"#{number} was never opened")
            return
        for column, explains in EXPLAINS.items():
            same = issue[column] == before[column]
            said = f"#{number}: {column} is {issue[column]}, was {before[column]}"
            hold(same or explains & happened, f"{said}, and no line says so")
        ended = issue["status"] == Status.RESOLVED != before["status"]
        hold(not ended or "resolved" in happened, f"#{number} ended by itself")
        given = {line["person"] for line in lines if line["event"] == "assigned"}
        kept = issue["owner"] in (before["owner"], None) or before["owner"] is None
        taken_over = f"#{number} was {before['owner']}'s and is {issue['owner']}'s"
        hold(kept or issue["owner"] in given, taken_over)


def _each_by_its_line(
    lines: Iterable[Row], planned: Iterable[Row], lost: Collection[str]
) -> None:
    """Compare who was said to be sent something with who is: each exactly as often."""
    said: Counter[Sent] = Counter(
        (
            line["issue"],
            line["person"],
            OF_PAGES[line["event"]],
            line["reason"] or line["event"],
        )
        for line in lines
        if line["event"] in OF_PAGES
    )
    sequences = {
        (
            page["sequence"],
            (page["issue"], page["person"], page["kind"], page["reason"]),
        )
        for page in planned
        if page["kind"] in OF_PAGES.values()
    }
    sent: Counter[Sent] = Counter(what for _, what in sequences)
    for what in said.keys() | sent.keys():
        number, person, kind, why = what
        nothing_left = why == "assigned" and person in lost
        well = said[what] == sent[what] or nothing_left
        hold(well, f"{kind} to {person} of #{number} for {why}: not as it is said")
