"""How fast a provider may be given messages: over all, and to one chat."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many messages a second over all and to one address; None is no limit."""

    per_second: float | None = None
    per_address: float | None = None


BURST_TO_ONE = 10
"""Messages that one address may have at once, before its own pace holds."""
FORGET = 10_000
"""Addresses remembered at most; those that are full again are forgotten first."""


class Bucket:
    """Holds up to `burst` tokens and gets `rate` new ones a second."""

    __slots__ = ("_at", "_burst", "_rate", "_tokens")

    def __init__(self, *, rate: float, burst: float, now: datetime) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._at = now

    def tokens(self, now: datetime) -> float:
        """Return how many tokens there are now.

        A clock that was set back gives none, and is counted from where it is then.
        """
        passed = max(0.0, (now - self._at).total_seconds())
        self._tokens = min(self._burst, self._tokens + passed * self._rate)
        self._at = now
        return self._tokens

    def take(self, now: datetime) -> timedelta:
        """Take a token; return how long to wait when there is none (and take none)."""
        if self.tokens(now) >= 1:
            self._tokens -= 1
            return timedelta(0)
        return timedelta(seconds=(1 - self._tokens) / self._rate)


class Pace:
    """Keeps one provider's limit, on this node."""

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self._all: Bucket | None = None
        self._each: dict[str, Bucket] = {}

    def room(self, now: datetime, wanted: int) -> int:
        """Return how many messages may be sent now, at most `wanted`."""
        rate = self._limit.per_second
        if rate is None:
            return wanted
        if self._all is None:
            self._all = Bucket(rate=rate, burst=max(1.0, rate), now=now)
        return min(wanted, int(self._all.tokens(now)))

    def wait(self, address: str, now: datetime) -> timedelta:
        """Count a message to `address`; return how long it must wait first, if at all."""
        rate = self._limit.per_address
        if rate is not None:
            if len(self._each) >= FORGET:
                self._forget(now)
            bucket = self._each.setdefault(
                address, Bucket(rate=rate, burst=BURST_TO_ONE, now=now)
            )
            if pause := bucket.take(now):
                return pause
        if self._all is not None:
            self._all.take(now)
        return timedelta(0)

    def _forget(self, now: datetime) -> None:
        self._each = {
            address: bucket
            for address, bucket in self._each.items()
            if bucket.tokens(now) < BURST_TO_ONE
        }
