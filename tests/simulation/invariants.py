"""What must be true after every step of a simulated weekend.

Only what is new since the last step is read, so that a step's cost does not grow.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select

from oncall.model import Kind, PageState, Status, Via
from oncall.store import Tx
from oncall.store.issues import ISSUE
from oncall.store.pages import CHANGE, LEAVES, PAGE, REACHES, Transition
from oncall.store.prepared import Prepared, Row
from oncall.store.promises import PROMISE
from oncall.store.set_back import set_back_by
from oncall.store.timeline import MESSAGE, TIMELINE
from simulation.broken import hold
from simulation.climb import Climb
from simulation.ladders import NOT_TRIED, climbed, whole
from simulation.law import Law, policy_of
from simulation.news import CORRECTIONS, News, ToCome, to_come
from simulation.people import REPORTED
from simulation.record import Record

if TYPE_CHECKING:
    from simulation.providers import Provider, Taken
    from simulation.world import World

CALLS_OFF = {"acknowledged", "resolved"}
TAKEN = (PageState.ACCEPTED, PageState.DELIVERED)
HEARD = (Transition.ACCEPT, Transition.REJECT, Transition.POSTPONE)
EXPLAINED = {
    Transition.BOUNCE,
    Transition.REJECT,
    Transition.POSTPONE,
    Transition.EXPIRE,
    Transition.CANCEL,
    Transition.SUPERSEDE,
    Transition.HOLD,
}
REASONED = {"page", "no_way_to_page", "bad_news", "no_way_to_tell", "cancelled"}
MARKED, NUMBERS = re.compile(r"#(\d+)"), re.compile(r"\d+")
"""Numbers of issues in what is read, and any numbers in what is heard."""
NEW_LINES = Prepared(
    select(TIMELINE).where(TIMELINE.c.id > bindparam("after")).order_by(TIMELINE.c.id)
)
NEW_CHANGES = Prepared(
    select(
        CHANGE.c.id.label("change"),
        CHANGE.c.transition,
        CHANGE.c.at.label("changed_at"),
        CHANGE.c.state.label("reached"),
        CHANGE.c.detail.label("because"),
        PAGE,
    )
    .join(PAGE)
    .where(CHANGE.c.id > bindparam("after"))
    .order_by(CHANGE.c.id)
)
ISSUES = Prepared(
    select(
        ISSUE.c.number,
        ISSUE.c.status,
        ISSUE.c.owner,
        ISSUE.c.severity,
        ISSUE.c.opened_at,
        ISSUE.c.due_at,
        ISSUE.c.acknowledged_at,
        ISSUE.c.confirmed_at,
        ISSUE.c.snoozed_until,
        ISSUE.c.waiting_since,
        ISSUE.c.reply_held_until,
    )
)
PROMISED = Prepared(
    select(PROMISE.c.issue, func.min(PROMISE.c.due_at).label("due"))
    .where(PROMISE.c.kept_at.is_(None))
    .group_by(PROMISE.c.issue)
)
MESSAGES = Prepared(
    select(MESSAGE.c.issue, func.count().label("many")).group_by(MESSAGE.c.issue)
)


class Invariants:
    """Watches a world. Steps are counted, since one clock time holds many of them.

    `states` are those of all pages; `planned` and `called_off` are the steps in which
    pages were planned, and issues called off for everybody or for one person.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self._step = 0
        self._changes = 0
        self._lines = 0
        self._ledgers = dict.fromkeys(Via, 0)
        self._seen = (0, 0)
        self._looked_at = world.clock.now()
        self._lost: frozenset[str] = frozenset()
        self.climb = Climb()
        self.news = News()
        self._record = Record()
        self.states: dict[str, PageState] = {}
        self.planned: dict[str, int] = {}
        self.called_off: dict[tuple[int, str | None], int] = {}

    def check(self) -> None:
        """Look at what this step did. Raises Broken."""
        self._step += 1
        seen = (self.world.database.changes, len(self.world.accepted))
        self._hand_overs()
        if seen != self._seen or self.world.clock.now() < self._looked_at:
            self.world.database.read_now(self._check)
        self._seen, self._looked_at = seen, self.world.clock.now()

    def rest(self, tx: Tx) -> None:
        """Look at issues of which nothing is due any more. Raises Broken."""
        now = self.world.clock.now()
        issues = {row["number"]: row for row in tx.all(ISSUES)}
        view = self.world.house.view(tx, now)
        self.climb.rest(issues, now, self._out_of_reach(tx), view)
        self.news.rest(self._news_to_come(tx, issues), now)

    def _check(self, tx: Tx) -> None:
        lines = tx.all(NEW_LINES, after=self._lines)
        changes = tx.all(NEW_CHANGES, after=self._changes)
        self._lines = lines[-1]["id"] if lines else self._lines
        self._changes = changes[-1]["change"] if changes else self._changes
        issues = {row["number"]: row for row in tx.all(ISSUES)}
        for line in lines:
            self._line(line)
        for change in changes:
            self._change(change)
            self._by_its_holder(change)
        planned = [c for c in changes if c["transition"] == Transition.PLAN]
        lost = self._out_of_reach(tx)
        self._climbed(tx, lines, issues, lost)
        self._record.judge(issues, lines, planned, lost)
        self.news.judge(lines, issues, self.climb.policies)
        climbed(tx, changes)
        whole(planned, lines, self.world.config.people)
        self._lawful(tx, planned, lines, lost)
        for change in changes:
            if change["reached"] in TAKEN:
                self._was_taken(change)
        self._watched(tx, issues)
        self._nothing_lost(tx)

    def _line(self, line: Row) -> None:
        reasoned = line["event"] not in REASONED or line["reason"]
        hold(reasoned, f"the timeline says {line['event']} without a reason")
        if line["event"] in CALLS_OFF:
            self.called_off[line["issue"], None] = self._step
        if line["event"] == "passed" and line["person"]:
            self.called_off[line["issue"], line["person"]] = self._step

    def _change(self, change: Row) -> None:
        page, transition = change["id"], Transition(change["transition"])
        before = self.states.get(page)
        if transition is Transition.PLAN:
            hold(before is None, f"page {page} was planned twice")
            self.planned[page] = self._step
        else:
            leaves = before in LEAVES[transition]
            hold(leaves, f"page {page} went from {before} by {transition}")
        hold(change["reached"] == REACHES[transition], f"{transition} reached wrongly")
        self.states[page] = REACHES[transition]
        explained = transition not in EXPLAINED or change["because"]
        hold(explained, f"page {page}: {transition} without a word why")
        if transition is Transition.CLAIM:
            self._wanted_still(change)

    def _by_its_holder(self, page: Row) -> None:
        """Whether what a provider said was written by who holds the page's lease.

        Where reports and look-ups come too, they may say the same without a lease.
        """
        if page["via"] in REPORTED or page["transition"] not in HEARD or page["edits"]:
            return
        heard = self.world.providers[page["via"]].answered
        tried = page["because"] not in NOT_TRIED
        its = (page["id"], page["epoch"])
        said = f"{page['transition']} of {page['id']} by one who does not hold it"
        hold(its in heard or not tried, said)

    def _wanted_still(self, page: Row) -> None:
        if page["kind"] != Kind.PAGE:
            return
        for whose in (None, page["person"]):
            off = self.called_off.get((page["issue"], whose), 0)
            late = self.planned[page["id"]] < off < self._step
            hold(not late, f"#{page['issue']} was called off, yet {page['id']} is sent")

    def _lawful(
        self,
        tx: Tx,
        planned: Sequence[Row],
        lines: Sequence[Row],
        lost: Collection[str],
    ) -> None:
        """Judge each page by what was true when it was planned.

        One step may hold several moments: time passes, and a sender hears of it.
        """
        for page in planned:
            then = page["created_at"]
            law = Law(tx, self.world.house.view(tx, then), then, lost)
            self._by_rule(law, page, lines)

    def _by_rule(self, law: Law, page: Row, lines: Sequence[Row]) -> None:
        what = f"{page['kind']} to {page['person']} of #{page['issue']}"
        why = f"for {page['reason']}, level {page['level']}"
        hold(law.allows(page), f"against the rules: {what} {why}")
        hold(law.is_told(page, lines), f"the timeline does not say: {what} {why}")

    def _hand_overs(self) -> None:
        """Look at what providers took: each once, unless nobody could know."""
        for via, provider in self.world.providers.items():
            for taken in provider.ledger[self._ledgers[via] :]:
                reference = taken.message.reference
                before = [one for one in provider.took(reference) if one is not taken]
                known = not provider.looks_up and all(one.lost for one in before)
                well = not before or known or reference in self.world.unsure
                mixed_up = not well and self._has_each_its_own(provider, taken)
                hold(well or mixed_up, f"{via} took {reference} a second time")
            self._ledgers[via] = len(provider.ledger)

    def _has_each_its_own(self, provider: Provider, taken: Taken) -> bool:
        """Tell whether these words were taken no oftener than there are pages of them.

        Nobody can tell such pages apart at the provider, and one may count another's
        message as its own; each has a message in the end.
        """
        words = (taken.message.to, taken.message.text)
        alike = [
            one.message.reference
            for one in provider.ledger
            if (one.message.to, one.message.text) == words
        ]
        known = select(PAGE.c.id).where(
            (PAGE.c.address == words[0]) & (PAGE.c.text == words[1]),
            (PAGE.c.via == provider.via) & (PAGE.c.provider_id != ""),
        )
        pages = self.world.database.read_now(lambda tx: tx.all(known))
        return len(alike) <= len({*alike, *(row["id"] for row in pages)})

    def _was_taken(self, page: Row) -> None:
        """Whether a page that counts as handed over has really been taken."""
        provider = self.world.providers[page["via"]]
        if page["edits"]:
            return  # a message that is changed was taken before
        known = provider.took(page["id"]) or provider.said(
            page["address"], page["text"]
        )
        hold(known, f"nobody took page {page['id']}")
        about = {page["issue"], *page["bundle"]}
        named = page["kind"] != Kind.PAGE or about & _named(page["text"])
        hold(named, f"page {page['id']} names another issue")

    def _out_of_reach(self, tx: Tx) -> frozenset[str]:
        """Return whom no method reached before this step, or after it."""
        before = self._lost
        self._lost = self.world.house.view(tx, self.world.clock.now()).unreachable
        return before | self._lost

    def _climbed(
        self,
        tx: Tx,
        lines: Sequence[Row],
        issues: Mapping[int, Row],
        lost: Collection[str],
    ) -> None:
        """Judge what the timeline says of levels."""
        view = self.world.house.view(tx, self.world.clock.now())
        for line in lines:
            if line["event"] == "opened":
                self.climb.opened(line["issue"], policy_of(tx, line["issue"]))
            self.climb.judge(line, issues[line["issue"]], view, lost)
        self.climb.passed(lines)

    def _watched(self, tx: Tx, issues: Mapping[int, Row]) -> None:
        """Whether every open issue that nobody has will be looked at soon.

        So will each when it becomes bad news. After the clock was set back that is so from when a node has noticed it.
        """
        now = self.world.clock.now()
        if set_back_by(tx, now):
            return
        self.news.watch(self._news_to_come(tx, issues), now)
        for row in issues.values():
            if row["status"] != Status.OPEN:
                continue
            hold(row["due_at"], f"#{row['number']} has no due time")
            wait = self.climb.wait(row["number"]) + CORRECTIONS
            soon = row["due_at"] <= max(now, row["snoozed_until"] or now) + wait
            hold(soon, f"#{row['number']} is looked at only at {row['due_at']}")

    def _news_to_come(self, tx: Tx, issues: Mapping[int, Row]) -> Iterator[ToCome]:
        promised = {row["issue"]: row["due"] for row in tx.all(PROMISED)}
        return to_come(issues, self.climb.policies, promised)

    def _nothing_lost(self, tx: Tx) -> None:
        kept = {row["issue"]: row["many"] for row in tx.all(MESSAGES)}
        for number, many in self.world.accepted.items():
            enough = kept.get(number, 0) >= many
            hold(enough, f"#{number} has lost a message")


def _named(text: str) -> set[int]:
    """Return the issues that a page names: `#128`, or a number that is heard."""
    found = MARKED.findall(text) or NUMBERS.findall(text)
    return {int(number) for number in found}
