"""What providers do to a page on its way, and what the service does about it."""

import re

from support.fake_telegram import TOKEN
from support.fake_twilio import refusal, too_many
from support.night import Night
from support.provider_server import Fault, bad_gateway, drop
from support.telegram_wire import too_many as telegram_is_busy

SARA = 123456789
SARAS_PHONE = "+989121234567"
OPTED_OUT = 21610
NOT_FROM_THIS_SENDER = 21612


def without_calls(text: str) -> str:
    """Change the example: nobody is called, so that chats and texts are all there is."""
    text = re.sub(r', \{via = "voice", after = "\dm"\}', "", text)
    by_default = 'contact = [{via = "telegram"}, {via = "sms", after = "1m"}]'
    for person in ("reza", "omid"):
        text = text.replace(f"[people.{person}]", f"[people.{person}]\n{by_default}")
    return text


def texts_first(text: str) -> str:
    """Change the example: Sara is texted first, and gets a chat message after 3 m."""
    return without_calls(text).replace(
        'contact = [{via = "telegram"}, {via = "sms", after = "1m"}]',
        'contact = [{via = "sms"}, {via = "telegram", after = "3m"}]',
        1,
    )


def texts_alone(text: str) -> str:
    """Change the example: Sara is texted, and nothing else."""
    return texts_first(text).replace(', {via = "telegram", after = "3m"}', "", 1)


def by_text_alone(text: str) -> str:
    """Change the example: everybody has a phone for texts, and nothing else."""
    kept = [
        line
        for line in without_calls(text).splitlines()
        if not line.startswith(("telegram = ", "contact = "))
    ]
    return re.sub(
        r"(?m)^(phone = .*)$", r'\1\ncontact = [{via = "sms"}]', "\n".join(kept)
    )


async def states(night: Night, number: int, person: str) -> dict[str, str]:
    """Return the state of a person's page by each method."""
    pages = (await night.issue(number))["pages"]
    mine = [page for page in pages if page["person"] == person]
    return {page["via"]: page["state"] for page in mine if page["kind"] == "page"}


async def test_a_blocked_chat_is_left_for_the_next_method_at_once_and_remembered(
    database_url: str,
):
    async with Night(database_url, change=without_calls) as night:
        sara = night.phone("sara")
        night.telegram.blocked.add(SARA)
        number = await night.report("friday-night")
        await sara.expect_sms("#128")
        assert await states(night, number, "sara") == {
            "telegram": "failed",
            "sms": "accepted",
        }
        lines = (await night.issue(number))["timeline"]
        (line,) = [line for line in lines if line["event"] == "not_delivered"]
        assert (line["person"], line["reason"]) == ("sara", "telegram")
        await night.report("flowers", severity="high")
        await sara.expect_sms("#129")
        assert "telegram" not in await states(night, 129, "sara")

        night.telegram.blocked.clear()
        await sara.writes("hello").expect_telegram()  # and so the chat is open again
        await night.report("engraving", severity="high")
        await sara.expect_telegram("#130")


async def test_a_chat_that_is_blocked_between_two_pages_is_known_to_be(
    database_url: str,
):
    async with Night(database_url, change=without_calls) as night:
        await night.telegram.user_blocks(SARA)
        await night.settle()
        await night.report("friday-night")
        await night.phone("sara").expect_sms("#128")
        assert "telegram" not in await states(night, 128, "sara")


async def test_an_opted_out_phone_is_texted_again_after_start(database_url: str):
    async with Night(database_url, change=texts_first) as night:
        sara = night.phone("sara")
        night.twilio.refuses[SARAS_PHONE] = OPTED_OUT
        await night.report("friday-night")
        await sara.expect_telegram("#128")
        night.twilio.refuses.clear()
        await night.report("flowers", severity="high")
        await sara.expect_telegram("#129")
        await sara.sends_sms("STOP").reply_sms(" start ")
        await night.report("engraving", severity="high")
        await sara.expect_sms("#130")


async def test_a_level_nobody_of_which_can_be_reached_is_not_waited_for(
    database_url: str,
):
    async with Night(database_url, change=without_calls) as night:
        night.telegram.blocked.add(SARA)
        night.twilio.refuses[SARAS_PHONE] = OPTED_OUT
        number = await night.report("friday-night")
        await night.phone("reza").expect_telegram("#128")
        events = [line["event"] for line in (await night.issue(number))["timeline"]]
        assert "level_unreachable" in events
        await night.turn(minutes=1)
        await night.phone("reza").expect_sms("#128")
        await night.turn(minutes=8, seconds=59)
        night.expect_silence()
        await night.turn(seconds=1)
        await night.phone("nina").expect_sms("#128")
        await night.phone("omid").expect_telegram("#128")


