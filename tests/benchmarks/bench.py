"""Measure the real service and print a table: `python tests/benchmarks/bench.py`.

`--only NAME` takes some of the figures; all together take about a minute and a half.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TextIO

from calendars import calendars
from figures import Figure, table
from floors import floors
from machine import described
from oncall_api import oncall_api
from paging import paging
from starting import helping, starting
from turns import turns

from oncall import zones

PARTS: dict[str, Callable[[], Awaitable[list[Figure]]]] = {
    "paging": paging,
    "starting": starting,
    "floors": floors,
    "turns": turns,
    "calendars": calendars,
    "on-call": oncall_api,
    "helping": helping,
}
RATIOS = (
    ("issue POST to its 201", "floor: insert and commit"),
    ("issue POST to its 201", "floor: GET /healthz"),
    ("issue POST to provider request", "issue POST to its 201"),
)


def main() -> None:
    """Measure what was asked for, one part after the other, and print it."""
    wanted = _arguments().only or list(PARTS)
    zones.use_pinned()
    figures: list[Figure] = []
    for name in wanted:
        say(f"measuring {name} …", to=sys.stderr)
        figures += asyncio.run(_measured(name))
    say(f"\n{described()}\n\n{table(figures)}")
    for line in ratios({figure.name: figure.p50 for figure in figures}):
        say(line)


async def _measured(name: str) -> list[Figure]:
    return await PARTS[name]()


def ratios(medians: dict[str, float]) -> list[str]:
    """Say how far above their floors the figures are, as far as both are known."""
    known = [pair for pair in RATIOS if medians.keys() >= set(pair)]
    lines = [f"- {a} = {medians[a] / medians[b]:.1f} × {b}" for a, b in known]
    return ["", "Medians beside each other:", *lines] if lines else []


def say(text: str, *, to: TextIO = sys.stdout) -> None:
    """Print a line at once."""
    to.write(f"{text}\n")
    to.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="NAME")
    return parser.parse_args()


if __name__ == "__main__":
    main()
