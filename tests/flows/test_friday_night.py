"""The main job: it is Friday 22:12, and a customer abroad cannot use what she paid for."""

import recurring_ical_events
from icalendar import Calendar

from support.night import FRIDAY_22_12, Night


async def test_a_friday_night_from_the_first_word_to_the_bad_news(database_url: str):
    async with Night(database_url) as night:
        sara, reza = night.phone("sara"), night.phone("reza")
        nina, omid = night.phone("nina"), night.phone("omid")

        number = await night.report("friday-night")
        assert number == 128
        page = await sara.expect_telegram("مهم #128", "سلمى الحداد", "الخدمة متوقفة")
        labels = [label for row in page.buttons for label, _ in row]
        assert labels == ["قبول می‌کنم", "ارجاع", "حل شد", "خبر به مدیران"]
        await night.turn(seconds=59)
        night.expect_silence()
        await night.turn(seconds=1)
        await sara.expect_sms("مهم #128", "۱۲۸ ۱=قبول ۲=ارجاع ۹=مدیر")

        await night.turn(minutes=4)
        await reza.expect_telegram("مهم #128")
        await night.turn(minutes=1)
        await reza.expect_sms("مهم #128").reply("۱۲۸ ۱").expect_sms("128")
        issue = await night.issue(number)
        assert (issue["status"], issue["owner"]) == ("acknowledged", "reza")
        assert issue["severity"] == "high"
        waiting = [p for p in issue["pages"] if p["state"] in ("planned", "sending")]
        assert waiting == []

        prize = await night.report("prize")
        assert (await night.issue(prize))["severity"] == "critical"
        await nina.expect_sms("Bad news", "#129")
        await omid.expect_telegram("خبر بد", "#129", "جایزهٔ مسابقه واریز نشده")
        await sara.expect_telegram("بحرانی #129")


async def test_leaders_hear_of_a_high_issue_after_twenty_minutes_without_an_answer(
    database_url: str,
):
    async with Night(database_url) as night:
        await night.report("friday-night")
        await night.turn(minutes=14, seconds=59)
        for person in ("sara", "reza"):
            phone = night.phone(person)
            await phone.expect_telegram("#128").expect_sms("#128")
        await night.turn(seconds=1)  # 5 + 10 minutes: leadership is the third level
        await night.phone("nina").expect_sms("high #128")
        await night.phone("omid").expect_telegram("#128")
        await night.turn(minutes=1)
        await night.phone("omid").expect_sms("#128")
        await night.turn(minutes=3, seconds=59)
        night.expect_silence()
        await night.turn(seconds=1)
        await night.phone("nina").expect_sms(
            "Bad news #128", "since 22:12", "takes too long"
        )


async def test_everybodys_shifts_are_in_their_calendars(database_url: str):
    async with Night(database_url) as night:
        for person, title in {
            "sara": "Weekend customer care",
            "reza": "Weekend backup",
        }.items():
            made = await night.post("/api/v1/feeds", {"person": person})
            assert made.status_code == 201
            assert made.json()["webcal"].startswith("webcal://")
            feed = await night.client.get(made.json()["url"])
            assert feed.headers["content-type"].startswith("text/calendar")
            calendar = recurring_ical_events.of(Calendar.from_ical(feed.text))
            tonight = [str(event["SUMMARY"]) for event in calendar.at(FRIDAY_22_12)]
            assert any(title in summary for summary in tonight), tonight
