"""How often one address may send a public form."""

from collections import deque
from datetime import datetime, timedelta

OFTEN = 10
WITHIN = timedelta(minutes=10)
MOST_REMEMBERED = 10_000


class Visits:
    """Remembers in memory who came when: each node counts for itself."""

    def __init__(self) -> None:
        self._came: dict[str, deque[datetime]] = {}

    def welcome(self, address: str, now: datetime) -> bool:
        """Count a visit; False when there were too many of late."""
        came = self._came.pop(address, deque(maxlen=OFTEN))
        self._came[address] = came  # the latest comes last
        if len(came) == OFTEN and now - came[0] < WITHIN:
            return False
        came.append(now)
        if len(self._came) > MOST_REMEMBERED:
            del self._came[next(iter(self._came))]
        return True
