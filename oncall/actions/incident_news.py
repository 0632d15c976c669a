"""Bad news of an incident: one piece of news, and about how many customers it is."""

from datetime import datetime

from escalation_policies.reason import Reason
from oncall import wording
from oncall.model import Issue, Person
from oncall.store import Tx, announcements, incidents

ONCE = frozenset({Reason.SEVERITY, Reason.TIMEOUT})
"""What is one piece of news for all issues of an incident; a promise is one customer's."""


def told_before(
    tx: Tx, issue: Issue, person: str, reason: Reason, now: datetime
) -> bool:
    """Tell whether a leader has had this news by another issue of the same incident.

    If not, it counts as told from now on.
    """
    if issue.incident is None or reason not in ONCE:
        return False
    key = f"incident {issue.incident} {issue.severity} {reason} {person}"
    return not announcements.once(tx, key, now)


def whose_problem(tx: Tx, issue: Issue, reader: Person) -> tuple[str, str]:
    """Return who has which problem: for an issue of an incident all of them, and it."""
    found = None if issue.incident is None else incidents.find(tx, issue.incident)
    if found is None:
        return issue.customer.display_name, issue.subject
    return wording.affected(reader.language, found.customers), found.title
