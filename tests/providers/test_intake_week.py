"""A week of real requests, twice, shuffled, some broken: each is accounted for."""

import random
from collections import Counter
from dataclasses import replace

import pytest

from integrations.intake.contract import CanonicalMessage, IntakeRequest, Unparsed
from support.intake import NAMES, request_of, source_of

COPIES = 40
BROKEN_EVERY = 20


def deliveries(seed: int) -> list[tuple[str, IntakeRequest]]:
    """Return every fixture many times; each twentieth has its body cut in half."""
    week = [(name, request_of(name)) for name in NAMES for _ in range(COPIES)]
    for at in range(0, len(week), BROKEN_EVERY):
        name, request = week[at]
        half = request.body[: len(request.body) // 2]
        week[at] = name, replace(request, body=half)
    week += week
    random.Random(seed).shuffle(week)  # noqa: S311  an order, not a secret
    return week


def outcome(message: CanonicalMessage, seen: set[tuple[str, str]]) -> str:
    key = (message.source, message.dedup_key)
    if key in seen:
        return "duplicate"
    seen.add(key)
    if message.opens:
        return "opened"
    return "appended" if message.direction == "inbound" else "echo"


@pytest.mark.parametrize("seed", [1, 2])
def test_a_week_of_requests_is_accounted_for_to_the_last_one(seed: int):
    seen: set[tuple[str, str]] = set()
    count: Counter[str] = Counter()
    said = 0
    week = deliveries(seed)
    for name, request in week:
        try:
            messages = source_of(name).parse(request)
        except Unparsed:
            count["unparsed"] += 1
            continue
        count["silent"] += not messages
        said += len(messages)
        count.update(outcome(message, seen) for message in messages)
    kinds = ("opened", "appended", "echo", "duplicate")
    assert count["silent"] == 0
    assert sum(count[kind] for kind in kinds) == said
    assert sum(count[kind] for kind in kinds[:3]) == len(seen)
    assert count["opened"] >= len(NAMES) - 2
    assert 0 < count["unparsed"] <= len(week) // BROKEN_EVERY + 2


def test_the_order_of_the_week_changes_nothing():
    first, second = (
        Counter(
            message.dedup_key
            for name, request in deliveries(seed)
            for message in read(name, request)
        )
        for seed in (3, 4)
    )
    assert first == second


def read(name: str, request: IntakeRequest) -> tuple[CanonicalMessage, ...]:
    try:
        return source_of(name).parse(request)
    except Unparsed:
        return ()
