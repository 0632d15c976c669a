"""What must be true after every step of a simulated weekend, and at its end.

Only what is new since the last step is read, so that a step's cost does not grow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, RowMapping, Select, func, select

from escalation_policies.policy import (
    BadNewsRule,
    Policy,
    Target,
    policy_from_json,
)
from escalation_policies.reason import Reason
from oncall.metrics import REGISTRY
from oncall.model import Issue, Kind, PageState, Status, Via
from oncall.store import Tx, issues
from oncall.store.issues import ISSUE
from oncall.store.pages import CHANGE, LEAVES, PAGE, REACHES, Transition
from oncall.store.timeline import MESSAGE, TIMELINE

if TYPE_CHECKING:
    from simulation.world import World

LONGEST_WAIT = timedelta(minutes=30)
CALLS_OFF = {"acknowledged", "resolved", "snoozed"}
TAKEN = (PageState.ACCEPTED, PageState.DELIVERED)
EXPLAINED = {
    Transition.BOUNCE,
    Transition.REJECT,
    Transition.POSTPONE,
    Transition.EXPIRE,
    Transition.CANCEL,
    Transition.SUPERSEDE,
}
REASONED = {"page", "no_way_to_page", "bad_news", "no_way_to_tell", "cancelled"}
BAD_NEWS = {
    Reason.SEVERITY,
    Reason.TIMEOUT,
    Reason.ASKED,
    Reason.PROMISE_MISSED,
}


class Broken(AssertionError):
    """Something that must always be true was not."""


def hold(truth: object, sentence: str) -> None:
    """Raise Broken, with the sentence, when it is not so."""
    if not truth:
        raise Broken(sentence)


class Invariants:
    """Watches a world. Steps are counted, since one clock time holds many of them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._mistakes = _mistakes()
        self._step = 0
        self._changes = 0
        self._lines = 0
        self._ledgers = dict.fromkeys(Via, 0)
        self._took: dict[str, int] = {}
        self._states: dict[str, PageState] = {}
        self._planned: dict[str, int] = {}
        self._called_off: dict[tuple[int, str | None], int] = {}

    def check(self) -> None:
        """Look at what this step did. Raises Broken."""
        self._step += 1
        self.world.database.read_now(self._check)

    def _check(self, tx: Tx) -> None:
        lines = _newer(tx, select(TIMELINE), TIMELINE.c.id, self._lines)
        changes = _newer(
            tx,
            select(
                CHANGE.c.id.label("change"),
                CHANGE.c.transition,
                CHANGE.c.state.label("reached"),
                CHANGE.c.detail.label("because"),
                PAGE,
            ).join(PAGE),
            CHANGE.c.id,
            self._changes,
        )
        self._lines = lines[-1]["id"] if lines else self._lines
        self._changes = changes[-1]["change"] if changes else self._changes
        policies = _Policies(tx)
        for line in lines:
            self._line(line)
        for change in changes:
            self._change(change)
        fresh = [each for each in changes if each["transition"] == Transition.PLAN]
        for page in fresh:
            self._planned_by_rule(tx, page, lines, policies)
        self._hand_overs(changes)
        self._watched(tx)
        self._nothing_lost(tx)

    def _line(self, line: RowMapping) -> None:
        reasoned = line["event"] not in REASONED or line["reason"]
        hold(reasoned, f"the timeline says {line['event']} without a reason")
        if line["event"] in CALLS_OFF:
            self._called_off[line["issue"], None] = self._step
        if line["event"] == "passed" and line["person"]:
            self._called_off[line["issue"], line["person"]] = self._step

    def _change(self, change: RowMapping) -> None:
        page, transition = change["id"], Transition(change["transition"])
        before = self._states.get(page)
        if transition is Transition.PLAN:
            hold(before is None, f"page {page} was planned twice")
            self._planned[page] = self._step
        else:
            leaves = before in LEAVES[transition]
            hold(leaves, f"page {page} went from {before} by {transition}")
        hold(change["reached"] == REACHES[transition], f"{transition} reached wrongly")
        self._states[page] = REACHES[transition]
        explained = transition not in EXPLAINED or change["because"]
        hold(explained, f"page {page}: {transition} without a word why")
        if transition is Transition.CLAIM:
            self._wanted_still(change)

    def _wanted_still(self, page: RowMapping) -> None:
        if page["kind"] != Kind.PAGE:
            return
        for whose in (None, page["person"]):
            off = self._called_off.get((page["issue"], whose), 0)
            late = self._planned[page["id"]] < off < self._step
            hold(not late, f"#{page['issue']} was called off, yet {page['id']} is sent")

    def _planned_by_rule(
        self, tx: Tx, page: RowMapping, lines: Sequence[RowMapping], policies: _Policies
    ) -> None:
        if page["issue"] is None:
            known = page["kind"] == Kind.ANSWER or page["reason"] == "paging_is_ill"
            hold(known, f"{page['kind']} for {page['reason']!r} without an issue")
            return
        events = {
            (line["event"], line["person"], line["reason"])
            for line in lines
            if line["issue"] == page["issue"]
        }
        person, reason = page["person"], page["reason"]
        match Kind(page["kind"]):
            case Kind.PAGE:
                told = {("page", person, reason), (reason, person, "")} & events
                allowed = self._may_be_paged(tx, page, policies[page["issue"]])
            case Kind.BAD_NEWS:
                told = {("bad_news", person, reason)} & events
                allowed = self._may_be_told(tx, page, policies[page["issue"]])
            case _:
                told = {("customer_wrote", None, "")} & events
                row = issues.find(tx, page["issue"])
                allowed = row is not None and row.owner == person
        what = f"{page['kind']} to {person} of #{page['issue']} for {reason}"
        hold(told, f"the timeline does not say: {what}")
        hold(allowed, f"against the rules: {what}, level {page['level']}")

    def _people(self, tx: Tx, targets: tuple[Target, ...]) -> set[str]:
        now = self.world.clock.now()
        view = self.world.house.view(tx, now)
        return {name for each in targets for name in view.people_of(each, now)}

    def _may_be_paged(self, tx: Tx, page: RowMapping, policy: Policy) -> bool:
        """Whether it is on call at the level, the owner, the last resort, or assigned."""
        if page["level"] is not None:
            targets = policy.levels[page["level"]].targets
            return page["person"] in self._people(tx, targets)
        if page["reason"] == "assigned":
            return True
        issue = issues.find(tx, page["issue"])
        owner = issue is not None and issue.owner == page["person"]
        reminded = owner and page["reason"] == Reason.NO_REPLY
        return reminded or page["person"] in self._last_resort(tx, policy)

    def _last_resort(self, tx: Tx, policy: Policy) -> set[str]:
        levels = tuple(target for level in policy.levels for target in level.targets)
        return self._people(tx, policy.last_resort + levels)

    def _may_be_told(self, tx: Tx, page: RowMapping, policy: Policy) -> bool:
        """Whether a rule says so now, or somebody asked; and only once."""
        issue = issues.find(tx, page["issue"])
        if issue is None or page["reason"] not in BAD_NEWS:
            return False
        said = select(func.count(func.distinct(PAGE.c.sequence))).where(
            PAGE.c.issue == page["issue"],
            PAGE.c.kind == Kind.BAD_NEWS,
            PAGE.c.person == page["person"],
            PAGE.c.reason == page["reason"],
        )
        once = tx.run(said).scalar() == 1
        asked = page["reason"] == Reason.ASKED and issue.asked_at is not None
        ruled = any(self._is_true(rule, issue) for rule in policy.bad_news)
        return once and (asked or ruled)

    def _is_true(self, rule: BadNewsRule, issue: Issue) -> bool:
        if rule.severity and rule.severity.rank > issue.severity.rank:
            return False
        if rule.unacknowledged is None:
            return not rule.asked or issue.asked_at is not None
        late = issue.opened_at + rule.unacknowledged <= self.world.clock.now()
        return late and issue.acknowledged_at is None

    def _hand_overs(self, changes: Sequence[RowMapping]) -> None:
        """Look at what providers took: each once, unless nobody could know."""
        for via, provider in self.world.providers.items():
            for taken in provider.ledger[self._ledgers[via] :]:
                reference = taken.message.reference
                before = [
                    one
                    for one in provider.ledger
                    if one.message.reference == reference and one is not taken
                ]
                known = not provider.looks_up and all(one.lost for one in before)
                hold(not before or known, f"{via} took {reference} a second time")
                self._took[reference] = self._took.get(reference, 0) + 1
            self._ledgers[via] = len(provider.ledger)
        for change in changes:
            if change["reached"] in TAKEN:
                self._was_taken(change)

    def _was_taken(self, page: RowMapping) -> None:
        """Whether a page that counts as handed over has really been taken."""
        provider = self.world.providers[page["via"]]
        same = any(
            (one.message.to, one.message.text) == (page["address"], page["text"])
            for one in provider.ledger
        )
        hold(page["id"] in self._took or same, f"nobody took page {page['id']}")

    def _watched(self, tx: Tx) -> None:
        """Whether every open issue that nobody has will be looked at soon."""
        now = self.world.clock.now()
        statement = select(ISSUE.c.number, ISSUE.c.due_at, ISSUE.c.snoozed_until)
        for row in tx.all(statement.where(ISSUE.c.status == Status.OPEN)):
            hold(row["due_at"], f"#{row['number']} has no due time")
            latest = max(now, row["snoozed_until"] or now) + LONGEST_WAIT
            soon = row["due_at"] <= latest
            hold(soon, f"#{row['number']} is looked at only at {row['due_at']}")

    def _nothing_lost(self, tx: Tx) -> None:
        statement = select(MESSAGE.c.issue, func.count().label("many"))
        kept = {
            row["issue"]: row["many"]
            for row in tx.all(statement.group_by(MESSAGE.c.issue))
        }
        for number, many in self.world.accepted.items():
            enough = kept.get(number, 0) >= many
            hold(enough, f"#{number} has lost a message")

    def check_end(self) -> None:
        """Look at a weekend that has come to rest. Raises Broken."""
        self.check()
        self.world.database.read_now(self._check_end)
        hold(_mistakes() == self._mistakes, "the engine made a mistake and logged it")

    def _check_end(self, tx: Tx) -> None:
        now = self.world.clock.now()
        for page in tx.all(select(PAGE)):
            name = f"page {page['id']} of #{page['issue']}"
            hold(page["state"] != PageState.SENDING, f"{name} is stuck")
            late = page["state"] == PageState.PLANNED and (page["due_at"] or now) < now
            hold(not late, f"{name} was not sent")
            hold(self._states[page["id"]] == page["state"], f"{name} has no history")
        self._carried(tx)

    def _carried(self, tx: Tx) -> None:
        """Whether what was joined into another page reached a provider with it.

        An issue that was called off since, or whose next pages were taken, is well.
        """
        taken = {one.message.reference for one in self.world.taken()}
        for page in tx.all(select(PAGE).where(PAGE.c.state == PageState.SUPERSEDED)):
            reached = page["bundled_into"] in taken
            off = self._called_off.get((page["issue"], None), 0)
            well = reached or off > self._planned[page["id"]]
            hold(well, f"#{page['issue']} was joined to a page that nobody got")


class _Policies(Mapping[int, Policy]):
    """The frozen policies of issues, read when they are needed."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def __getitem__(self, number: int) -> Policy:
        statement = select(ISSUE.c.policy).where(ISSUE.c.number == number)
        return policy_from_json(self._tx.run(statement).scalar())

    def __iter__(self) -> Iterator[int]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _mistakes() -> list[float | None]:
    """Return how often the engine caught an error of its own until now."""
    name, kinds = "oncall_trouble_total", ("undecided", "unmade", "channel")
    return [REGISTRY.get_sample_value(name, {"what": kind}) for kind in kinds]


def _newer(
    tx: Tx, statement: Select[Any], column: ColumnElement[int], after: int
) -> list[RowMapping]:
    return tx.all(statement.where(column > after).order_by(column))
