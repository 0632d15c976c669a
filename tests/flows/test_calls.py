"""A phone rings at night: what it says, and what the keys do."""

import shutil
from pathlib import Path

import pytest

from support.fake_calls import PlacedCall
from support.night import Night
from support.provider_server import drop

SARA = "+989121234567"


@pytest.fixture
def url(tmp_path: Path, migrated_sqlite: Path) -> str:
    shutil.copy(migrated_sqlite, tmp_path / "oncall.db")
    return f"sqlite:///{tmp_path}/oncall.db"


async def sara_is_called(night: Night) -> PlacedCall:
    """Let the customer of Friday night write, and wait until Sara's phone rings."""
    await night.report("friday-night")
    await night.turn(minutes=3)
    (call,) = night.twilio.calls
    assert call.to == SARA
    await night.phone("sara").expect_telegram("#128").expect_sms("#128")
    return call


async def press(night: Night, call: PlacedCall, key: str) -> str:
    await call.press(key)
    await night.settle()
    return call.heard[-1]


async def test_a_call_reads_the_page_and_a_key_takes_it(database_url: str):
    async with Night(database_url) as night:
        call = await sara_is_called(night)
        await call.pick_up()
        assert len(call.heard) == 2
        assert call.heard[0] == call.heard[1]
        assert call.heard[0].startswith("high issue, number 128. Customer: سلمى الحداد")
        said = await press(night, call, "1")
        assert said == "You own 128. Please answer the customer now."
        issue = await night.issue(128)
        assert (issue["status"], issue["owner"]) == ("acknowledged", "sara")


async def test_who_reads_arabic_hears_arabic(url: str):
    def in_arabic(text: str) -> str:
        return text.replace('language = "fa"', 'language = "ar"', 1)

    async with Night(url, change=in_arabic) as night:
        call = await sara_is_called(night)
        await call.pick_up()
        assert call.languages == ["arb", "arb"]
        assert call.heard[0].startswith("عاجلة")
        assert "128" in await press(night, call, "1")
        assert call.languages[-1] == "arb"


async def test_voicemail_is_no_acknowledgement(url: str):
    async with Night(url) as night:
        call = await sara_is_called(night)
        await call.pick_up()
        await call.report("completed")
        assert (await night.issue(128))["status"] == "open"
        await night.turn(minutes=2)
        await night.phone("reza").expect_telegram("#128")


async def test_a_key_without_a_meaning_has_the_page_read_again(url: str):
    async with Night(url) as night:
        call = await sara_is_called(night)
        await call.pick_up()
        said = await press(night, call, "7")
        assert said.startswith("That key means nothing here. high issue, number 128.")
        assert call.asks
        assert (await night.issue(128))["status"] == "open"
        await press(night, call, "1")
        assert (await night.issue(128))["owner"] == "sara"


async def test_the_key_for_many_means_nothing_in_a_call_about_one(url: str):
    async with Night(url) as night:
        call = await sara_is_called(night)
        await call.pick_up()
        assert (await press(night, call, "0")).startswith("That key means nothing")
        assert (await night.issue(128))["owner"] is None


async def test_the_same_key_delivered_twice_is_taken_once(url: str):
    async with Night(url) as night:
        call = await sara_is_called(night)
        await call.pick_up()
        asked = call.document
        first = await press(night, call, "1")
        call.document = asked
        assert await press(night, call, "1") == first
        assert call.languages[-1] == "en-US"


async def test_a_key_passes_the_issue_to_the_next_level(url: str):
    async with Night(url) as night:
        call = await sara_is_called(night)
        await call.pick_up()
        assert await press(night, call, "2") == "128 is passed on to the next level."
        await night.phone("reza").expect_telegram("#128")


async def test_who_picks_up_too_late_hears_who_has_it(url: str):
    async with Night(url) as night:
        call = await sara_is_called(night)
        await night.turn(minutes=2)
        await night.phone("reza").expect_telegram("#128").press("قبول می‌کنم")
        await call.pick_up()
        assert call.heard[0].startswith("128 was already taken by Reza")
        assert not call.asks


