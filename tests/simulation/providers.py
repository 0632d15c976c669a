"""Providers in the simulation: requests under way, and a ledger of what they took.

A request waits until the world decides what comes of it. What the ledger says is what
people really got, whatever anybody heard of it.
"""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from integrations.contract import OutboundMessage, Receipt
from integrations.errors import ChannelError, Rejected, Unavailable, Uncertain
from oncall.model import Via


@dataclass(kw_only=True, eq=False)
class Taken:
    """A message that a provider took. `lost` when we may not have heard of it."""

    via: Via
    message: OutboundMessage
    at: datetime
    provider_id: str
    lost: bool = False


@dataclass(kw_only=True, eq=False)
class Request:
    """A message on its way to a provider, from a node that waits for the answer.

    `epoch` is that of the lease under which it was sent.
    """

    node: str
    message: OutboundMessage
    epoch: int
    at: datetime
    answer: asyncio.Future[Receipt]


class Outcome(StrEnum):
    """What may come of a request."""

    TAKEN = "taken"
    ANSWER_LOST = "answer_lost"
    NEVER_ARRIVED = "never_arrived"
    TOO_MANY = "too_many"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"


CLOCKS_DIFFER = timedelta(minutes=1)
"""A look-up asks for so much earlier, since our clock is not the provider's."""
UNHEARD = (Outcome.ANSWER_LOST, Outcome.NEVER_ARRIVED)
"""What a sender that hears nothing cannot tell apart."""


@dataclass(kw_only=True)
class Provider:
    """One provider. `refuses` are addresses that are dead for it.

    `epoch` tells the lease under which a page is held; `answered` are the pages and
    leases whose requests came to their end.
    """

    via: Via
    now: Callable[[], datetime]
    epoch: Callable[[str], int]
    down: bool = False
    refuses: set[str] = field(default_factory=set)
    requests: list[Request] = field(default_factory=list)
    answered: set[tuple[str, int]] = field(default_factory=set)
    ledger: list[Taken] = field(default_factory=list)
    _took: dict[str, list[Taken]] = field(default_factory=dict)
    _said: set[tuple[str, str]] = field(default_factory=set)

    def took(self, reference: str) -> list[Taken]:
        """Return what it took under one reference of ours, the first first."""
        return self._took.get(reference, [])

    def said(self, to: str, text: str) -> bool:
        """Tell whether it ever took these words for this address."""
        return (to, text) in self._said

    @property
    def looks_up(self) -> bool:
        """Whether it can be asked what it took."""
        return self.via is Via.SMS

    def channel(self, node: str) -> "SimulatedChannel":
        """Return a node's way to it."""
        kind = SearchableChannel if self.looks_up else SimulatedChannel
        return kind(self, node)

    def settle(self, request: Request, outcome: Outcome, *, heard: bool) -> None:
        """Make something of a request; tell its node, if that still waits."""
        self.answered.add((request.message.reference, request.epoch))
        answer: Receipt | ChannelError
        match outcome:
            case Outcome.TAKEN:
                answer = self._take(request, lost=not heard)
            case Outcome.ANSWER_LOST:
                self._take(request, lost=True)
                answer = Uncertain("no answer in time")
            case Outcome.NEVER_ARRIVED:
                answer = Uncertain("no answer in time")
            case Outcome.TOO_MANY:
                answer = Unavailable("too many", retry_after=timedelta(seconds=30))
            case Outcome.REFUSED:
                dead = request.message.to in self.refuses
                answer = Rejected("it is not taken", broken=dead)
            case Outcome.UNAVAILABLE:
                answer = Unavailable("the provider does not answer")
        if request.answer.done():
            return
        if isinstance(answer, Receipt):
            request.answer.set_result(answer)
        else:
            request.answer.set_exception(answer)

    def _take(self, request: Request, *, lost: bool) -> Receipt:
        """Put a message into the ledger, and return what its sender is to hear."""
        taken = Taken(
            via=self.via,
            message=request.message,
            at=self.now(),
            provider_id=f"{self.via}-{len(self.ledger)}",
            lost=lost,
        )
        self.ledger.append(taken)
        self._took.setdefault(request.message.reference, []).append(taken)
        self._said.add((request.message.to, request.message.text))
        return Receipt(provider_id=taken.provider_id)


class SimulatedChannel:
    """A channel whose requests wait until the world answers them."""

    def __init__(self, provider: Provider, node: str) -> None:
        self.name = str(provider.via)
        self.provider = provider
        self._node = node

    async def send(self, message: OutboundMessage) -> Receipt:
        """Ask the provider, and wait for what the world makes of it."""
        answer = asyncio.get_running_loop().create_future()
        request = Request(
            node=self._node,
            message=message,
            epoch=self.provider.epoch(message.reference),
            at=self.provider.now(),
            answer=answer,
        )
        self.provider.requests.append(request)
        return await answer

    async def answer_callback(self, callback_id: str, text: str = "") -> None:
        """Stop a pressed button's spinning: nothing to see here."""

    async def edit(self, *, chat: str, message_id: str, text: str) -> None:
        """Change a message in its place: nothing to see here."""

    async def close(self) -> None:
        """Hold nothing."""


class SearchableChannel(SimulatedChannel):
    """One that can be asked whether it took a message."""

    async def lookup(
        self, *, to: str, since: datetime, text: str, but: Collection[str] = ()
    ) -> Receipt | None:
        """Find a message in the ledger by its address, its time and its words."""
        if self.provider.down:
            msg = "the provider does not answer"
            raise Unavailable(msg)
        for taken in self.provider.ledger:
            same = (taken.message.to, taken.message.text) == (to, text)
            other = taken.provider_id in but
            if same and not other and taken.at >= since - CLOCKS_DIFFER:
                return Receipt(provider_id=taken.provider_id)
        return None
