"""A provider that fails is left alone, people are reached otherwise, leaders hear of it."""

from support.fake_twilio import refusal, too_many
from support.night import Night
from support.provider_server import bad_gateway


async def test_after_five_failures_it_is_left_alone_and_leaders_hear_by_another_way(
    database_url: str,
):
    async with Night(database_url) as night:
        # An attempt in doubt is looked up first, and the look-up fails like the rest.
        night.twilio.fail(*[bad_gateway()] * 50)
        await night.report("flowers")
        await night.phone("sara").expect_telegram("#128")
        await night.turn(minutes=2, seconds=50)
        await night.phone("omid").expect_telegram("فراخوان مشکل دارد: sms")
        night.twilio.recover()
        await night.turn(minutes=2)
        await night.phone("sara").expect_sms("#128")  # it was tried again by itself
        for leader in ("omid", "nina"):  # calls failed with it, and that is told too
            night.phone(leader).drop()


async def test_a_wish_to_be_asked_later_is_no_illness(database_url: str):
    async with Night(database_url) as night:
        night.twilio.fail(*[too_many(5)] * 5)
        await night.report("flowers")
        await night.phone("sara").expect_telegram("#128")
        await night.turn(minutes=4, seconds=50)
        await night.phone("sara").expect_sms("#128")


async def test_one_message_that_is_refused_without_a_known_reason_is_no_illness(
    database_url: str,
):
    async with Night(database_url) as night:
        night.twilio.fail(*[refusal(60410, 403)] * 50)  # a number blocked at Twilio
        await night.report("flowers")
        await night.phone("sara").expect_telegram("#128")
        await night.turn(minutes=4, seconds=50)
        night.expect_silence()
        night.twilio.recover()
        await night.turn(minutes=2)
        await night.phone("sara").expect_sms("#128")
        for person in ("reza", "mina"):  # the next level
            night.phone(person).drop()


async def test_an_account_that_is_closed_is_an_illness(database_url: str):
    async with Night(database_url) as night:
        night.twilio.fail(*[refusal(20005, 403)] * 50)
        await night.report("flowers")
        await night.phone("sara").expect_telegram("#128")
        await night.turn(minutes=2, seconds=50)
        await night.phone("omid").expect_telegram("فراخوان مشکل دارد: sms")
        for leader in ("omid", "nina"):
            night.phone(leader).drop()