async def test_who_has_taken_it_by_text_meanwhile_hears_that(url: str):
    async with Night(url) as night:
        call = await sara_is_called(night)
        await night.phone("sara").sends_sms("128 1").expect_sms("128")
        await call.pick_up()
        assert call.heard[0].startswith("128 was already taken by Sara")


async def test_an_owner_who_is_paged_again_hears_the_page(url: str):
    async with Night(url) as night:
        first = await sara_is_called(night)
        await first.pick_up()
        await press(night, first, "1")
        await night.turn(minutes=18)  # no answer to the customer for 15 minutes
        again = night.twilio.calls[-1]
        assert again is not first
        await again.pick_up()
        assert again.heard[0].startswith("You have issue number 128, and the customer")
        await night.phone("sara").expect_telegram("#128").expect_sms("#128")


async def test_who_picks_up_when_all_is_over_hears_that_it_is_closed(url: str):
    async with Night(url) as night:
        call = await sara_is_called(night)
        await night.phone("sara").sends_sms("128 5").expect_sms("128")
        await call.pick_up()
        assert call.heard == ["128 is already closed. Nothing to do."]


@pytest.mark.parametrize("report", ["initiated", "in-progress"])
async def test_a_call_that_was_placed_without_an_answer_is_not_placed_twice(
    url: str, report: str
):
    async with Night(url) as night:
        await night.report("friday-night")
        await night.turn(minutes=1)
        night.twilio.fail(drop())
        await night.turn(minutes=1)
        (call,) = night.twilio.calls
        await call.report(report)
        await night.turn(minutes=1)
        assert night.twilio.calls == [call]
        (page,) = [
            page
            for page in (await night.issue(128))["pages"]
            if (page["person"], page["via"]) == ("sara", "voice")
        ]
        assert page["state"] == {"initiated": "accepted"}.get(report, "delivered")
        await night.phone("sara").expect_telegram("#128").expect_sms("#128")


async def test_a_call_that_nobody_takes_was_not_delivered(url: str):
    async with Night(url) as night:
        call = await sara_is_called(night)
        await call.report("no-answer")
        pages = (await night.issue(128))["pages"]
        (state,) = [page["state"] for page in pages if page["via"] == "voice"]
        assert state == "undelivered"


async def test_a_key_from_another_phone_is_not_for_it(url: str):
    async with Night(url) as night:
        call = await sara_is_called(night)
        await call.pick_up()
        call.to = "+989121234568"
        assert await press(night, call, "1") == "This line is only for our care team."
        assert (await night.issue(128))["owner"] is None


async def test_bad_news_is_read_out_when_no_text_arrives(url: str):
    async with Night(url) as night:
        nina = night.phone("nina").person
        assert nina.phone
        night.twilio.refuses[nina.phone] = 21610
        number = await night.report("prize")
        (call,) = [call for call in night.twilio.calls if call.to == nina.phone]
        await call.pick_up()
        assert call.heard[0].startswith(f"Bad news {number} ")
        assert not call.asks
        await night.phone("omid").expect_telegram("خبر بد")
        await night.phone("sara").expect_telegram(f"#{number}")


async def test_a_call_for_a_test_says_so(url: str):
    async with Night(url) as night:
        call = await sara_is_called(night)
        call.url = call.url.partition("=")[0] + "=a-test"
        await call.pick_up()
        assert call.heard[0].startswith("Test for Sara")
        assert not call.asks


async def test_a_forged_call_hears_nothing(url: str):
    async with Night(url) as night:
        call = await sara_is_called(night)
        forged = await night.client.post(
            call.url, data={"CallSid": "CA1", "To": SARA, "Digits": "1"}
        )
        assert forged.status_code == 403
        assert (await night.issue(128))["owner"] is None