async def test_a_level_that_cannot_be_reached_is_not_waited_for_while_a_customer_waits(
    database_url: str,
):
    async with Night(database_url, change=without_calls) as night:
        number = await night.report("friday-night")
        await night.post(f"/api/v1/issues/{number}/acknowledge", {"person": "sara"})
        reza = night.phone("reza").person
        night.telegram.blocked.add(reza.telegram or 0)
        night.twilio.refuses[reza.phone or ""] = OPTED_OUT
        await night.turn(minutes=30)  # she is reminded, and then it is the next level's
        night.phone("sara").drop()
        await night.phone("nina").expect_sms("#128")
        await night.phone("omid").expect_telegram("#128")


async def test_a_level_that_is_behind_us_and_fails_hurries_nothing(database_url: str):
    async with Night(database_url, change=texts_first) as night:
        await night.report("friday-night")
        await night.phone("sara").expect_sms("#128")
        (text,) = night.twilio.messages
        await night.turn(minutes=1)
        await night.phone("sara").expect_telegram("#128")
        await night.turn(minutes=4)
        await night.phone("reza").expect_telegram("#128")
        night.telegram.blocked.add(SARA)
        await night.twilio.send_status(text, "undelivered", error_code=30005)
        await night.settle()
        night.expect_silence()
        await night.turn(minutes=1)
        await night.phone("reza").expect_sms("#128")
        await night.turn(minutes=8)
        night.expect_silence()


async def test_a_last_resort_that_fails_is_tried_again_in_its_time_and_not_at_once(
    database_url: str,
):
    async with Night(database_url, change=by_text_alone) as night:
        for person in night.service.config.people.values():
            night.twilio.refuses[person.phone or ""] = NOT_FROM_THIS_SENDER
        number = await night.report("friday-night")
        pages = (await night.issue(number))["pages"]
        told = [page for page in pages if page["level"] is None]
        assert len(told) == 2, "the last resort, once"
        await night.turn(minutes=19, seconds=59)
        assert len((await night.issue(number))["pages"]) == len(pages)
        night.twilio.refuses.clear()
        await night.turn(minutes=10, seconds=1)
        await night.phone("nina").expect_sms("Bad news #128")
        await night.phone("nina").expect_sms("high #128")
        await night.phone("omid").expect_sms("#128")


async def test_a_provider_that_wants_a_pause_gets_it_and_the_next_method_comes(
    database_url: str,
):
    async with Night(database_url, change=texts_first) as night:
        night.twilio.fail(too_many(retry_after=40))
        await night.report("friday-night")
        await night.turn(seconds=39)
        night.expect_silence()
        await night.turn(seconds=1)
        await night.phone("sara").expect_sms("#128")


async def test_a_provider_in_trouble_is_asked_again_ever_more_slowly(
    database_url: str,
):
    async with Night(database_url, change=texts_first) as night:
        night.twilio.fail(*[refusal(20500, 400) for _ in range(4)])
        number = await night.report("friday-night")
        await night.turn(seconds=59)
        night.expect_silence()
        await night.turn(seconds=1)
        await night.phone("sara").expect_telegram("#128")  # not only after 3 m
        await night.turn(minutes=3)
        await night.phone("sara").expect_sms("#128")
        pages = (await night.issue(number))["pages"]
        (text,) = [page for page in pages if page["via"] == "sms"]
        assert text["attempts"] == 5
        lines = (await night.issue(number))["timeline"]
        trouble = [line for line in lines if line["reason"] == "provider_trouble"]
        assert len(trouble) == 1, "one line, not one for each attempt"


async def test_what_was_taken_without_an_answer_is_found_and_not_sent_twice(
    database_url: str,
):
    async with Night(database_url, change=texts_first) as night:
        night.twilio.fail(drop(taken=True))
        number = await night.report("friday-night")
        assert await states(night, number, "sara") == {
            "sms": "planned",
            "telegram": "planned",
        }
        await night.turn(seconds=10)
        assert len(night.twilio.messages) == 1
        await night.phone("sara").expect_sms("#128")
        assert (await states(night, number, "sara"))["sms"] == "accepted"
        await night.twilio.send_status(night.twilio.messages[0], "delivered")
        assert (await states(night, number, "sara"))["sms"] == "delivered"


