"""Spans of time as people write them: `90s`, `5m`, `1h30m`, `3d`, `1w`."""

import re
from datetime import timedelta

_UNITS = {
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}
# Nine digits are enough for any unit and keep every sum within a timedelta.
_PART = re.compile(r"(\d{1,9})\s*([wdhms])")
_WHOLE = re.compile(rf"\s*(?:{_PART.pattern}\s*)+")


def parse_duration(text: str, *, zero: bool = False) -> timedelta:
    """Read a duration: numbers with a unit (s m h d w), added up.

    `zero` says whether a duration of nothing (`0s`) makes sense to the caller.
    Raises ValueError with a sentence that says how to write it.
    """
    if not _WHOLE.fullmatch(text):
        msg = (
            f"{text!r} is not a duration; write a number and a unit "
            "(s, m, h, d or w), like 90s, 5m or 1h30m"
        )
        raise ValueError(msg)
    try:
        span = sum(
            (int(number) * _UNITS[unit] for number, unit in _PART.findall(text)),
            timedelta(0),
        )
    except OverflowError:
        msg = f"{text!r} is longer than any calendar; write a shorter duration"
        raise ValueError(msg) from None
    if not span and not zero:
        msg = f"{text!r} is no time at all; write a duration longer than zero"
        raise ValueError(msg)
    return span


def format_duration(span: timedelta) -> str:
    """Write `span` in whole seconds, largest unit first: `1h30m`, `0s`, `-5m`."""
    if span < timedelta(0):
        return f"-{format_duration(-span)}"
    parts = []
    for letter, unit in _UNITS.items():
        count, span = divmod(span, unit)
        if count:
            parts.append(f"{count}{letter}")
    return "".join(parts) or "0s"
