"""A week of real mail: everything twice, shuffled, some of it broken, all accounted for."""

import random
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import pytest

from integrations.intake.contract import IntakeRequest
from support.intake import NAMES, SECRET, request_of, source_of
from support.intake_service import IntakeApi
from support.payloads import payload

DAYS = 3
"""On each of them everything comes twice."""
URL = "https://oncall.example.test"
BROKEN = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A request to the source of its fixture; `broken` when a part of it is missing."""

    source: str
    request: IntakeRequest
    broken: bool = False


def tables() -> str:
    """Return a source for each fixture's kind, a generic one by its own mapping."""
    found = []
    for name in NAMES:
        kind = source_of(name).kind
        table = f'[integrations.intake.{kind}]\nkind = "{kind}"\nsecret = "{SECRET}"\n'
        mapping = payload(name).get("mapping", {})
        lines = "".join(f"{toml(at)} = {toml(to)}\n" for at, to in mapping.items())
        found.append(
            table + (f"[integrations.intake.{kind}.mapping]\n{lines}" * bool(lines))
        )
    return "\n" + "\n".join(dict.fromkeys(found))


def toml(value: Any) -> str:  # noqa: ANN401 (a mapping's value)
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{key} = {toml(its)}" for key, its in value.items()) + "}"
        )
    return f'"{value}"'


def post_bag(seed: int) -> list[Letter]:
    """Return all fixtures twice, shuffled; of some only the first half arrives."""
    chance = random.Random(seed)  # noqa: S311 (no secret hangs on it)
    bag = []
    for name in NAMES * 2 * DAYS:
        request = request_of(name)
        broken = chance.random() < BROKEN
        if broken:
            request = replace(request, body=request.body[: len(request.body) // 2])
        bag.append(Letter(source=source_of(name).kind, request=request, broken=broken))
    chance.shuffle(bag)
    return bag


async def post(api: IntakeApi, letter: Letter) -> int:
    request = letter.request
    response = await api.client.request(
        request.method,
        f"/intake/{letter.source}",
        params=dict(request.query),
        headers=dict(request.headers),
        content=request.body,
    )
    return response.status_code


@pytest.mark.parametrize("seed", [1, 128])
async def test_every_delivery_is_accounted_for(database_url: str, seed: int):
    bag = post_bag(seed)
    async with IntakeApi(database_url, kinds=(), rules=tables(), url=URL) as api:
        statuses: Counter[int] = Counter()
        for letter in bag:
            status = await post(api, letter)
            assert status in ((200, 401) if letter.broken else (200,))
            statuses[status] += 1
        await api.settle()
        found = await api.deliveries(limit=200)
        assert len(found) == statuses[200]
        assert statuses[200] + statuses[401] == len(bag)
        assert all(each["read_at"] or each["duplicate_of"] for each in found)

        fates = Counter(fate(each) for each in found)
        assert set(fates) <= {
            "opened",
            "appended",
            "reopened",
            "answered",
            "echo",
            "duplicate",
            "automatic",
            "ignored",
            "unparsed",
            "nothing",
        }
        assert fates["opened"]
        assert fates["duplicate"]
        assert fates["unparsed"]
        assert statuses[401]
        assert await numbers(api) == opened_by(found)
        assert await said(api) == brought(found)


def fate(delivery: dict[str, Any]) -> str:
    """Return the one word for a delivery: what became of its first message."""
    if delivery["verdict"] != "accepted":
        return str(delivery["verdict"])
    outcomes = [each["outcome"] for each in delivery["outcomes"]]
    return outcomes[0] if outcomes else "nothing"


def opened_by(found: list[dict[str, Any]]) -> list[int]:
    """Return the issues that deliveries say they opened."""
    return sorted(
        each["issue"]
        for delivery in found
        for each in delivery["outcomes"]
        if each["outcome"] == "opened"
    )


def brought(found: list[dict[str, Any]]) -> int:
    """Return how many messages deliveries say they put on an issue."""
    kept = {"opened", "appended", "reopened", "answered"}
    return sum(
        each["outcome"] in kept for delivery in found for each in delivery["outcomes"]
    )


async def numbers(api: IntakeApi) -> list[int]:
    found = (await api.get("/issues", limit=200)).json()["items"]
    return sorted(issue["number"] for issue in found)


async def said(api: IntakeApi) -> int:
    """Return how many messages there are on all issues."""
    return sum(
        [len((await api.issue(number))["messages"]) for number in await numbers(api)]
    )
