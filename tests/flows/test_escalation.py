"""Levels, last resort, reply and bad news, as the people of a whole night see them."""

from dataclasses import replace
from datetime import timedelta

from escalation_policies.policy import Level, Target, TargetKind
from oncall.wiring.service import reload
from support.api import TOLD
from support.night import Night


def alone(text: str) -> str:
    """Let each be reached in one way: Nina by text, the others by chat."""
    kept = []
    for line in text.splitlines():
        if line.startswith("contact = "):
            via = "sms" if 'contact = [{via = "sms"}' in line else "telegram"
            kept.append(f'contact = [{{via = "{via}"}}]')
        elif not (line.startswith("phone = ") and "+98" in line):
            kept.append(line)
    return "\n".join(kept)


def one_round(text: str) -> str:
    return alone(text).replace("rounds = 2", "rounds = 1")


async def reasons(night: Night, number: int) -> list[str]:
    """Return the reasons in an issue's timeline, in order."""
    lines = (await night.issue(number))["timeline"]
    return [line["reason"] for line in lines if line["reason"]]


async def test_a_level_with_nobody_on_call_is_skipped_at_once_and_that_is_written(
    database_url: str,
):
    def weekdays(text: str) -> str:
        return alone(text).replace('on = ["weekend", "holidays"]', 'on = ["mon, tue"]')

    async with Night(database_url, change=weekdays) as night:
        number = await night.report("friday-night")
        await night.phone("nina").expect_sms("high #128")
        await night.phone("omid").expect_telegram("#128")
        assert (await reasons(night, number)).count("level_empty") == 2


async def test_rounds_then_the_last_resort_every_half_hour_until_somebody_has_it(
    database_url: str,
):
    async with Night(database_url, change=alone) as night:
        await night.report("friday-night")
        sara, reza = night.phone("sara"), night.phone("reza")
        nina, omid = night.phone("nina"), night.phone("omid")
        await sara.expect_telegram("#128")
        for last in (False, True):
            await night.turn(minutes=5)
            await reza.expect_telegram("#128")
            await night.turn(minutes=10)
            await nina.expect_sms("high #128")
            await omid.expect_telegram("#128")
            await night.turn(minutes=15)
            if not last:
                await nina.expect_sms("Bad news #128")
                await sara.expect_telegram("#128")
        for _ in range(3):
            await nina.expect_sms("high #128")
            await omid.expect_telegram("#128")
            await night.turn(minutes=29, seconds=59)
            night.expect_silence()
            await night.turn(seconds=1)
        await nina.expect_sms("high #128").reply("1").expect_sms("You own #128")
        await omid.expect_telegram("#128")
        await night.turn(minutes=14)
        night.expect_silence()


async def test_an_owner_who_does_not_answer_the_customer_is_paged_and_then_the_levels(
    database_url: str,
):
    async with Night(database_url, change=alone) as night:
        number = await night.report("friday-night")
        sara = night.phone("sara")
        await sara.expect_telegram("#128").write("1").expect_telegram("128")
        await night.turn(minutes=14, seconds=59)
        night.expect_silence()
        await night.turn(seconds=1)
        page = await sara.expect_telegram("#128 با شماست", "۱۵ دقیقه", "۱=پاسخ می‌دهم")
        assert page.buttons[0][0][0] == "پاسخ می‌دهم"
        await night.turn(minutes=15)
        await night.phone("reza").expect_telegram("#128")
        said = TOLD | {"text": "we are on it", "author": "sara"}
        await night.post(f"/api/v1/issues/{number}/messages", said)
        await night.turn(hours=2)
        night.expect_silence()
        said = {"direction": "in", "text": "and now?"}
        await night.post(f"/api/v1/issues/{number}/messages", said)
        await sara.expect_telegram("#128")  # the customer wrote again
        await night.turn(minutes=15)
        await sara.expect_telegram("#128").write("5").expect_telegram("128")


async def test_a_snooze_holds_the_levels_and_not_bad_news(database_url: str):
    async with Night(database_url, change=alone) as night:
        number = await night.report("friday-night")
        await night.phone("sara").expect_telegram("#128")
        await night.post(f"/api/v1/issues/{number}/snooze", {"for": "1h"})
        await night.turn(minutes=20)
        await night.phone("nina").expect_sms("Bad news #128")
        await night.post(f"/api/v1/issues/{number}/severity", {"severity": "critical"})
        await night.phone("nina").expect_sms("Bad news", "severe")
        await night.phone("omid").expect_telegram("خبر بد", "#128")
        await night.turn(minutes=39, seconds=59)
        night.expect_silence()
        await night.turn(seconds=1)
        await night.phone("reza").expect_telegram("#128")
        assert "snoozed" in await reasons(night, number)


async def test_leaders_hear_at_once_when_it_becomes_critical_and_only_once(
    database_url: str,
):
    async with Night(database_url, change=alone) as night:
        number = await night.report("flight", external_id="t")
        await (
            night.phone("sara")
            .expect_telegram("#128")
            .write("1")
            .expect_telegram("128")
        )
        assert (await night.issue(number))["severity"] == "normal"
        worse = {"external_id": "t", "text": "there is a DATA  LEAK"}
        assert await night.report("flight", **worse) == number
        await night.phone("nina").expect_sms("Bad news #128", "severe")
        await night.phone("omid").expect_telegram("خبر بد", "#128")
        await night.phone("sara").expect_telegram("#128")
        await night.report("flight", **worse)
        await night.phone("sara").expect_telegram("#128")
        for severity in ("high", "critical"):
            body = {"severity": severity, "reason": "let us see"}
            await night.post(f"/api/v1/issues/{number}/severity", body)
        night.expect_silence()


