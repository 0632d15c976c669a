"""Simulate many weekends: `make simulate`, or with `STEPS=` and `SEED=` of one's own.

Weekends are seeded one after the other. The first that breaks an invariant ends the
run: its seed and its last steps are printed, and the seed replays it.
"""

import argparse
import gc
import logging
import sys
import time
from collections import Counter

import structlog

from oncall import zones
from simulation.invariants import Broken
from simulation.world import World, configuration

STEPS = 1000
"""Of one weekend."""
SAY_EACH = 20
"""Weekends after which it says how far it is, and how often each thing happened."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1_000_000, help="all together")
    parser.add_argument("--seed", type=int, default=1, help="of the first weekend")
    wanted = parser.parse_args()
    zones.use_pinned()
    only_the_worst = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=only_the_worst)
    return simulate(wanted.seed, weekends=-(-wanted.steps // STEPS))


def simulate(first: int, *, weekends: int) -> int:
    """Play so many weekends; return the exit code."""
    config = configuration()
    gc.freeze()
    gc.disable()  # it is a fifth of the time; each weekend is swept up as a whole
    begin = time.perf_counter()
    moves: Counter[str] = Counter()
    for done, seed in enumerate(range(first, first + weekends), 1):
        weekend = World(seed, config)
        try:
            weekend.play(STEPS)
        except Broken as broken:
            say(f"{broken}\nreplay it: make simulate STEPS={STEPS} SEED={seed}")
            return 1
        moves.update(line.split()[2].rstrip(":") for line in weekend.told)
        gc.collect()
        if done % SAY_EACH == 0 or done == weekends:
            took = time.perf_counter() - begin
            say(f"{done} weekends, {done * STEPS} steps in {took:.0f} s: all held")
            say(", ".join(f"{name} {many}" for name, many in moves.most_common()))
    return 0


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
