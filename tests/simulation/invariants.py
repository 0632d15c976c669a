"""What must be true after every step of a simulated weekend, and at its end.

Only what is new since the last step is read, so that a step's cost does not grow.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, RowMapping, Select, func, select

from oncall.metrics import REGISTRY
from oncall.model import Kind, PageState, Status, Via
from oncall.store import Tx
from oncall.store.issues import ISSUE
from oncall.store.pages import CHANGE, LEAVES, PAGE, REACHES, Transition
from oncall.store.timeline import MESSAGE, TIMELINE
from simulation.law import Law

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
        for line in lines:
            self._line(line)
        for change in changes:
            self._change(change)
        now = self.world.clock.now()
        law = Law(tx, self.world.house.view(tx, now), now)
        for change in changes:
            if change["transition"] == Transition.PLAN:
                self._by_rule(law, change, lines)
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

    def _by_rule(self, law: Law, page: RowMapping, lines: Sequence[RowMapping]) -> None:
        what = f"{page['kind']} to {page['person']} of #{page['issue']}"
        why = f"for {page['reason']}, level {page['level']}"
        hold(law.allows(page), f"against the rules: {what} {why}")
        hold(law.is_told(page, lines), f"the timeline does not say: {what} {why}")

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


def _mistakes() -> list[float | None]:
    """Return how often the engine caught an error of its own until now."""
    name, kinds = "oncall_trouble_total", ("undecided", "unmade", "channel")
    return [REGISTRY.get_sample_value(name, {"what": kind}) for kind in kinds]


def _newer(
    tx: Tx, statement: Select[Any], column: ColumnElement[int], after: int
) -> list[RowMapping]:
    return tx.all(statement.where(column > after).order_by(column))
