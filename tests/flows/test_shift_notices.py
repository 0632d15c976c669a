"""People hear of their own shifts: before they begin, and when something near changes."""

from datetime import UTC, datetime, timedelta

from support.night import Night

WEDNESDAY = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
"""Thursday 13:00 in Tehran, when Reza's weekend begins, is a day and half an hour off."""


def only_weekend(text: str) -> str:
    """Leave the rotations of the weekend alone, without the one around the clock."""
    begin = text.index("[rotations.care]")
    return text[:begin] + text[text.index("[[absences]]") :]


async def test_a_day_an_hour_and_no_time_before_it_begins_each_once(database_url: str):
    async with Night(database_url, now=WEDNESDAY, change=only_weekend) as night:
        await night.settle()
        night.expect_silence()
        reza, mina = night.phone("reza"), night.phone("mina")
        await night.turn(minutes=30)
        await reza.expect_telegram("نوبت شما نزدیک است", "Weekend customer care")
        await mina.expect_telegram("اقترب دورك", "Weekend backup")
        await night.restart()
        await night.turn(hours=23)
        await reza.expect_telegram("یک ساعت دیگر نوبت شماست")
        await mina.expect_telegram("دورك بعد ساعة")
        await night.turn(hours=1)
        await reza.expect_telegram("از حالا تا", "Weekend customer care")
        await mina.expect_telegram("أنت المناوب الآن")
        await night.turn(hours=3)


def until_sunday(text: str) -> str:
    """Let a weekend be longer than the time that notices look ahead."""
    weekend = 'on = ["weekend", "holidays"]'
    assert weekend in text
    return only_weekend(text.replace(weekend, 'on = ["thu 13:00 - sun 09:00"]'))


async def test_a_notice_tells_all_of_a_shift_however_long(database_url: str):
    async with Night(database_url, now=WEDNESDAY, change=until_sunday) as night:
        await night.settle()
        await night.turn(minutes=30)
        await night.phone("reza").expect_telegram("یکشنبه ۰۹:۰۰")
        await night.phone("mina").expect_telegram("الأحد ٠٩:٣٠")


async def test_a_change_inside_two_days_reaches_both_people(database_url: str):
    now = WEDNESDAY - timedelta(hours=4)
    async with Night(database_url, now=now, change=only_weekend) as night:
        await night.settle()
        await night.post(
            "/api/v1/rotations/weekend/overrides",
            {
                "person": "mina",
                "instead_of": "reza",
                "from": "2026-11-26T09:30:00Z",
                "to": "2026-11-28T05:30:00Z",
            },
        )
        await night.phone("reza").expect_telegram("دیگر نوبت شما نیست")
        # She is no backup while she is on call: two changes, and one message.
        told = night.phone("mina").next("telegram").text
        assert "مناوبات تغيرت" in told
        assert "مناوبة جديدة لك" in told
        assert "أُلغيت مناوبتك" in told
        await night.phone("nina").expect_sms("New turn for you: Weekend backup")


async def test_a_change_next_month_is_left_to_the_calendars(database_url: str):
    async with Night(database_url, now=WEDNESDAY, change=only_weekend) as night:
        await night.settle()
        await night.post(
            "/api/v1/rotations/weekend/overrides",
            {
                "person": "nina",
                "from": "2026-12-24T09:30:00Z",
                "to": "2026-12-26T05:30:00Z",
            },
        )
        night.expect_silence()


async def test_what_lies_before_the_first_start_is_not_told(database_url: str):
    now = WEDNESDAY + timedelta(hours=12)
    async with Night(database_url, now=now, change=only_weekend) as night:
        await night.turn(hours=11)
        night.expect_silence()
