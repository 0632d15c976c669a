"""Simulate many weekends: `make simulate`, or with `STEPS=` and `SEED=` of one's own.

Weekends are seeded one after the other, and played on all processors. The first that
breaks an invariant ends the run: its seed and its last steps are printed, and the seed
replays it.
"""

import argparse
import gc
import logging
import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache

import structlog

from oncall import zones
from oncall.config.values import Config
from simulation.broken import Broken
from simulation.world import World, configuration

STEPS = 1000
"""Of one weekend."""
SAY_EACH = 20
"""Weekends after which it says how far it is, and how often each thing happened."""


@dataclass(frozen=True, slots=True)
class Played:
    """A weekend that is over: how often each thing happened, and what broke if any."""

    moves: Counter[str]
    broken: str


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1_000_000, help="all together")
    parser.add_argument("--seed", type=int, default=1, help="of the first weekend")
    wanted = parser.parse_args()
    return simulate(wanted.seed, weekends=-(-wanted.steps // STEPS))


def simulate(first: int, *, weekends: int) -> int:
    """Play so many weekends; return the exit code."""
    begin = time.perf_counter()
    moves: Counter[str] = Counter()
    seeds = range(first, first + weekends)
    with ProcessPoolExecutor(os.cpu_count()) as processes:
        for done, played in enumerate(processes.map(play, seeds), 1):
            if played.broken:
                processes.shutdown(cancel_futures=True)
                seed = seeds[done - 1]
                say(
                    f"{played.broken}\nreplay it: make simulate STEPS={STEPS} SEED={seed}"
                )
                return 1
            moves.update(played.moves)
            if done % SAY_EACH == 0 or done == weekends:
                took = time.perf_counter() - begin
                say(f"{done} weekends, {done * STEPS} steps in {took:.0f} s: all held")
                say(", ".join(f"{name} {many}" for name, many in moves.most_common()))
    return 0


def play(seed: int) -> Played:
    """Play one weekend, in a process of its own."""
    weekend, broken = World(seed, prepared()), ""
    try:
        weekend.play(STEPS)
    except Broken as error:
        broken = str(error)
    gc.collect()
    moves = Counter(line.split()[2].rstrip(":") for line in weekend.told)
    return Played(moves, broken)


@cache
def prepared() -> Config:
    """Make this process ready, once; return the simulated house's configuration."""
    zones.use_pinned()
    only_the_worst = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=only_the_worst)
    config = configuration()
    gc.freeze()
    gc.disable()  # it is a fifth of the time; each weekend is swept up as a whole
    return config


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
