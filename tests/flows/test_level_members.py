"""Who comes on call while a level is waited for is paged, and who goes is left alone."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from oncall.config.load import read
from oncall.wiring.service import reload
from support.night import Night

HOURS = {"from": "2026-11-20T20:00:00Z", "to": "2026-11-21T04:00:00Z"}
OVERRIDES = "/api/v1/rotations/weekend/overrides"
SWAPS = "/api/v1/rotations/weekend/swaps"


async def post(night: Night, path: str, body: dict[str, object]) -> dict[str, object]:
    response = await night.post(path, body)
    assert response.status_code in (200, 201), response.text
    return dict(response.json())


def about(night: Night, person: str, number: int) -> list[str]:
    """Return what somebody got about an issue; of their shifts they hear, too."""
    return [text for text in night.phone(person).unread() if f"#{number}" in text]


async def lines(night: Night, number: int) -> list[tuple[str, str]]:
    timeline = (await night.issue(number))["timeline"]
    return [(line["person"], line["reason"]) for line in timeline]


def drop_all(night: Night) -> None:
    for person in night.service.config.people:
        night.phone(person).drop()


async def is_overridden(night: Night) -> None:
    await post(night, OVERRIDES, HOURS | {"person": "mina", "reason": "Sara is ill"})


async def is_swapped(night: Night) -> None:
    swap = HOURS | {"person": "sara", "with": "mina", "accepted": True}
    await post(night, SWAPS, swap)


async def accepts_a_swap(night: Night) -> None:
    made = await post(night, SWAPS, HOURS | {"person": "sara", "with": "mina"})
    assert about(night, "mina", 128) == []
    await post(night, f"{SWAPS}/{made['id']}/accept", {"person": "mina"})


async def is_absent(night: Night) -> None:
    await post(night, "/api/v1/absences", HOURS | {"person": "sara"})


@pytest.mark.parametrize(
    ("change", "who"),
    [
        (is_overridden, "mina"),
        (is_swapped, "mina"),
        (accepts_a_swap, "mina"),
        (is_absent, "reza"),
    ],
)
async def test_who_comes_on_call_is_paged_at_once_and_who_goes_is_not_called(
    database_url: str, change: Callable[[Night], Awaitable[None]], who: str
):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        await night.phone("sara").expect_telegram(f"#{number}")
        await night.turn(seconds=30)
        await change(night)
        assert len(about(night, who, number)) == 1
        await night.turn(minutes=4)
        assert about(night, "sara", number) == []
        assert (who, "level_joined") in await lines(night, number)
        assert ("sara", "level_left") in await lines(night, number)
        drop_all(night)


async def test_an_override_that_is_made_for_later_pages_its_person_when_it_begins(
    database_url: str,
):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        later = {"from": "2026-11-20T21:14:30Z", "to": "2026-11-21T04:00:00Z"}
        await post(night, OVERRIDES, later | {"person": "mina"})
        await night.turn(seconds=149)
        assert about(night, "mina", number) == []
        await night.turn(seconds=1)
        assert len(about(night, "mina", number)) == 1
        drop_all(night)


async def test_who_takes_over_at_the_handoff_is_paged_for_what_waits(database_url: str):
    def before_the_handoff(text: str) -> str:
        return text.replace(
            "starts = 2026-01-15T13:00:00", "starts = 2026-01-17T00:45:00"
        )

    async with Night(
        database_url,
        change=before_the_handoff,
        now=datetime(2026, 11, 20, 21, 12, tzinfo=UTC),
    ) as night:
        on_call = (await night.client.get("/api/v1/on-call")).json()
        weekend = next(each for each in on_call if each["rotation"] == "weekend")
        assert weekend["until"] == "2026-11-20T21:15:00Z"
        number = await night.report("friday-night")
        (before,) = weekend["people"]
        await night.turn(minutes=3)
        asked = {"rotation": "weekend", "at": "2026-11-20T21:16:00Z"}
        after = (await night.client.get("/api/v1/on-call", params=asked)).json()
        (joined,) = after[0]["people"]
        assert joined != before
        assert (joined, "level_joined") in await lines(night, number)
        assert (before, "level_left") in await lines(night, number)
        drop_all(night)


async def test_who_is_put_into_a_group_by_a_reload_is_paged(database_url: str):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        await night.turn(minutes=16)
        drop_all(night)
        leaders = 'leadership = ["nina", "omid"]'
        assert leaders in night.text
        text = night.text.replace(leaders, 'leadership = ["nina", "mina"]')
        reload(night.service, read(text, environ=night.environ))
        await night.settle()
        assert len(about(night, "mina", number)) == 1
        assert ("omid", "level_left") in await lines(night, number)
        drop_all(night)


async def test_a_start_with_another_group_is_a_reload(database_url: str):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        await night.turn(minutes=16)
        drop_all(night)
        night.text = night.text.replace('["nina", "omid"]', '["nina", "mina"]')
        await night.restart()
        await night.settle()
        assert len(about(night, "mina", number)) == 1
        drop_all(night)