async def test_what_was_not_taken_is_sent_once_more_in_the_same_words(
    database_url: str,
):
    async with Night(database_url, change=texts_first) as night:
        night.twilio.fail(drop(taken=False), bad_gateway(), bad_gateway(taken=True))
        await night.report("friday-night")
        assert night.twilio.messages == []
        # dropped; then the lookup cannot tell; then it tells no and sending is in doubt
        await night.turn(seconds=45)  # 5 + 10 + 20 seconds, a fifth more at the most
        assert len(night.twilio.messages) == 1
        await night.phone("sara").expect_sms("#128")
        assert (await states(night, 128, "sara"))["sms"] == "accepted"


async def test_a_lookup_is_not_confused_by_the_page_of_another_round(
    database_url: str,
):
    async with Night(database_url, change=texts_first) as night:
        number = await night.report("friday-night")
        await night.phone("sara").expect_sms("#128")
        await night.post(
            f"/api/v1/issues/{number}/assign", {"person": "sara", "reason": "hers"}
        )
        await night.phone("sara").expect_sms("#128")
        assert len(night.twilio.messages) == 2


async def test_a_lost_level_is_not_said_to_have_been_passed_on(database_url: str):
    async with Night(database_url, change=texts_alone) as night:
        number = await night.report("friday-night")
        await night.phone("sara").expect_sms("#128")
        await bounce(night)
        await night.phone("reza").expect_telegram("#128")
        lines = (await night.issue(number))["timeline"]
        (paged,) = (
            line
            for line in lines
            if line["event"] == "page" and line["person"] == "reza"
        )
        assert paged["reason"] == "level_reached"


async def test_a_late_bounce_does_not_end_a_snooze(database_url: str):
    async with Night(database_url, change=texts_alone) as night:
        await night.report("friday-night")
        await night.phone("sara").expect_sms("#128")
        await night.post("/api/v1/issues/128/snooze", {"for": "15m"})
        await bounce(night)
        await night.turn(minutes=14, seconds=59)
        night.expect_silence()
        await night.turn(seconds=1)
        await night.phone("reza").expect_telegram("#128")


async def test_a_late_bounce_of_the_last_level_does_not_page_the_last_resort_again(
    database_url: str,
):
    def one_level(text: str) -> str:
        for group in ("rotation:weekend-backup", "group:leadership"):
            text = re.sub(rf'\{{page = \["{group}"\].*\n', "", text)
        return texts_alone(text).replace("rounds = 2", "rounds = 1")

    async with Night(database_url, change=one_level) as night:
        await night.report("friday-night")
        await night.phone("sara").expect_sms("#128")
        await night.turn(minutes=5)
        await night.phone("nina").expect_sms("#128")
        await night.phone("omid").expect_telegram("#128")
        await bounce(night)
        night.expect_silence()


async def bounce(night: Night) -> None:
    """Let the carrier say that the first text did not arrive."""
    first = night.twilio.messages[0]
    await night.twilio.send_status(first, "undelivered", error_code=30003)
    await night.settle()


async def test_reports_that_come_late_twice_and_out_of_order_keep_the_best_word(
    database_url: str,
):
    async with Night(database_url, change=texts_first) as night:
        number = await night.report("friday-night")
        await night.phone("sara").expect_sms("#128")
        (text,) = night.twilio.messages
        for status in ("delivered", "delivered", "sent", "queued", "undelivered"):
            response = await night.twilio.send_status(text, status)
            assert response.status_code == 200
            assert (await states(night, number, "sara"))["sms"] == "delivered"
        night.expect_silence()
        await night.turn(minutes=2, seconds=59)
        night.expect_silence()  # it is on the phone: the next step has its own time
        await night.turn(seconds=1)
        await (
            night.phone("sara")
            .expect_telegram("#128")
            .write("128 1")
            .expect_telegram("128")
        )
        await night.twilio.send_status(text, "failed", error_code=30005)
        await night.settle()
        assert (await states(night, number, "sara"))["sms"] == "delivered"


async def test_without_a_receipt_the_next_method_comes_after_a_minute(
    database_url: str,
):
    async with Night(database_url, change=texts_first) as night:
        await night.report("friday-night")
        await night.phone("sara").expect_sms("#128")
        await night.twilio.send_status(night.twilio.messages[0], "sent")
        await night.turn(seconds=59)
        night.expect_silence()
        await night.turn(seconds=1)
        await night.phone("sara").expect_telegram("#128")


