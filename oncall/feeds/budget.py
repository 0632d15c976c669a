"""A bound on the work that a stranger's text may cause, counted in calls.

A recurrence rule can keep dateutil busy for minutes between two results, so a look at
the clock between results comes too late. And counted calls are the same on every
machine, so that a slow one reads what a quick one reads.
"""

import sys
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

T = TypeVar("T")


class TooMuchWorkError(Exception):
    """The work was stopped at its bound."""


class _Stop(BaseException):  # not an Exception: nobody in between may make light of it
    pass


class Budget:
    """So many calls in all, used up part by part, on one thread."""

    def __init__(self, calls: int) -> None:
        self.left = calls

    def run(self, most: int, work: Callable[[], T], *, price: int = 1) -> T:
        """Do some work; each call is paid for with `price`.

        TooMuchWorkError once that comes to `most`, or to all that is left.
        """
        allowed = left = min(most, self.left) // price

        def count(_frame: FrameType, _event: str, _arg: object) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                raise _Stop

        before = sys.getprofile()
        try:
            sys.setprofile(count)
            return work()
        except _Stop:
            raise TooMuchWorkError from None
        finally:
            sys.setprofile(before)
            self.left -= (allowed - max(left, 0)) * price
