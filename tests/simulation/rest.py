"""What must be true of a weekend that has come to rest: nothing is left undone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select

from oncall.actions import why
from oncall.actions.why import Message
from oncall.cli.why_text import Sentences
from oncall.metrics import REGISTRY
from oncall.model import PageState
from oncall.store import Tx
from oncall.store.bundles import HANDED_OVER
from oncall.store.intake import DELIVERY
from oncall.store.pages import PAGE
from oncall.store.prepared import Row
from oncall.store.timeline import MESSAGE
from simulation.broken import hold

if TYPE_CHECKING:
    from simulation.invariants import Invariants
    from simulation.world import World


class Rest:
    """Looks at a world in which nothing is due any more."""

    def __init__(self, world: World, seen: Invariants) -> None:
        self.world = world
        self._seen = seen
        self._mistakes = mistakes()

    def check(self) -> None:
        """Look at everything. Raises Broken."""
        self.world.database.read_now(self._check)
        hold(mistakes() == self._mistakes, "the engine made a mistake and logged it")

    def _check(self, tx: Tx) -> None:
        self._seen.rest(tx)
        self._sent(tx)
        self._tried(tx)
        self._carried(tx)
        self._read(tx)
        self._told_why(tx)

    def _told_why(self, tx: Tx) -> None:
        """Whether `oncall why` has a sentence for each page, sent or not."""
        now = self.world.clock.now()
        view = self.world.house.view(tx, now)
        sentences = Sentences(view)
        for number in self.world.accepted:
            until = why.by_now(tx, number, now)
            entries = why.of_issue(tx, view, number, until)
            told = [entry for entry in entries if isinstance(entry, Message)]
            planned = tx.all(select(PAGE.c.person).where(PAGE.c.issue == number))
            hold(len(told) == len(planned), f"not every page of #{number} is explained")
            silent = [sentences.say(entry) for entry in told].count("")
            hold(not silent, f"{silent} pages of #{number} are explained by nothing")

    def _sent(self, tx: Tx) -> None:
        """Whether every page has come to its end, in a way that was seen."""
        now = self.world.clock.now()
        for page in tx.all(select(PAGE)):
            name = f"page {page['id']} of #{page['issue']}"
            hold(page["state"] != PageState.SENDING, f"{name} is stuck")
            late = page["state"] == PageState.PLANNED and (page["due_at"] or now) < now
            hold(not late, f"{name} was not sent")
            hold(
                self._seen.states[page["id"]] == page["state"], f"{name} has no history"
            )

    def _tried(self, tx: Tx) -> None:
        """Whether no method waits for one to fail that has failed."""
        ladders: dict[str, list[Row]] = {}
        for page in tx.all(select(PAGE).order_by(PAGE.c.step)):
            ladders.setdefault(page["sequence"], []).append(page)
        for steps in ladders.values():
            states = {page["state"] for page in steps}
            dues = [p["due_at"] for p in steps if p["state"] == PageState.PLANNED]
            waits = bool(dues) and not any(dues)
            well = not waits or states & {*HANDED_OVER, PageState.SUPERSEDED}
            hold(well, f"nothing of #{steps[0]['issue']} reached {steps[0]['person']}")

    def _carried(self, tx: Tx) -> None:
        """Whether what was joined into another page reached a provider with it.

        A page for many may have been joined into the next. An issue that was called
        off since, or whose next pages were taken, is well.
        """
        taken = {one.message.reference for one in self.world.taken()}
        ids = {one.provider_id for one in self.world.taken()}
        by_words = select(PAGE.c.id).where(PAGE.c.provider_id.in_(ids))
        taken |= {page["id"] for page in tx.all(by_words)}
        joined = tx.all(select(PAGE).where(PAGE.c.state == PageState.SUPERSEDED))
        into = {page["id"]: page["bundled_into"] for page in joined}
        bundles = tx.all(select(PAGE.c.id, PAGE.c.bundle).where(PAGE.c.bundle_size > 0))
        stands_for = {page["id"]: page["bundle"] for page in bundles}
        for page in joined:
            carrier = page["bundled_into"]
            while carrier in into and carrier not in taken:
                carrier = into[carrier]
            # one that was taken while its page waited is not named any more
            named = page["called_off"] or page["issue"] in stands_for.get(carrier, ())
            hold(named, f"#{page['issue']} is not among those of the page it is in")
            off = self._seen.called_off.get((page["issue"], None), 0)
            well = carrier in taken or off > self._seen.planned[page["id"]]
            hold(well, f"#{page['issue']} was joined to a page that nobody got")

    def _read(self, tx: Tx) -> None:
        """Whether all that products delivered was read, and stands in an issue."""
        bodies = set()
        for row in tx.all(select(DELIVERY).where(DELIVERY.c.duplicate_of.is_(None))):
            bodies.add(row["body"])
            hold(row["read_at"], f"delivery {row['id']} was never read")
            kept = row["verdict"] != "unparsed" or row["outcomes"]
            hold(kept, f"delivery {row['id']} was shown to nobody")
        words = {row["text"] for row in tx.all(select(MESSAGE.c.text))}
        for body in self.world.delivered:
            hold(body in bodies, "a delivery that was accepted is nowhere")
            said = _customers_words(body)
            hold(said is None or said in words, f"{said!r} stands in no issue")


def _customers_words(body: bytes) -> str | None:
    """Return what a customer wrote to the bank; None for what opens no issue."""
    try:
        message = json.loads(body)
    except ValueError:
        return None
    own = message["direction"] == "in" and not message["automatic"]
    return str(message["text"]) if own else None


def mistakes() -> list[float | None]:
    """Return how often the engine caught an error of its own until now."""
    name, kinds = "oncall_trouble_total", ("undecided", "unmade", "unread", "channel")
    return [REGISTRY.get_sample_value(name, {"what": kind}) for kind in kinds]
