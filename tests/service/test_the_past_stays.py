"""The past does not change: it is answered alike for ever, and what is over is over."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from oncall.actions.why import Entry, Left, Untold, of_issue
from oncall.store import Tx
from oncall.wiring.service import reload
from support.api import FRIDAY_NIGHT, Api, assert_problem, configured
from support.command_line import CommandLine

WEEKEND = "/rotations/weekend"
TONIGHT = {"from": "2026-11-20T20:00:00Z", "to": "2026-11-21T02:00:00Z"}
MADE: dict[str, tuple[str, dict[str, Any]]] = {
    "override": (f"{WEEKEND}/overrides", {"person": "nina"}),
    "swap": (
        f"{WEEKEND}/swaps",
        {"person": "sara", "with": "nina", "accepted": True},
    ),
    "absence": ("/absences", {"person": "sara"}),
}


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[Api]:
    async with Api(database_url) as running:
        yield running


async def make(api: Api, kind: str, **span: str) -> str:
    """Make an exception and return its path."""
    path, body = MADE[kind]
    made = await api.post(path, body | (span or TONIGHT))
    assert made.status_code == 201, made.text
    return f"{path}/{made.json()['id']}"


async def end(api: Api, path: str) -> int:
    if "/swaps/" in path:
        return (await api.post(f"{path}/decline")).status_code
    return (await api.delete(path)).status_code


async def on_call(api: Api, at: str, rotation: str = "weekend") -> list[str]:
    found = await api.get("/on-call", rotation=rotation, at=at)
    return list(found.json()[0]["people"])


async def shifts(api: Api) -> list[tuple[str, str, str]]:
    start, end = "2026-11-20T12:00:00Z", "2026-11-22T12:00:00Z"
    found = await api.client.get(
        f"/api/v1{WEEKEND}/shifts", params={"from": start, "to": end}
    )
    return [(one["person"], one["start"], one["end"]) for one in found.json()]


COVER = {"override": "nina", "swap": "nina", "absence": "reza"}


@pytest.mark.parametrize("kind", MADE)
async def test_ending_what_runs_ends_it_now_and_not_in_the_past(api: Api, kind: str):
    path = await make(api, kind)
    api.clock.turn(timedelta(hours=1))
    assert await end(api, path) in (200, 204)
    cover = COVER[kind]
    for _ in range(2):
        assert await on_call(api, "2026-11-20T20:30:00Z") == [cover]
        assert await on_call(api, "2026-11-20T22:11:59Z") == [cover]
        assert await on_call(api, "2026-11-20T22:12:00Z") == ["sara"]
        assert (cover, "2026-11-20T20:00:00Z", "2026-11-20T22:12:00Z") in await shifts(
            api
        )
        api.clock.turn(timedelta(days=400))


@pytest.mark.parametrize("kind", MADE)
async def test_what_is_to_come_is_ended_without_a_trace(api: Api, kind: str):
    coming = {"from": "2026-11-21T00:00:00Z", "to": "2026-11-21T02:00:00Z"}
    path = await make(api, kind, **coming)
    assert await end(api, path) in (200, 204)
    api.clock.turn(timedelta(days=1))
    assert await on_call(api, "2026-11-21T01:00:00Z") == ["sara"]
    assert await end(api, path) == 404


@pytest.mark.parametrize("kind", MADE)
async def test_what_is_over_cannot_be_ended(api: Api, kind: str):
    path = await make(api, kind)
    api.clock.turn(timedelta(hours=5))
    assert await end(api, path) == 409
    assert await on_call(api, "2026-11-21T01:00:00Z") == [COVER[kind]]


@pytest.mark.parametrize("kind", MADE)
async def test_what_lies_wholly_in_the_past_is_refused(api: Api, kind: str):
    path, body = MADE[kind]
    over = {"from": "2026-11-20T20:00:00Z", "to": "2026-11-20T21:12:00Z"}
    assert_problem(await api.post(path, body | over), 422, "to")


async def test_a_swap_that_is_accepted_late_leaves_what_was_before(api: Api):
    path, body = MADE["swap"]
    asked = await api.post(path, body | TONIGHT | {"accepted": False})
    api.clock.turn(timedelta(hours=1))
    key = f"{path}/{asked.json()['id']}"
    assert (await api.post(f"{key}/accept")).status_code == 200
    assert await on_call(api, "2026-11-20T22:11:59Z") == ["sara"]
    assert await on_call(api, "2026-11-20T22:12:00Z") == ["nina"]


@pytest.mark.parametrize("kind", MADE)
async def test_the_past_is_known_however_long_ago_by_api_and_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
):
    oncall = CommandLine(tmp_path, monkeypatch)
    cover = COVER[kind]
    async with Api(f"sqlite:///{oncall.database}") as api:
        await make(api, kind)
        at = "2026-11-21T01:00:00Z"
        for days in (41, 500):
            now = FRIDAY_NIGHT + timedelta(days=days)
            api.clock.turn(now - api.clock.now())
            assert await on_call(api, at) == [cover], days
        oncall.turn_to(now)
        assert oncall.json("who", "weekend", "--at", at)[0]["people"] == [cover]
        load = (await api.get("/load", rotation="weekend", weeks=104)).json()
        asked = ("load", "weekend", "--weeks", "104")
        assert oncall.json(*asked)["past"]["people"] == load["past"]["people"]


async def test_an_absence_of_two_years_is_known_from_its_middle(api: Api):
    long = {"from": "2026-11-20T21:00:00Z", "to": "2028-12-01T00:00:00Z"}
    await make(api, "absence", **long)
    at = (await shifts_of(api, "reza", "2028-06-01T00:00:00Z"))[0]["start"]
    api.clock.turn(timedelta(days=3000))
    assert await on_call(api, at) == ["reza"]
    assert await shifts_of(api, "sara", "2028-06-01T00:00:00Z") == []


async def shifts_of(api: Api, person: str, start: str) -> list[dict[str, Any]]:
    params = {"from": start, "to": "2028-08-01T00:00:00Z"}
    found = await api.client.get(f"/api/v1{WEEKEND}/shifts", params=params)
    return [one for one in found.json() if one["person"] == person]


async def test_load_is_what_the_revisions_of_the_time_say(api: Api):
    before = await carried(api)
    url = api.config.service.database.reveal()
    changed = configured(url, lambda text: text.replace('["reza", "mina"]', '["omid"]'))
    assert changed.roster.rotations != api.config.roster.rotations
    reload(api.service, changed)
    assert await carried(api) == before


async def carried(api: Api) -> dict[str, float]:
    load = (await api.get("/load", rotation="care", weeks=2)).json()["past"]
    return {one["person"]: one["total_h"] for one in load["people"] if one["total_h"]}


async def test_why_asks_who_was_on_call_then(api: Api):
    await make(api, "override")
    number = (await api.opened())["number"]
    assert await why_not(api, number, "sara") is Left.NOT_ON_CALL
    api.clock.turn(timedelta(days=200))
    assert await why_not(api, number, "sara") is Left.NOT_ON_CALL


async def why_not(api: Api, number: int, person: str) -> Left:
    """Return why somebody heard nothing of an issue by the time it was opened."""

    def look(tx: Tx) -> list[Entry]:
        view = api.service.house.view(tx, api.clock.now())
        return of_issue(tx, view, number, FRIDAY_NIGHT)

    found = await api.service.database.read(look)
    (one,) = [one for one in found if isinstance(one, Untold) and one.person == person]
    return one.because
