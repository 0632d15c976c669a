"""A weekend of the service: real engine, simulated world, all of it from one seed.

    World(seed).play(steps=300)

Each step one thing happens, chosen by the seed: to the nodes, the providers, the
store, the clock or the people. After each the invariants are looked at. Then all
trouble ends, and what was accepted must come to its end.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

from sqlalchemy import bindparam, select

from integrations.intake.kinds import source
from oncall import ids
from oncall.actions.house import House, View
from oncall.actions.sources import ConfiguredSource
from oncall.clock import TurnedClock
from oncall.config.load import read
from oncall.config.values import Config
from oncall.errors import StoreUnavailable
from oncall.model import PageState, Via
from oncall.store import Tx
from oncall.store.pages import PAGE
from oncall.store.prepared import Prepared
from simulation.broken import Broken
from simulation.inline_database import InlineDatabase
from simulation.invariants import Invariants
from simulation.leave import Leave
from simulation.moves import Moves
from simulation.node import Node
from simulation.providers import UNHEARD, Outcome, Provider, Request, Taken
from simulation.rest import Rest

T = TypeVar("T")
Act = Callable[[Tx, View, datetime], T]
FRIDAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
NODES = 3
TIME_LIMIT = timedelta(seconds=12)
"""After so long a request has had its answer, or is given up: no lease is over by then
that nobody renews."""
VIAS = (Via.TELEGRAM, Via.SMS, Via.VOICE, Via.EMAIL)
EPOCH = Prepared(select(PAGE.c.epoch).where(PAGE.c.id == bindparam("its")))
CALM = timedelta(minutes=70)
"""Longer than the longest wait of a policy, its retries and its last resort."""
BUSY = 10_000


def configuration(*, promising: bool = True) -> Config:
    """Return the simulated house's configuration.

    `promising` is whether leaders also hear of promises and of customers who wait.
    """
    names = ("weekend.toml", "promising.toml") if promising else ("weekend.toml",)
    parts = [Path(__file__).with_name(name).read_text() for name in names]
    return read("\n".join(parts), environ={})


def _bank(config: Config) -> ConfiguredSource:
    bank = config.intake["bank"]
    assert bank.secret is not None
    product = source(bank.kind, name=bank.name, mapping=bank.mapping)
    return ConfiguredSource(name=bank.name, product=product, secret=bank.secret)


class World:
    """Everything there is. `told` is what happened, a line a step.

    `incidents` says whether some issues have one cause, which people see.
    `unsure` are the pages that were under way when the clock was set.
    """

    def __init__(self, seed: int, config: Config, *, incidents: bool = True) -> None:
        self.seed = seed
        self.has_incidents = incidents
        self.config = config
        self.random = Random(seed)  # noqa: S311 (it is to be foreseen)
        week = self.random.randrange(50)
        self.clock = TurnedClock(FRIDAY + week * WEEK)
        self.database = InlineDatabase()
        self.providers = {
            via: Provider(via=via, now=self.clock.now, epoch=self._epoch)
            for via in VIAS
        }
        self.house = House(config, VIAS)
        self.sources = {"bank": _bank(config)}
        self.leave = Leave(self.random)
        self.nodes = [self.new_node(place) for place in range(NODES)]
        self.accepted: dict[int, int] = {}
        self.delivered: list[bytes] = []
        self.told: list[str] = []
        self.unsure: set[str] = set()
        self.invariants = Invariants(self)
        self.rest = Rest(self, self.invariants)

    def play(self, steps: int) -> None:
        """Live through a weekend. Raises Broken with the seed and what happened."""
        moves = Moves(self)
        try:
            with seeded_ids(Random(f"ids {self.seed}")):  # noqa: S311 (they must replay)
                for _ in range(steps):
                    self.told.append(moves.make_one())
                    self.invariants.check()
                self.calm_down()
                self.invariants.check()
                self.rest.check()
        except Exception as error:
            story = "\n".join(self.told[-25:])
            msg = f"seed {self.seed}, step {len(self.told)}: {error}\n{story}"
            raise Broken(msg) from error
        finally:
            self.close()

    def close(self) -> None:
        """Let everything go."""
        for node in self.nodes:
            node.die()
        self.database.close()

    def new_node(self, place: int) -> Node:
        """Return a node that has just started."""
        name = f"node {place}"
        ways = {via: each.channel(name) for via, each in self.providers.items()}
        return Node(
            name,
            self.config,
            self.database,
            ways,
            self.clock,
            sources=self.sources,
            calendars=self.leave,
        )

    def awake(self) -> list[Node]:
        """Return the nodes that run."""
        return [node for node in self.nodes if not node.paused]

    def act(self, act: Act[T]) -> T:
        """Run an action in a transaction, as the API does."""
        now = self.clock.now()
        return self.database.write_now(
            lambda tx: act(tx, self.house.view(tx, now), now)
        )

    def requests(self) -> list[tuple[Provider, Request]]:
        """Return all requests under way, the oldest of each provider first."""
        return [
            (provider, request)
            for provider in self.providers.values()
            for request in provider.requests
        ]

    def taken(self) -> list[Taken]:
        """Return everything that any provider took."""
        return [one for each in self.providers.values() for one in each.ledger]

    def answer(self, provider: Provider, request: Request, outcome: Outcome) -> None:
        """Let a request come to its end, and its node go on if it can."""
        provider.requests.remove(request)
        node = next(node for node in self.nodes if node.name == request.node)
        heard = not node.paused and not request.answer.done()
        suffered = self.database.suffered
        before = len(provider.ledger)
        provider.settle(request, outcome, heard=heard)
        if not node.paused:
            node.breathe()
        if self.database.suffered > suffered:
            for taken in provider.ledger[before:]:
                taken.lost = True

    def pass_time(self, span: timedelta) -> None:
        """Turn the clock; requests that took too long are given up on the way.

        So are those that a node begins once others were given up.
        """
        until = self.clock.now() + span
        while late := [r for r in self.requests() if r[1].at + TIME_LIMIT <= until]:
            for provider, request in late:
                self.clock.turn_to(max(self.clock.now(), request.at + TIME_LIMIT))
                self.answer(provider, request, self.random.choice(UNHEARD))
        self.clock.turn_to(until)

    def _epoch(self, page: str) -> int:
        """Return the number of the lease under which a page is held now."""
        row = self.database.read_now(lambda tx: tx.first(EPOCH, its=page))
        return 0 if row is None else int(row["epoch"])

    def set_clock(self, leap: timedelta) -> None:
        """Set the clock that all nodes follow. What is under way is no older by it.

        A page that is in somebody's hands may come twice then: its lease seems to be
        over, or a look-up asks for another time. A node had looked at its clock within
        ten seconds before, as nodes do.
        """
        fault, self.database.fault = self.database.fault, None
        node = self.awake()[0]
        node.tick(node.watchdog)
        self.database.fault = fault
        self.clock.turn_to(self.clock.now() + leap)
        self.invariants.climb.clock_was_set()
        for _, request in self.requests():
            request.at += leap
        for page, state in self.invariants.states.items():
            if state in (PageState.PLANNED, PageState.SENDING):
                self.unsure.add(page)

    def next_due(self) -> datetime | None:
        """Return when the service has something to do next."""
        node = self.awake()[0]
        dues = [
            node.do(worker.next_due())
            for worker in (*node.workers, node.incidents)
            if worker is not node.watchdog
        ]
        return min((due for due in dues if due is not None), default=None)

    def calm_down(self) -> None:
        """End all trouble, and let the service do all that it still has to do."""
        self.database.fault = None
        for provider in self.providers.values():
            provider.down = False
        for node in self.nodes:
            node.paused = False
            node.breathe()
        until = self.clock.now() + CALM
        for _ in range(BUSY):
            self._do_all_that_is_due()
            due = self.next_due()
            if due is None or due > until:
                return
            self.clock.turn_to(max(due, self.clock.now()))
        msg = "the service does not come to rest"
        raise Broken(msg)

    def _do_all_that_is_due(self) -> None:
        busy = True
        while busy:
            busy = False
            for worker in (*self.nodes[0].workers, self.nodes[0].incidents):
                busy = self.nodes[0].tick(worker) or busy
                self.invariants.check()
            self.nodes[0].breathe()
            for provider, request in self.requests():
                dead = request.message.to in provider.refuses
                self.answer(
                    provider, request, Outcome.REFUSED if dead else Outcome.TAKEN
                )
                busy = True
        self.invariants.check()

    def try_to(self, act: Callable[[], str]) -> str:
        """Do something that the store may refuse just now; say what came of it."""
        try:
            return act()
        except StoreUnavailable:
            return "the store was away"


@contextmanager
def seeded_ids(random: Random) -> Iterator[None]:
    """Have new ids come from the seed too: they spread retries, and must replay."""
    real = ids.randomness
    ids.ready.clear()
    ids.randomness = random.randbytes
    try:
        yield
    finally:
        ids.randomness = real
        ids.ready.clear()
