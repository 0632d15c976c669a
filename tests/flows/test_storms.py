"""Many issues at once: a phone gets a few pages, then one that says how many."""

from datetime import timedelta

from support.night import Night
from support.telegram_wire import too_many


async def storm(night: Night, count: int, *, first: int = 1, **changes: object) -> None:
    for place in range(first, first + count):
        await night.report(
            "flowers",
            external_id=f"flowers-{place}",
            subject=f"Flowers {place} never arrived",
            **changes,
        )


async def test_three_pages_stand_alone_and_the_fourth_says_how_many(database_url: str):
    async with Night(database_url) as night:
        sara = night.phone("sara")
        await storm(night, 3)
        for number in (128, 129, 130):
            await sara.expect_telegram(f"#{number}")
        await storm(night, 1, first=4)
        bundle = await sara.expect_telegram("۴ مورد", "بدترین", "#128")
        labels = [label for row in bundle.buttons for label, _ in row]
        assert labels == ["همه را قبول می‌کنم"]


async def test_a_bundle_follows_another_only_a_minute_later_and_holds_all(
    database_url: str,
):
    async with Night(database_url) as night:
        sara = night.phone("sara")
        await storm(night, 9)
        for _ in range(3):
            await sara.expect_telegram()
        await sara.expect_telegram("۴ مورد")
        night.expect_silence()
        await night.turn(seconds=59)
        night.expect_silence()
        await night.turn(seconds=1)
        await sara.expect_telegram("۹ مورد")
        for _ in range(3):  # and the same again by SMS, the next step of her ladder
            await sara.expect_sms()
        await sara.expect_sms("مورد منتظر شماست")


async def test_a_critical_issue_is_paged_by_itself_whatever_waits(database_url: str):
    async with Night(database_url) as night:
        sara = night.phone("sara")
        await storm(night, 6)
        for _ in range(4):
            await sara.expect_telegram()
        await night.report("prize")
        await sara.expect_telegram("بحرانی #134")
        await night.phone("nina").expect_sms("Bad news #134")
        await night.phone("omid").expect_telegram("#134")


async def test_what_becomes_critical_while_it_waits_is_paged_by_itself_too(
    database_url: str,
):
    async with Night(database_url) as night:
        sara = night.phone("sara")
        await storm(night, 6)
        for _ in range(4):
            await sara.expect_telegram()
        worse = {"severity": "critical", "reason": "all their shops are closed"}
        await night.post("/api/v1/issues/132/severity", worse)
        for person in ("nina", "omid"):  # the bad news
            night.phone(person).drop()
        await sara.expect_telegram("بحرانی #132", "۱۳۲ ۱=قبول")  # not a minute later
        night.expect_silence()


async def test_zero_takes_everything_that_waits_on_the_phone(database_url: str):
    async with Night(database_url) as night:
        sara = night.phone("sara")
        await storm(night, 5)
        for _ in range(4):
            await sara.expect_telegram()
        await sara.writes("۰").expect_telegram("مسئول همه")
        for number in (128, 129, 130, 131):
            assert (await night.issue(number))["owner"] == "sara"
        await night.turn(minutes=1)
        await sara.expect_telegram("#132")  # it was put off, and nobody has it yet
        await sara.expect_sms("#132")


async def test_zero_leaves_to_others_what_they_have(database_url: str):
    async with Night(database_url) as night:
        sara, reza = night.phone("sara"), night.phone("reza")
        await storm(night, 3)
        for _ in range(3):
            await sara.expect_telegram()
        await night.post("/api/v1/issues/128/acknowledge", {"person": "reza"})
        await sara.writes("۰").expect_telegram("مسئول همه")
        found = [await night.issue(number) for number in (128, 129, 130)]
        assert [issue["owner"] for issue in found] == ["reza", "sara", "sara"]
        assert [issue["helpers"] for issue in found] == [[], [], []]
        await sara.writes("۰").expect_telegram("منتظر")  # nothing more waits
        await night.turn(minutes=15)
        await reza.expect_telegram("#128")  # he is reminded as if nothing had been said
        sara.drop()


