"""When to try a provider again that did not take a message just now."""

import hashlib
from datetime import timedelta
from typing import Final

_FIRST: Final = timedelta(seconds=5)
_JITTER: Final = 0.2
# With the jitter on top, no wait is longer than two minutes.
_LONGEST: Final = timedelta(minutes=2) / (1 + _JITTER)
_DOUBLINGS: Final = 5


def next_attempt(
    attempts: int, *, key: str, retry_after: timedelta | None = None
) -> timedelta:
    """Return how long to wait after `attempts` failed attempts, counted from 1.

    About 5, 10, 20, 40 s and so on, never over two minutes. `key` (the page's id)
    spreads the waits of many pages by 20 % either way, always the same for the same
    page and attempt. The provider's own `retry_after` is the least we wait.
    """
    doublings = min(max(attempts - 1, 0), _DOUBLINGS)
    wait = min(_FIRST * (1 << doublings), _LONGEST) * _spread(f"{key}/{attempts}")
    return max(wait, retry_after or timedelta(0))


def _spread(seed: str) -> float:
    """Return a factor in [0.8, 1.2] that is the same for the same seed."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4])
    return 1 + _JITTER * (2 * number / (2**32 - 1) - 1)
