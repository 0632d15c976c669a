"""Short weekends of the simulation, each from its own seed; the long run is separate."""

import gc
import logging
import re
from collections.abc import Iterator

import pytest
import structlog

from oncall.config.values import Config
from oncall.errors import StoreUnavailable
from simulation import world
from simulation.broken import Broken
from simulation.inline_database import StoreFault
from simulation.world import World

STEPS = 60
SEEDS = range(1, 201)
SHORT = 20
MANY = range(1001, 2801)
AT_ONCE = 20
LONG = 1000
BROKE_ONCE = (300143, 300431, 400020, 700089)
"""A sender that stood still while the clock was set back, in two of them; two bundles in
the same words, one of which was taken for the other at a look-up; a provider's answer
that came when the lease was over. There were no incidents then."""
BROKE_SINCE = (910013, 1000059, 1310003, 1330060, 4000203)
"""What was written before the clock went back was not explained; a leader's second
method failed, then the first was taken and bounced, and the third was not tried; words
for an ended issue that another had followed; levels that stopped for an owner who could
be reached again and knew of nothing; a call after a text that had told it already."""
BROKE_LATELY = (8000204, 9000203)
"""A sign of life that the store did not keep, before the clock went back; a step that
got its own time back, which was that of before the clock went back."""


@pytest.fixture(scope="module")
def config() -> Config:
    return world.configuration()


@pytest.fixture(scope="module")
def config_then() -> Config:
    """Return the house as it was when weekends broke."""
    return world.configuration(promising=False)


@pytest.fixture(autouse=True)
def silence() -> Iterator[None]:
    before = structlog.get_config()
    only_the_worst = structlog.make_filtering_bound_logger(logging.CRITICAL)
    structlog.configure(wrapper_class=only_the_worst)
    yield
    structlog.configure(**before)


@pytest.fixture(autouse=True)
def swept_up_as_a_whole() -> Iterator[None]:
    """Looking for garbage meanwhile is a fifth of the time."""
    gc.freeze()
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


@pytest.mark.parametrize("first", MANY[::AT_ONCE])
def test_whatever_goes_wrong_in_many_short_weekends_the_invariants_hold(
    first: int, config: Config
):
    for seed in range(first, first + AT_ONCE):
        World(seed, config).play(SHORT)
        gc.collect()


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_goes_wrong_in_a_weekend_the_invariants_hold(
    seed: int, config: Config
):
    World(seed, config).play(STEPS)


@pytest.mark.parametrize("seed", [*BROKE_ONCE, *BROKE_SINCE])
def test_a_long_weekend_that_once_broke_an_invariant_holds(
    seed: int, config_then: Config
):
    World(seed, config_then, incidents=seed in BROKE_SINCE).play(LONG)


@pytest.mark.parametrize("seed", BROKE_LATELY)
def test_a_long_weekend_that_broke_an_invariant_lately_holds(seed: int, config: Config):
    World(seed, config).play(LONG)


def test_a_seed_replays_the_same_weekend(config: Config):
    first, again = World(3, config), World(3, config)
    first.play(60)
    again.play(60)
    assert first.told == again.told
    references = [[one.message.reference for one in w.taken()] for w in (first, again)]
    assert references[0] == references[1] != []


def test_a_broken_weekend_names_its_seed_and_what_happened(config: Config):
    broken = World(5, config)
    broken.accepted[4711] = 1  # a customer whose words are nowhere
    with pytest.raises(Broken, match=r"seed 5, step 1: #4711 has lost a message"):
        broken.play(10)


def test_a_delivery_that_is_nowhere_breaks_the_rest(config: Config):
    forgetful = World(5, config)
    forgetful.delivered.append(b"never kept")
    with pytest.raises(Broken, match="a delivery that was accepted is nowhere"):
        forgetful.play(10)


def test_a_sign_of_life_that_was_not_kept_is_given_again_at_once(config: Config):
    weekend = World(5, config)
    node = weekend.nodes[0]
    weekend.database.fault = StoreFault.FAILS
    with pytest.raises(StoreUnavailable):
        node.tick(node.watchdog)
    assert node.tick(node.watchdog)
    assert not node.tick(node.watchdog)
    weekend.close()


def test_phones_are_picked_up_shifts_announced_and_products_heard(config: Config):
    weekends = [World(seed, config, incidents=False) for seed in (8, 35, 79)]
    for weekend in weekends:
        weekend.play(400)
    story = "\n".join(line for weekend in weekends for line in weekend.told)
    for sign in ("presses '1'", "storm: #", "bank_sends: accepted", "0: applied"):
        assert sign in story
    said = [one.message.text for weekend in weekends for one in weekend.taken()]
    assert any("weekend" in text for text in said)


def test_issues_with_one_cause_are_joined_taken_left_and_ended(config: Config):
    weekends = [World(seed, config) for seed in (14, 21, 38)]
    for weekend in weekends:
        weekend.play(400)
    story = "\n".join(line for weekend in weekends for line in weekend.told)
    for sign in ("opens", "join", "takes", "leaves", "ends"):
        assert re.search(rf"one_cause: .*{sign} incident", story)
