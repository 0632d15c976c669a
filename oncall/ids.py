"""Names for new rows: random, and never given twice."""

import os
from uuid import UUID

AT_ONCE = 256
"""The system is asked for so many together: each asking lets another thread go first,
and a page is named three times."""
ready: list[str] = []
randomness = os.urandom


def new_id() -> str:
    """Return 32 hexadecimal digits, a random UUID."""
    while True:
        try:
            return ready.pop()
        except IndexError:
            ready.extend(_made())


def _made() -> list[str]:
    random = randomness(16 * AT_ONCE)
    parts = (random[at : at + 16] for at in range(0, len(random), 16))
    return [UUID(bytes=part, version=4).hex for part in parts]
