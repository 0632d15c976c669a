"""How fast a provider may be given messages: over all, and to one chat.

A message takes a place from when it is sent until a span after it was answered. It
arrives in between, so a provider never sees more than the bound in any such span,
however long the messages take on their way.
"""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many messages a second over all and to one address; None is no limit."""

    per_second: float | None = None
    per_address: float | None = None


FORGET = 10_000
"""Addresses remembered at most; those that have nothing to wait for are forgotten."""


class Window:
    """The places for messages at `rate` a second: whole ones in a span of that rate.

    30 are 30 in a second, 1.5 is one in two thirds of a second.
    """

    __slots__ = ("_ended", "_places", "_span", "_under_way")

    def __init__(self, rate: float) -> None:
        self._places = max(1, int(rate))
        self._span = timedelta(seconds=self._places / rate)
        self._under_way = 0
        self._ended: deque[datetime] = deque()

    def free(self, now: datetime) -> int:
        """Return how many messages may begin now."""
        self._forget(now)
        return max(0, self._places - self._under_way - len(self._ended))

    def wait(self, now: datetime, *, before: int = 0) -> timedelta:
        """Return how long a message must wait that comes after `before` others.

        Of those under way nobody knows when they end: a whole span then, to look again.
        """
        if self.free(now) > before:
            return timedelta(0)
        if before or not self._ended or self._under_way >= self._places:
            return self._span
        return self._ended[0] + self._span - now

    def begin(self) -> None:
        """Take a place."""
        self._under_way += 1

    def end(self, now: datetime) -> None:
        """Note that the provider answered, or will not any more."""
        self._under_way -= 1
        self._forget(now)
        self._ended.append(now)

    def _forget(self, now: datetime) -> None:
        """Free the places whose span is over; a clock set back makes none longer."""
        if self._ended and self._ended[-1] > now:
            self._ended = deque([now] * len(self._ended))
        while self._ended and self._ended[0] + self._span <= now:
            self._ended.popleft()

    @property
    def idle(self) -> bool:
        """Whether it holds nothing, as far as was looked."""
        return not (self._under_way or self._ended)


class Pace:
    """Keeps one provider's limit, on this node."""

    def __init__(self, limit: Limit) -> None:
        rate = limit.per_second
        self._all = None if rate is None else Window(rate)
        self._rate = limit.per_address
        self._each: dict[str, Window] = {}

    def room(self, now: datetime, wanted: int) -> int:
        """Return how many messages may be sent now, at most `wanted`."""
        return wanted if self._all is None else min(wanted, self._all.free(now))

    def wait(self, address: str, now: datetime, *, before: int = 0) -> timedelta:
        """Return how long a message to `address` must wait, if at all.

        `before` are messages to it that begin now. Nothing is taken by asking: what is
        claimed in a transaction may have to be claimed again.
        """
        if self._rate is None:
            return timedelta(0)
        window = self._each.get(address) or Window(self._rate)
        return window.wait(now, before=before)

    def begin(self, address: str, now: datetime) -> None:
        """Note that a message to `address` is sent; `end` must follow."""
        if self._all is not None:
            self._all.begin()
        if self._rate is not None:
            if len(self._each) >= FORGET:
                self._sweep(now)
            self._each.setdefault(address, Window(self._rate)).begin()

    def end(self, address: str, now: datetime) -> None:
        """Note that it was answered, or given up."""
        if self._all is not None:
            self._all.end(now)
        if window := self._each.get(address):
            window.end(now)

    def _sweep(self, now: datetime) -> None:
        for window in self._each.values():
            window.free(now)
        self._each = {at: one for at, one in self._each.items() if not one.idle}