async def test_an_open_issue_keeps_the_policy_it_was_opened_with(database_url: str):
    async with Night(database_url, change=alone) as night:
        await night.report("friday-night")
        await night.phone("sara").expect_telegram("#128")

        config = night.service.config
        policy = config.policies["customer-issue"]
        nina = Target(kind=TargetKind.PERSON, name="nina")
        first = Level(targets=(nina,), wait=timedelta(minutes=1))
        changed = replace(policy, levels=(first, *policy.levels[1:]))
        reload(night.service, replace(config, policies={policy.id: changed}))
        await night.report("flowers", severity="high")
        await night.phone("nina").expect_sms("#129")
        await night.turn(minutes=1)
        await night.phone("reza").expect_telegram("#129")
        await night.turn(minutes=4)
        await night.phone("reza").expect_telegram("#128")


async def test_a_restart_in_the_middle_loses_nothing_and_doubles_nothing(
    database_url: str,
):
    async with Night(database_url, change=alone) as night:
        await night.report("friday-night")
        await night.phone("sara").expect_telegram("#128")
        for _ in range(3):
            await night.restart()
            await night.settle()
        night.expect_silence()
        await night.turn(minutes=4, seconds=59)
        night.expect_silence()
        await night.restart()
        await night.turn(seconds=1)
        reza = night.phone("reza")
        await reza.expect_telegram("#128").write("1").expect_telegram("128")


async def test_a_service_that_was_down_for_an_hour_pages_one_level_and_not_all(
    database_url: str,
):
    async with Night(database_url, change=alone) as night:
        await night.report("friday-night")
        await night.phone("sara").expect_telegram("#128")
        night.clock.turn(timedelta(hours=1))
        await night.restart()
        await night.settle()
        await night.phone("reza").expect_telegram("#128")
        await night.phone("nina").expect_sms("Bad news #128")
        await night.turn(minutes=9, seconds=59)
        night.expect_silence()
        await night.turn(seconds=1)
        await night.phone("nina").expect_sms("high #128")
        await night.phone("omid").expect_telegram("#128")


async def test_what_waits_while_the_service_is_down_is_sent_when_it_is_back(
    database_url: str,
):
    async with Night(database_url, change=alone) as night:
        said = {"source": "web", "customer": {"name": "Mina R"}, "subject": "help"}
        response = await night.client.post("/api/v1/issues", json=said)
        assert response.status_code == 201  # on disk, and nothing else has happened
        night.expect_silence()
        await night.restart()
        await night.settle()
        await night.phone("sara").expect_telegram("#128")


async def test_who_asks_for_leaders_is_obeyed_and_it_is_told_once(database_url: str):
    async with Night(database_url, change=one_round) as night:
        await night.report("flight")
        sara = night.phone("sara")
        await sara.expect_telegram("#128").write("9").expect_telegram("128")
        await night.phone("nina").expect_sms("Bad news", "#128")
        await night.phone("omid").expect_telegram("خبر بد", "#128")
        await sara.writes("128 9").expect_telegram("128")
        await sara.writes("128 1").expect_telegram("128")
        await night.phone("nina").expect_sms("Sara Ahmadi has had #128")
        night.expect_silence()


async def test_an_assigned_owner_is_paged_to_know_of_it(database_url: str):
    async with Night(database_url, change=alone) as night:
        number = await night.report("friday-night")
        sara = night.phone("sara")
        await sara.expect_telegram("#128").write("1").expect_telegram("128")
        body = {"person": "mina", "reason": "speaks Arabic"}
        await night.post(f"/api/v1/issues/{number}/assign", body)
        await night.phone("mina").expect_telegram("#128")
        await sara.writes("128 1").expect_telegram("128")
        issue = await night.issue(number)
        assert (issue["owner"], issue["helpers"]) == ("mina", ["sara"])


async def test_who_was_the_owner_until_now_is_still_paged_as_one_of_a_level(
    database_url: str,
):
    def omid_has_a_chat_and_a_phone(text: str) -> str:
        ladder = 'contact = [{via = "telegram"}, {via = "sms", after = "1m"}]'
        return text.replace("[people.omid]", f"[people.omid]\n{ladder}")

    async with Night(database_url, change=omid_has_a_chat_and_a_phone) as night:
        number = await night.report("friday-night")
        await night.post(f"/api/v1/issues/{number}/acknowledge", {"person": "omid"})
        await night.turn(minutes=40)  # the reminder, then the levels up to the leaders
        for person in night.service.config.people:
            night.phone(person).drop()
        body = {"person": "mina", "reason": "knows the customer"}
        await night.post(f"/api/v1/issues/{number}/assign", body)
        await night.turn(minutes=1)
        await night.phone("omid").expect_sms("#128")
        for person in night.service.config.people:
            night.phone(person).drop()


async def test_who_was_the_owner_until_now_is_not_called_any_more(database_url: str):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        await night.post(f"/api/v1/issues/{number}/acknowledge", {"person": "sara"})
        for person in ("mina", "reza"):
            body = {"person": person, "reason": "knows the customer"}
            await night.post(f"/api/v1/issues/{number}/assign", body)
            await night.phone(person).expect_telegram("#128")
        await night.turn(minutes=4)
        reza = night.phone("reza")
        await reza.expect_sms("#128")
        assert [call.to for call in night.twilio.calls] == [reza.person.phone]
        night.phone("sara").drop()
