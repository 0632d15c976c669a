"""Who may be paged and told, judged from the rules' words and not by the engine."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select

from escalation_policies.policy import BadNewsRule, Policy, Target, policy_from_json
from escalation_policies.reason import Reason
from oncall.actions.announce import LATE, NEAR
from oncall.actions.house import View
from oncall.actions.in_place import EDITED, OWNER_NAMED
from oncall.model import Issue, Kind, Via
from oncall.store import Tx, issues, promises
from oncall.store.incidents import INCIDENT
from oncall.store.issues import ISSUE
from oncall.store.pages import PAGE
from oncall.store.prepared import Prepared, Row
from oncall.wording import ShiftNews
from simulation.news import reason_of

BAD_NEWS = (Reason.SEVERITY, Reason.TIMEOUT, Reason.ASKED, Reason.PROMISE_MISSED)
OWNERS = Prepared(select(INCIDENT.c.owner).where(INCIDENT.c.owner.is_not(None)))
POLICY = Prepared(select(ISSUE.c.policy).where(ISSUE.c.number == bindparam("its")))


def policy_of(tx: Tx, number: int) -> Policy:
    """Return the policy that an issue was opened with."""
    row = tx.first(POLICY, its=number)
    assert row is not None
    return policy_from_json(row["policy"])


class Law:
    """The rules at one instant, over rows of pages that were just planned.

    `lost` are those whom nothing reached then, or just before.
    """

    def __init__(
        self, tx: Tx, view: View, now: datetime, lost: Collection[str]
    ) -> None:
        self._lost = lost
        self._tx = tx
        self._view = view
        self._now = now

    def allows(self, page: Row) -> bool:
        """Whether anybody may be sent this at all."""
        if page["issue"] is None:
            if page["reason"].startswith("shift_"):
                return self._is_their_shift(page)
            if page["reason"] == "shifts_changed":  # several, some of them taken away
                return page["person"] in self._view.config.people
            if page["reason"] == "incident_grew":
                return page["person"] in self._owners()
            return page["kind"] == Kind.ANSWER or page["reason"] == "paging_is_ill"
        issue = issues.find(self._tx, page["issue"])
        if issue is None or not self._is_theirs(page):
            return False
        match Kind(page["kind"]):
            case Kind.PAGE:
                return self._may_be_paged(page, issue)
            case Kind.BAD_NEWS:
                return self._may_be_told(page, issue)
            case _:
                if page["reason"] in (EDITED, OWNER_NAMED):
                    return self._was_sent_something(page)
                return issue.owner == page["person"]

    def is_told(self, page: Row, lines: Sequence[Row]) -> bool:
        """Whether the timeline has a line for it among those just written."""
        person, reason = page["person"], page["reason"]
        telling = {
            Kind.PAGE: {("page", person, reason), (reason, person, "")},
            Kind.BAD_NEWS: {("bad_news", person, reason)},
            Kind.NOTICE: {("customer_wrote", None, "")},
        }
        if reason in (EDITED, OWNER_NAMED):
            return True
        said = {
            (line["event"], line["person"], line["reason"])
            for line in lines
            if line["issue"] == page["issue"]
        }
        return page["issue"] is None or bool(telling[Kind(page["kind"])] & said)

    def _is_theirs(self, page: Row) -> bool:
        """Whether it goes to where this person is reached."""
        person = self._view.config.people.get(page["person"])
        found = person and self._view.address(person, Via(page["via"]))
        return bool(found) and found == page["address"]

    def _owners(self) -> set[str]:
        """Return everybody who has an incident."""
        return {row["owner"] for row in self._tx.all(OWNERS)}

    def _is_their_shift(self, page: Row) -> bool:
        """Whether the person has a shift of which something is to be said now.

        Of one that was taken away nothing stands in the roster any more, nor, near now,
        of one whose end was moved into the past by an override that began then.
        """
        if page["reason"] in (f"shift_{ShiftNews.GONE}", f"shift_{ShiftNews.MOVED}"):
            return page["person"] in self._view.config.people
        begin, end = self._now - LATE, self._now + NEAR
        roster = self._view.roster
        return any(
            shift.person == page["person"] and begin < shift.end and shift.start < end
            for rotation in roster.rotations
            for shift in roster.shifts_between(rotation, begin, end)
        )

    def _was_sent_something(self, page: Row) -> bool:
        """Whether there is something on the phone that a change or a text can mend."""
        statement = select(PAGE.c.id).where(
            PAGE.c.issue == page["issue"],
            PAGE.c.person == page["person"],
            PAGE.c.sent_at.is_not(None),
            PAGE.c.id != page["id"],
        )
        return self._tx.first(statement.limit(1)) is not None

    def _people(self, targets: Iterable[Target]) -> set[str]:
        meant = (self._view.people_of(target, self._now) for target in targets)
        return {person for people in meant for person in people}

    def _may_be_paged(self, page: Row, issue: Issue) -> bool:
        """Whether it is on call at the level, the owner, the last resort, or assigned."""
        policy, person = policy_of(self._tx, issue.number), page["person"]
        if page["level"] is not None:
            return person in self._people(policy.levels[page["level"]].targets)
        if page["reason"] == "assigned":
            return issue.owner == person
        if page["reason"] == Reason.NO_REPLY and issue.owner == person:
            return True
        last = self._people(policy.last_resort)
        # Somebody who answers by chat can be reached again, which the decision made
        # on that answer does not know yet.
        none_left = last <= self._view.unreachable or page["reason"] == Reason.PASSED
        everybody = (target for level in policy.levels for target in level.targets)
        return person in (last | self._people(everybody) if none_left else last)

    def _may_be_told(self, page: Row, issue: Issue) -> bool:
        """Whether a rule says so now, or somebody asked; and only once."""
        if page["reason"] not in BAD_NEWS:
            return False
        said = select(func.count(func.distinct(PAGE.c.sequence))).where(
            PAGE.c.issue == issue.number,
            PAGE.c.kind == Kind.BAD_NEWS,
            PAGE.c.person == page["person"],
            PAGE.c.reason == page["reason"],
        )
        policy = policy_of(self._tx, issue.number)
        alike = [rule for rule in policy.bad_news if reason_of(rule) == page["reason"]]
        once = (self._tx.run(said).scalar() or 0) <= max(1, len(alike))
        meant = [rule.tell for rule in policy.bad_news if self._is_true(rule, issue)]
        if page["reason"] == Reason.ASKED and issue.asked_at is not None:
            everybody = [target for rule in policy.bad_news for target in rule.tell]
            meant.append(tuple(everybody) or policy.last_resort)
        return once and any(self._is_meant(page["person"], each) for each in meant)

    def _is_meant(self, person: str, targets: Iterable[Target]) -> bool:
        """Whether these targets mean a person; anybody's news if they mean nobody."""
        meant = self._people(targets)
        return person in meant or meant <= set(self._lost)

    def _is_true(self, rule: BadNewsRule, issue: Issue) -> bool:
        if rule.severity and rule.severity.rank > issue.severity.rank:
            return False
        if rule.asked and issue.asked_at is None:
            return False
        if rule.unacknowledged and issue.acknowledged_at is not None:
            return False
        promised = promises.earliest_due(self._tx, issue.number)
        return all(
            span is None or (since is not None and since + span <= self._now)
            for since, span in (
                (issue.opened_at, rule.unacknowledged),
                (issue.opened_at, rule.unresolved),
                (issue.waiting_since, rule.customer_waiting),
                (promised, rule.promise_overdue),
            )
        )
