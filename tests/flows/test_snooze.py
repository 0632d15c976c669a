"""A snooze holds what waits for anybody, and that comes when it ends."""

import re
from datetime import timedelta

from oncall.store import Tx, holding, pages
from oncall.store.pages import Transition
from support.night import Night
from support.telegram_wire import too_many as telegram_is_busy


def without_calls(text: str) -> str:
    """Let nobody be called: who is not texted at once is after a minute."""
    text = re.sub(r', \{via = "voice", after = "\dm"\}', "", text)
    by_default = 'contact = [{via = "telegram"}, {via = "sms", after = "1m"}]'
    for person in ("reza", "omid"):
        text = text.replace(f"[people.{person}]", f"[people.{person}]\n{by_default}")
    return text


def texts_first(text: str) -> str:
    """Let Sara be texted first, and get a chat message after three minutes."""
    return without_calls(text).replace(
        'contact = [{via = "telegram"}, {via = "sms", after = "1m"}]',
        'contact = [{via = "sms"}, {via = "telegram", after = "3m"}]',
        1,
    )


def chats_alone(text: str) -> str:
    """Let who has a chat be reached by it and by nothing else."""
    return re.sub(r'(, \{via = "sms", after = "1m"\})', "", without_calls(text))


async def snoozes(night: Night, number: int, span: str, **who: str) -> None:
    path = f"/api/v1/issues/{number}/snooze"
    response = await night.post(path, {"for": span, **who})
    assert response.status_code == 200, response.text


async def test_the_next_method_comes_when_the_snooze_ends(database_url: str):
    async with Night(database_url, change=without_calls) as night:
        number = await night.report("friday-night")
        sara = night.phone("sara")
        await sara.expect_telegram("#128")
        await night.turn(seconds=30)
        await snoozes(night, number, "10m")
        await night.turn(minutes=9, seconds=59)
        night.expect_silence()
        await night.turn(seconds=1)
        await sara.expect_sms("#128")
        await night.phone("reza").expect_telegram("#128")


async def test_a_retry_of_the_second_level_comes_when_the_snooze_ends(
    database_url: str,
):
    async with Night(database_url, change=chats_alone) as night:
        number = await night.report("friday-night")
        await night.phone("sara").expect_telegram("#128")
        await night.turn(minutes=4, seconds=59)
        night.telegram.fail(telegram_is_busy(30))
        await night.turn(seconds=1)
        await snoozes(night, number, "5m", person="sara")
        await night.turn(minutes=4, seconds=59)
        night.expect_silence()
        await night.turn(seconds=1)
        await night.phone("reza").expect_telegram("#128")
        night.phone("nina").drop()  # the next level, ten minutes after this one
        night.phone("omid").drop()


async def test_the_steps_of_a_ladder_stay_as_far_apart_as_they_were(database_url: str):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        await night.phone("sara").expect_telegram("#128")
        await night.turn(seconds=30)
        await snoozes(night, number, "4m")
        dues = {page["via"]: page for page in (await night.issue(number))["pages"]}
        assert dues["sms"]["due_at"] == "2026-11-20T21:16:30Z"
        assert dues["voice"]["due_at"] == "2026-11-20T21:18:30Z"
        await snoozes(night, number, "10m")
        dues = {page["via"]: page for page in (await night.issue(number))["pages"]}
        assert dues["sms"]["due_at"] == "2026-11-20T21:22:30Z"
        await night.phone("sara").writes("1").expect_telegram("128")


async def test_who_passes_ends_the_snooze_for_the_others(database_url: str):
    def two(text: str) -> str:
        ring = 'people = ["sara", "reza", "mina", "nina"]'
        return without_calls(text).replace(ring, 'people = [["sara", "reza"], "nina"]')

    async with Night(database_url, change=two) as night:
        number = await night.report("friday-night")
        night.phone("nina").drop()
        await night.phone("sara").expect_telegram("#128")
        await night.phone("reza").expect_telegram("#128")
        await night.turn(seconds=30)
        await snoozes(night, number, "1h")
        await night.phone("sara").writes("2").expect_telegram("128")
        await night.phone("reza").expect_sms("#128")
        night.phone("nina").drop()
        await night.phone("reza").writes("1").expect_telegram("128")


async def test_what_a_sender_has_in_hand_is_held_when_it_comes_back(database_url: str):
    async with Night(database_url, change=texts_first) as night:
        number = await night.report("friday-night")
        await night.phone("sara").expect_sms("#128")
        await night.turn(seconds=59)
        at, lease = night.clock.now() + timedelta(seconds=1), timedelta(minutes=1)
        vias = night.service.house.vias

        def in_hand(tx: Tx) -> str:
            (page,) = pages.claim_due(tx, at, limit=9, lease=lease, vias=vias)
            holding.hold(tx, number, at + timedelta(minutes=20), at)
            pages.move(tx, page.id, Transition.POSTPONE, at, also={"due_at": at})
            return page.id

        held = await night.service.database.write(in_hand)
        await night.turn(minutes=1)
        night.expect_silence()
        found = {page["id"]: page for page in (await night.issue(number))["pages"]}
        assert found[held]["due_at"] == "2026-11-20T21:33:00Z"
        await night.phone("sara").sends_sms("1").expect_sms("128")
