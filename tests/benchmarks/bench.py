"""Measure the real service and print a table: `python tests/benchmarks/bench.py`.

`--only NAME` takes some of the figures, `--long` more of them and for longer. All
together take about five minutes. Aims are ratios to floors that each part measures
beside its own figures, so that they hold on a slow machine as on a quick one.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TextIO

from abuse import abuse
from calendars import calendars
from deliveries import deliveries
from figures import Figure, table
from floors import floors
from history import history
from intake import intake
from killed import killed
from machine import described
from oncall_api import oncall_api
from paging import paging
from starting import helping, starting
from steady import steady, steady_long
from storm import storm, storm_and_death
from ticks import ticks
from turns import turns

from oncall import zones

Part = Callable[[], Awaitable[list[Figure]]]
PARTS: dict[str, Part] = {
    "paging": paging,
    "starting": starting,
    "floors": floors,
    "turns": turns,
    "calendars": calendars,
    "on-call": oncall_api,
    "helping": helping,
    "steady": steady,
    "storm": storm,
    "intake": intake,
    "deliveries": deliveries,
}
LONG = PARTS | {
    "steady": steady_long,
    "storm": storm_and_death,
    "ticks": ticks,
    "killed": killed,
    "abuse": abuse,
    "history": history,
}


def main() -> None:
    """Measure what was asked for, one part after the other, and print it."""
    arguments = _arguments()
    parts = LONG if arguments.long else PARTS
    zones.use_pinned()
    figures: list[Figure] = []
    for name in arguments.only or parts:
        say(f"measuring {name} …", to=sys.stderr)
        figures += asyncio.run(_measured(parts.get(name) or LONG[name]))
    say(f"\n{described()}\n\n{table(figures)}")


async def _measured(part: Part) -> list[Figure]:
    return await part()


def say(text: str, *, to: TextIO = sys.stdout) -> None:
    """Print a line at once."""
    to.write(f"{text}\n")
    to.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=LONG, metavar="NAME")
    parser.add_argument(
        "--long", action="store_true", help="for longer, and more of it"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
