"""What may happen in a step: to the nodes, the providers, the store and the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from simulation.calls import Calls
from simulation.customers import Customers
from simulation.incidents import Incidents
from simulation.inline_database import StoreFault
from simulation.people import People
from simulation.providers import UNHEARD, Outcome, Provider, Request

if TYPE_CHECKING:
    from simulation.world import World

Move = Callable[[], str]
CROWDED = 40
"""Requests under way at which providers answer before anything else happens."""
SETTINGS = (-3600, -3600, -90, -2, 2, 3600)
"""By how many seconds a clock is set: NTP's small steps, and somebody's hour."""
LONG_PAUSE = timedelta(minutes=2)


class Moves:
    """Chooses and makes moves, each as likely as its weight."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.random = world.random
        self._incidents = Incidents(world)
        people, customers, calls = People(world), Customers(world), Calls(world)
        weights: dict[Move, float] = {
            self.engine_works: 34,
            self.provider_answers: 26,
            self.time_passes: 12,
            customers.customer_writes: 4,
            customers.storm: 0.15,
            customers.bank_sends: 4,
            calls.phone_is_picked_up: 4,
            people.somebody_answers: 9,
            people.somebody_acts: 5,
            people.delivery_is_reported: 7,
            people.roster_changes: 0.3,
            people.leave_changes: 0.3,
            self.store_fails: 2,
            self.node_dies: 1,
            self.clock_is_set: 0.15,
            self.node_sleeps: 1,
            self.node_wakes: 2,
            self.provider_falls_ill: 0.5,
            self.provider_recovers: 1,
            self.address_dies: 0.4,
        }
        self._moves = tuple(weights)
        self._weights = tuple(weights.values())

    def make_one(self) -> str:
        """Make a move and say which, with the time."""
        if self._incidents.is_time:
            move: Move = self._incidents.somebody_sees_one_cause
        elif len(self.world.requests()) > CROWDED:
            move = self.provider_answers
        else:
            (move,) = self.random.choices(self._moves, self._weights)
        story = self.world.try_to(move)
        return f"{self.world.clock.now():%a %H:%M:%S} {move.__name__}: {story}"

    def engine_works(self) -> str:
        """One part of one node does what is due; it may stop right after it."""
        node = self.random.choice(self.world.awake())
        worker = self.random.choice(node.workers)
        busy = node.tick(worker)
        hold = busy and self.random.random() < 0.15
        if hold:
            node.paused = len(self.world.awake()) > 1
        else:
            node.breathe()
        return f"{worker.name} of {node.name}, busy {busy}, held {hold}"

    def provider_answers(self) -> str:
        """A request comes to its end, most often a good one."""
        under_way = self.world.requests()
        if not under_way:
            return "nothing is under way"
        provider, request = self.random.choice(under_way)
        outcome = self._outcome(provider, request)
        self.world.answer(provider, request, outcome)
        return f"{provider.via} {outcome} {request.message.reference[:6]}"

    def _outcome(self, provider: Provider, request: Request) -> Outcome:
        if provider.down:
            return self.random.choice((Outcome.UNAVAILABLE, Outcome.NEVER_ARRIVED))
        if request.message.to in provider.refuses:
            return Outcome.REFUSED
        usual = (80, 6, 4, 5, 3, 2)
        (outcome,) = self.random.choices(tuple(Outcome), usual)
        return outcome

    def time_passes(self) -> str:
        """Some time goes by: to what is due next, a little, or much."""
        due = self.world.next_due()
        now = self.world.clock.now()
        choice = self.random.random()
        if due is not None and due > now and choice < 0.6:
            span = due - now
        elif choice < 0.95:
            span = timedelta(seconds=self.random.randrange(1, 90))
        else:
            span = timedelta(minutes=self.random.randrange(2, 120))
        self.world.pass_time(span)
        return str(span)

    def store_fails(self) -> str:
        """The next commit fails, or its answer is lost."""
        fault = self.random.choice(tuple(StoreFault))
        self.world.database.fault = fault
        return fault

    def clock_is_set(self) -> str:
        """The clock that all nodes follow is set, and no time goes by."""
        seconds = self.random.choice(SETTINGS)
        self.world.set_clock(timedelta(seconds=seconds))
        return f"{seconds:+} s"

    def node_dies(self) -> str:
        """A node is killed and started again; its requests may have been taken."""
        place = self.random.randrange(len(self.world.nodes))
        node = self.world.nodes[place]
        node.die()
        self.world.nodes[place] = self.world.new_node(place)
        for provider, request in self.world.requests():
            if request.node == node.name:
                self.world.answer(provider, request, self.random.choice(UNHEARD))
        return node.name

    def node_sleeps(self) -> str:
        """A node stands still where it is, if another runs."""
        if len(self.world.awake()) == 1:
            return "the last one stays awake"
        node = self.random.choice(self.world.awake())
        node.paused = True
        return node.name

    def node_wakes(self) -> str:
        """A node goes on where it stood, often long after its leases."""
        asleep = [node for node in self.world.nodes if node.paused]
        if not asleep:
            return "none sleeps"
        node = self.random.choice(asleep)
        if self.random.random() < 0.5:
            self.world.pass_time(LONG_PAUSE)
        node.paused = False
        node.breathe()
        return node.name

    def provider_falls_ill(self) -> str:
        """A provider takes nothing for a while."""
        provider = self.random.choice(tuple(self.world.providers.values()))
        provider.down = True
        return provider.via

    def provider_recovers(self) -> str:
        """A provider is well again."""
        provider = self.random.choice(tuple(self.world.providers.values()))
        provider.down = False
        return provider.via

    def address_dies(self) -> str:
        """A provider refuses an address from now on, or takes it again."""
        provider = self.random.choice(tuple(self.world.providers.values()))
        if provider.refuses:
            provider.refuses.clear()
            return f"{provider.via} takes everything again"
        known = sorted({taken.message.to for taken in provider.ledger})
        if not known:
            return "nobody is known"
        provider.refuses.add(self.random.choice(known))
        return f"{provider.via} refuses {provider.refuses}"