async def test_the_button_under_a_bundle_takes_everything_too(database_url: str):
    async with Night(database_url) as night:
        sara = night.phone("sara")
        await storm(night, 4)
        for _ in range(3):
            await sara.expect_telegram()
        await sara.expect_telegram("۴ مورد").press("همه را قبول می‌کنم")
        for number in (128, 129, 130, 131):
            assert (await night.issue(number))["owner"] == "sara"
        assert "مسئول همه" in night.telegram.answers[-1][1]


async def test_a_bundle_that_has_to_wait_for_its_turn_does_not_wait_for_itself(
    database_url: str,
):
    async with Night(database_url) as night:
        sara = night.phone("sara")
        for place in range(12):  # more than a chat may have at once
            await night.report("prize", external_id=f"prize-{place}")
        await storm(night, 2)
        await night.turn(seconds=10)
        for _ in range(12):
            await sara.expect_telegram("بحرانی")
        await sara.expect_telegram("مورد منتظر شماست")
        for person in ("omid", "nina"):  # the bad news
            night.phone(person).drop()


async def test_the_button_under_an_old_bundle_takes_what_it_names(database_url: str):
    def once(text: str) -> str:
        return text.replace("rounds = 2", "rounds = 1")

    async with Night(database_url, change=once) as night:
        sara = night.phone("sara")
        await storm(night, 4)
        for _ in range(3):
            await sara.expect_telegram()
        bundle = await sara.expect_telegram("۴ مورد")
        await night.turn(minutes=45)
        ((_, data),) = bundle.buttons[0]
        await night.telegram.user_presses(sara.person.telegram or 0, data)
        await night.settle()
        assert "مسئول همه" in night.telegram.answers[-1][1]
        for number in (128, 129, 130, 131):
            assert (await night.issue(number))["owner"] == "sara"
        for person in night.service.config.people:
            night.phone(person).drop()


async def test_a_call_is_not_joined_into_a_text_to_the_same_number(database_url: str):
    async with Night(database_url) as night:
        sara = night.phone("sara")
        await night.report("flowers")
        await night.turn(seconds=50)
        await storm(night, 5)
        await night.turn(seconds=55)
        night.clock.turn(timedelta(seconds=17))  # texts and the first call are due
        await night.settle()
        sara.drop()
        assert [call.to for call in night.twilio.calls] == [sara.person.phone]


async def test_a_page_for_many_counts_and_names_only_what_still_waits(
    database_url: str,
):
    async with Night(database_url) as night:
        sara = night.phone("sara")
        await storm(night, 4)
        for _ in range(4):
            await sara.expect_telegram()
        for number in (128, 129, 130):
            await night.post(f"/api/v1/issues/{number}/acknowledge", {"person": "reza"})
        await storm(night, 1, first=5)
        page = await sara.expect_telegram("#132")
        assert "مورد" not in page.text
        await night.turn(minutes=1)
        # Both are due in one instant, so either may come first.
        texts = [str(await sara.expect_sms()) for _ in range(2)]
        assert sorted(n for n in ("#131", "#132") for t in texts if n in t) == [
            "#131",
            "#132",
        ]


async def test_a_page_for_many_that_is_tried_again_counts_anew(database_url: str):
    async with Night(database_url) as night:
        sara = night.phone("sara")
        await storm(night, 3)
        for _ in range(3):
            await sara.expect_telegram()
        night.telegram.fail(too_many(9))
        await storm(night, 1, first=4)
        for number in (128, 129, 130):
            await night.post(f"/api/v1/issues/{number}/acknowledge", {"person": "reza"})
        await night.turn(seconds=30)
        page = await sara.expect_telegram("#131")
        assert "مورد" not in page.text
        assert len(page.buttons) == 2
