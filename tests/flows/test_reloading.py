"""Editing the file: the past stays, and who is on call stays until the next handoff."""

from datetime import timedelta

from oncall.config.load import read
from oncall.wiring.service import Reloaded, reload
from support.fake_twilio import too_many
from support.night import FRIDAY_22_12, Night
from support.provider_server import Fault

OLD_NUMBER, NEW_NUMBER = "+989121234567", "+989121234599"
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


async def test_a_step_that_waits_goes_to_the_number_as_it_was_corrected(
    database_url: str,
):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        await night.phone("sara").expect_telegram("#128")
        await reload_with(night, OLD_NUMBER, NEW_NUMBER)
        await night.turn(minutes=1)
        assert [text.to for text in night.twilio.messages] == [NEW_NUMBER]
        await night.twilio.send_sms(NEW_NUMBER, "1")
        assert (await night.issue(number))["owner"] == "sara"


async def test_what_is_tried_again_goes_to_the_number_as_it_was_corrected(
    database_url: str,
):
    async with Night(database_url) as night:
        await night.report("friday-night")
        await night.phone("sara").expect_telegram("#128")
        night.twilio.fail(too_many(retry_after=7))
        await night.turn(minutes=1)
        await reload_with(night, OLD_NUMBER, NEW_NUMBER)
        await night.turn(seconds=30)
        assert [text.to for text in night.twilio.messages] == [NEW_NUMBER]


async def test_nothing_goes_to_a_number_that_was_taken_out_and_the_next_way_is_tried(
    database_url: str,
):
    called = '{via = "sms", after = "1m"}, {via = "voice", after = "3m"}]'
    written = '{via = "sms", after = "1m"}, {via = "telegram", after = "3m"}]'

    def change(text: str) -> str:
        return text.replace(called, written)

    async with Night(database_url, change=change) as night:
        await night.report("friday-night")
        await night.phone("sara").expect_telegram("#128")
        await reload_with(night, written, "]")
        await reload_with(night, f'phone = "{OLD_NUMBER}"\n', "")
        await night.turn(minutes=1)
        assert night.twilio.messages == []
        await night.phone("sara").expect_telegram("#128")


async def test_a_number_that_was_corrected_is_used_after_a_try_of_which_nothing_is_known(
    database_url: str,
):
    async with Night(database_url) as night:
        await night.report("friday-night")
        await night.phone("sara").expect_telegram("#128")
        night.twilio.fail(Fault(status=503))
        await night.turn(minutes=1)
        await reload_with(night, OLD_NUMBER, NEW_NUMBER)
        looked_up = len(night.twilio.listed)
        await night.turn(seconds=30)
        assert [text.to for text in night.twilio.messages] == [NEW_NUMBER]
        assert night.twilio.listed[looked_up:] == [OLD_NUMBER]


async def test_what_was_taken_at_the_old_number_is_not_sent_to_the_new_one(
    database_url: str,
):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        await night.phone("sara").expect_telegram("#128")
        night.twilio.fail(Fault(status=503, taken=True))
        await night.turn(minutes=1)
        await reload_with(night, OLD_NUMBER, NEW_NUMBER)
        await night.turn(seconds=30)
        assert [text.to for text in night.twilio.messages] == [OLD_NUMBER]
        night.phone("sara").drop()
        pages = (await night.issue(number))["pages"]
        assert [p["state"] for p in pages if p["via"] == "sms"] == ["accepted"]


async def test_nothing_in_doubt_goes_to_a_number_that_was_taken_out(database_url: str):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        await night.phone("sara").expect_telegram("#128")
        night.twilio.fail(Fault(status=503))
        await night.turn(minutes=1)
        ways = ', {via = "sms", after = "1m"}, {via = "voice", after = "3m"}]'
        await reload_with(night, ways, "]")
        await reload_with(night, f'phone = "{OLD_NUMBER}"\n', "")
        await night.turn(seconds=50)
        assert night.twilio.messages == []
        pages = (await night.issue(number))["pages"]
        assert [p["state"] for p in pages if p["via"] == "sms"] == ["failed"]
