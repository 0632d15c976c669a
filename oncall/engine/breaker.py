"""A provider that fails again and again is left alone for a while, then tried by one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FAILURES = 5
"""In a row, before a provider counts as ill."""
SHORTEST = timedelta(seconds=30)
LONGEST = timedelta(minutes=5)


@dataclass(slots=True)
class Breaker:
    """What is known of one provider's health. `ill_since` is None while it is well."""

    failures: int = 0
    ill_since: datetime | None = None
    closed_until: datetime | None = None
    _pause: timedelta = SHORTEST

    def room(self, now: datetime, wanted: int, under_way: int) -> int:
        """Return how many messages it may be given now: all, one to try, or none."""
        if self.closed_until is None:
            return wanted
        # A clock that was set back must not keep it closed for longer than it may be.
        self.closed_until = min(self.closed_until, now + LONGEST)
        if now < self.closed_until:
            return 0
        return min(wanted, max(0, 1 - under_way))

    def succeeded(self) -> bool:
        """Note that it took a message; True when it was ill until now."""
        was_ill = self.ill_since is not None
        self.failures, self.ill_since, self.closed_until = 0, None, None
        self._pause = SHORTEST
        return was_ill

    def failed(self, now: datetime) -> bool:
        """Note that it did not answer as it should; True when it has just become ill."""
        self.failures += 1
        if self.failures < FAILURES:
            return False
        fell_ill = self.ill_since is None
        if fell_ill:
            self.ill_since = now
        elif self.closed_until is not None and now >= self.closed_until:
            self._pause = min(self._pause * 2, LONGEST)
        self.closed_until = now + self._pause
        return fell_ill
