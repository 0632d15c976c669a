"""A person's ladder of contact methods: which way first, which after how long."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

RECEIPT_TIMEOUT: Final = timedelta(seconds=60)
"""Without a positive receipt or an answer for so long, the next rung is climbed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One contact method, so long after the page began."""

    via: str
    after: timedelta = timedelta(0)


_DEFAULT: Final = (
    Rung(via="telegram"),
    Rung(via="console"),
    Rung(via="sms", after=timedelta(minutes=1)),
    Rung(via="voice", after=timedelta(minutes=3)),
    Rung(via="email", after=timedelta(minutes=5)),
)


def climb(rungs: Sequence[Rung], broken: Collection[str]) -> tuple[Rung, ...]:
    """Return the rungs that still hold, in order of time, the first at once.

    What is `broken` (failed for good) drops out and the rest move up together, so
    that nobody waits for a method that cannot work. Empty when nothing holds.
    """
    sound = sorted(
        (rung for rung in rungs if rung.via not in broken),
        key=lambda rung: rung.after,
    )
    return tuple(replace(rung, after=rung.after - sound[0].after) for rung in sound)


def default_ladder(available: Collection[str]) -> tuple[Rung, ...]:
    """Return the ladder of somebody who wrote none, from the methods there are.

    Telegram at once, SMS after a minute, a call after three, mail after five.
    """
    missing = {rung.via for rung in _DEFAULT}.difference(available)
    return climb(_DEFAULT, missing)
