"""Editing the file: the past stays, and who is on call stays until the next handoff."""

from datetime import timedelta

from oncall.config.load import read
from oncall.wiring import Reloaded, reload
from support.night import FRIDAY_22_12, Night

RING = 'people = ["sara", "reza", "mina", "nina"]'


async def reload_with(night: Night, old: str, new: str) -> Reloaded:
    text = night.text.replace(old, new)
    assert text != night.text
    night.text = text
    return reload(night.service, read(text, environ=night.environ))


async def on_call(night: Night, at: str) -> list[str]:
    path = "/api/v1/on-call"
    asked = {"rotation": "weekend", "at": at}
    answer = await night.client.get(path, params=asked)
    return list(answer.json()[0]["people"])


async def test_who_is_on_call_stays_until_the_handoff_when_the_ring_changes(
    database_url: str,
):
    async with Night(database_url) as night:
        assert await on_call(night, "2026-11-20T21:12:00Z") == ["sara"]
        done = await reload_with(night, RING, 'people = ["mina", "nina"]')
        assert done.waits == ()
        assert {change.rotation for change in done.changes} >= {"weekend"}
        assert await on_call(night, "2026-11-20T21:12:00Z") == ["sara"]
        assert await on_call(night, "2026-11-21T05:29:59Z") == ["sara"]
        assert await on_call(night, "2026-11-27T12:00:00Z") in (["mina"], ["nina"])


async def test_who_was_on_call_last_month_is_not_written_anew(database_url: str):
    async with Night(database_url) as night:
        asked = {"from": "2026-10-20T00:00:00Z", "to": "2026-11-20T00:00:00Z"}
        path = "/api/v1/rotations/weekend/shifts"
        before = (await night.client.get(path, params=asked)).json()
        assert len(before) >= 4
        await reload_with(night, RING, 'people = ["nina"]')
        assert (await night.client.get(path, params=asked)).json() == before
        await night.restart()
        assert (await night.client.get(path, params=asked)).json() == before


async def test_a_reload_that_changes_no_turn_changes_no_shift(database_url: str):
    async with Night(database_url) as night:
        done = await reload_with(night, 'wait = "5m"', 'wait = "6m"')
        assert done == Reloaded(waits=(), changes=())


async def test_an_open_issue_keeps_its_policy_when_the_file_changes(database_url: str):
    async with Night(database_url) as night:
        await night.report("friday-night")
        await night.phone("sara").expect_telegram("#128")
        await reload_with(night, 'wait = "5m"', 'wait = "50m"')
        await night.turn(minutes=5)
        await night.phone("sara").expect_sms("#128")
        await night.phone("reza").expect_telegram("#128")
        assert night.clock.now() == FRIDAY_22_12 + timedelta(minutes=5)