async def test_what_the_carrier_could_not_deliver_goes_another_way_at_once(
    database_url: str,
):
    async with Night(database_url, change=texts_first) as night:
        number = await night.report("friday-night")
        await night.phone("sara").expect_sms("#128")
        (text,) = night.twilio.messages
        await night.twilio.send_status(text, "undelivered", error_code=30003)
        await night.settle()
        await night.phone("sara").expect_telegram("#128")
        assert (await states(night, number, "sara"))["sms"] == "undelivered"
        await night.twilio.send_status(text, "delivered")
        assert (await states(night, number, "sara"))["sms"] == "delivered"


async def test_after_the_acknowledgement_nothing_more_is_handed_over(
    database_url: str,
):
    async with Night(database_url, change=without_calls) as night:
        night.telegram.fail(*[Fault(status=500) for _ in range(2)])
        number = await night.report("friday-night")
        await night.turn(seconds=1)
        await night.post(f"/api/v1/issues/{number}/acknowledge", {"person": "nina"})
        assert await states(night, number, "sara") == {
            "telegram": "cancelled",
            "sms": "cancelled",
        }
        await night.turn(minutes=14)
        night.expect_silence()


async def test_bad_news_goes_another_way_when_the_first_fails_and_only_then(
    database_url: str,
):
    def chat_for_nina(text: str) -> str:
        return without_calls(text).replace(
            'contact = [{via = "sms"}]',
            'telegram = 123456799\ncontact = [{via = "telegram"}, {via = "sms"}]',
        )

    async with Night(database_url, change=chat_for_nina) as night:
        await night.report("prize")  # Nina has never begun the chat with the bot
        await night.phone("nina").expect_sms("Bad news", "#128")
        await night.phone("omid").expect_telegram("خبر بد", "#128")
        await night.phone("sara").expect_telegram("بحرانی #128")
        await night.turn(minutes=1)
        await night.phone("sara").expect_sms("#128")


async def test_bad_news_that_was_only_late_is_not_told_twice(database_url: str):
    async with Night(database_url, change=without_calls) as night:
        night.telegram.fail(*[telegram_is_busy(5)] * 2)
        await night.report("prize")
        night.phone("nina").drop()
        await night.turn(seconds=6)
        await night.phone("omid").expect_telegram("خبر بد", "#128")
        await night.phone("sara").expect_telegram("بحرانی #128")
        await night.turn(minutes=2)
        await night.phone("sara").expect_sms("#128")  # a page goes on up its ladder


async def test_bad_news_that_arrived_another_way_is_not_told_again(
    database_url: str,
):
    async with Night(database_url, change=without_calls) as night:
        night.telegram.fail(*[telegram_is_busy(90)] * 2)
        await night.report("prize")
        night.phone("nina").drop()
        await night.turn(minutes=1, seconds=5)
        await night.phone("omid").expect_sms("خبر بد")
        for text in night.twilio.messages:
            await night.twilio.send_status(text, "delivered")
        await night.turn(minutes=3)
        night.phone("sara").drop()
        night.expect_silence()


async def test_bad_news_that_bounced_while_it_was_in_doubt_goes_another_way(
    database_url: str,
):
    def mina_leads(text: str) -> str:
        by_text_first = 'contact = [{via = "sms"}, {via = "telegram"}]'
        text = without_calls(text).replace(
            'contact = [{via = "telegram"}]', by_text_first
        )
        return text.replace('leadership = ["nina", "omid"]', 'leadership = ["mina"]')

    async with Night(database_url, change=mina_leads) as night:
        night.twilio.fail(drop(taken=True))
        await night.report("prize")
        await night.phone("sara").expect_telegram("#128")
        await night.phone("mina").expect_sms("خبر سيئ")
        (text,) = night.twilio.messages
        for status in ("undelivered", "sent"):  # in the wrong order
            await night.twilio.send_status(text, status, error_code=30003)
        await night.settle()
        await night.phone("mina").expect_telegram("خبر سيئ")
        await night.turn(seconds=10)
        night.expect_silence()


async def test_the_bots_token_is_in_no_page(database_url: str):
    async with Night(database_url, change=without_calls) as night:
        night.telegram.fail(Fault(status=500))
        number = await night.report("friday-night")
        assert TOKEN not in str(await night.issue(number))
