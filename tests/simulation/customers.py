"""The customers of the simulation: they write to the desk, and through a bank's product.

The bank's requests come twice, late and in another order than they were sent, as such
requests do; some of them nobody can read.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from escalation_policies.policy import Severity
from integrations.intake.contract import IntakeRequest
from oncall.actions import deliveries
from oncall.actions.report import report
from oncall.errors import StoreUnavailable
from oncall.model import Customer, Report

if TYPE_CHECKING:
    from simulation.world import World

STORM = range(5, 10)
"""So many customers write at once when something breaks for many."""
SPEAKERS = ("in", "in", "in", "in", "out", "note")
REMEMBERED = 8
"""What the bank sent lately, which may come again."""


class Customers:
    """Everybody who writes to us, and how it comes to us."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.random = world.random
        self._unsent: list[Report] = []
        self._threads = 0
        self._bank_words = 0
        self._bank_conversations = 0
        self._on_the_way: list[bytes] = []
        self._sent: list[bytes] = []

    def customer_writes(self) -> str:
        """A customer writes for the first time, once more, or again after a 503."""
        sent = self._unsent.pop() if self._unsent else self._new_report()
        try:
            done = self.world.act(lambda tx, view, now: report(tx, view, sent, now))
        except StoreUnavailable:
            self._unsent.append(sent)
            raise
        number = done.issue.number
        self.world.accepted[number] = self.world.accepted.get(number, 0) + 1
        return f"#{number} {done.issue.severity}, new {done.new}"

    def storm(self) -> str:
        """Something breaks for many, and all of them write."""
        many = self.random.choice(STORM)
        return "; ".join(self.customer_writes() for _ in range(many))

    def _new_report(self) -> Report:
        if self._threads == 0 or self.random.random() < 0.7:
            self._threads += 1
            thread = self._threads
        else:
            thread = self.random.randint(1, self._threads)
        severity = self.random.choice((None, *Severity))
        return Report(
            source="desk",
            subject=f"Nothing works, {thread}",
            customer=Customer(
                name=f"C{thread}", tier=self.random.choice(("", "", "vip"))
            ),
            external_id=f"T{thread}",
            severity=severity,
        )

    def bank_sends(self) -> str:
        """The bank's product brings a message: a new one, one held up, or one again."""
        choice = self.random.random()
        if self._on_the_way and choice < 0.4:
            body = self._on_the_way.pop(self.random.randrange(len(self._on_the_way)))
        elif self._sent and choice < 0.6:
            body = self.random.choice(self._sent[-REMEMBERED:])
        else:
            body = self._message()
            if choice > 0.85:
                self._on_the_way.append(body)
                return "it is on the way"
        return self._arrives(body)

    def _arrives(self, body: bytes) -> str:
        request = IntakeRequest(
            url="https://oncall.example/intake/bank",
            method="POST",
            query={},
            headers={"content-type": "application/json"},
            body=body,
            received_at=self.world.clock.now(),
        )
        source = self.world.sources["bank"]
        try:
            verdict = self.world.act(
                lambda tx, _, now: deliveries.keep(tx, source.arrival(request), now)
            )
        except StoreUnavailable:
            self._on_the_way.append(body)  # it was not answered 2xx, and comes again
            raise
        self._sent.append(body)
        self.world.delivered.append(body)
        return f"{verdict} {body[:60].decode()}"

    def _message(self) -> bytes:
        """Return a new message in a conversation, or something nobody can read."""
        self._bank_words += 1
        if self.random.random() < 0.05:
            return f"broken {self._bank_words}".encode()
        if self._bank_conversations == 0 or self.random.random() < 0.35:
            self._bank_conversations += 1
        conversation = self.random.randint(1, self._bank_conversations)
        said = {
            "message": f"m{self._bank_words}",
            "ref": f"B{conversation}",
            "who": f"w{conversation % 7}",
            "text": f"bank words {self._bank_words}.",
            "direction": self.random.choice(SPEAKERS),
            "automatic": self.random.random() < 0.1,
            "level": self.random.choice(("", "", "critical", "high")),
        }
        return json.dumps(said).encode()
