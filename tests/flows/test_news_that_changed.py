"""What stands on phones and is no longer true: changed in place, or said once."""

from escalation_policies.policy import Severity
from oncall.actions.pass_on import pass_on
from oncall.actions.severity import set_severity
from oncall.store import Tx
from support.night import Night
from support.provider_server import Fault
from support.telegram_wire import refusal


def edits(night: Night, chat: int) -> list[str]:
    return [each.text for each in night.telegram.edits if each.chat == chat]


SARA, OMID = 123456789, 123456792


async def test_taking_by_text_settles_the_buttons_of_the_same_page_in_the_chat(
    database_url: str,
):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        sara = night.phone("sara")
        page = await sara.expect_telegram(f"#{number}")
        assert page.buttons
        await night.turn(minutes=1)
        await sara.expect_sms(f"#{number}").reply("1").expect_sms(f"#{number}")
        (edit,) = edits(night, SARA)
        assert f"#{number}" in edit
        assert "مسئول آن است" in edit
        assert not page.buttons


async def test_taking_by_a_button_changes_its_message_once(database_url: str):
    async with Night(database_url) as night:
        await night.report("friday-night")
        await night.phone("sara").expect_telegram("#128").press("قبول می‌کنم")
        assert len(edits(night, SARA)) == 1


async def test_leaders_hear_once_who_has_what_nobody_had(database_url: str):
    async with Night(database_url) as night:
        number = await night.report("prize")
        sara, nina, omid = (night.phone(who) for who in ("sara", "nina", "omid"))
        await nina.expect_sms("Bad news #128", "no owner")
        await omid.expect_telegram("خبر بد", "#128")
        await sara.expect_telegram("#128").write("1").expect_telegram("128")
        await nina.expect_sms("Sara Ahmadi has had #128 since")
        (news,) = edits(night, OMID)
        assert "Sara Ahmadi" in news
        assert "خبر بد" in news
        await night.post(
            f"/api/v1/issues/{number}/assign", {"person": "reza", "reason": "knows it"}
        )
        night.phone("reza").drop()
        assert len(edits(night, OMID)) == 1


async def test_who_has_a_chat_that_cannot_be_changed_any_more_is_told_by_a_text(
    database_url: str,
):
    async with Night(database_url) as night:
        await night.report("prize")
        for person in ("sara", "nina", "omid"):
            night.phone(person).drop()
        night.telegram.fail(refusal(400, "Bad Request: message can't be edited"))
        await night.post("/api/v1/issues/128/acknowledge", {"person": "reza"})
        await night.phone("nina").expect_sms("Reza Karimi has had #128")
        await night.phone("omid").expect_telegram("Reza Karimi", "#128")
        assert edits(night, OMID) == []
        await night.turn(minutes=3)
        night.expect_silence()


def a_leader_on_call(text: str) -> str:
    ring = 'people = ["sara", "reza", "mina", "nina"]'
    return text.replace(ring, 'people = ["nina"]').replace(
        'follows = "weekend"',
        'people = ["mina"]\nstarts = 2026-01-15T13:00:00\nturn = "1 week"',
    )


async def test_who_is_paged_is_not_told_the_same_by_another_message(database_url: str):
    async with Night(database_url, change=a_leader_on_call) as night:
        number = await night.report("prize")
        await night.phone("nina").expect_sms("critical #128")
        await night.phone("omid").expect_telegram("خبر بد", "#128")
        night.expect_silence()
        timeline = (await night.issue(number))["timeline"]
        events = {line["event"]: line["person"] for line in timeline}
        assert events["bad_news_in_page"] == "nina"
        assert events["bad_news"] == "omid"


async def test_a_leader_whose_page_is_called_off_unsent_is_told_after_all(
    database_url: str,
):
    async with Night(database_url, change=a_leader_on_call) as night:
        night.twilio.fail(*[Fault(status=500)] * 50)
        number = await night.report("prize")
        await night.phone("omid").expect_telegram("خبر بد", "#128")
        timeline = (await night.issue(number))["timeline"]
        assert "bad_news_in_page" in {line["event"] for line in timeline}
        await night.post(f"/api/v1/issues/{number}/acknowledge", {"person": "reza"})
        night.twilio.recover()
        await night.turn(minutes=1)
        await night.phone("nina").expect_sms("Bad news #128", "owner Reza")
        night.expect_silence()


async def test_bad_news_that_waits_is_not_told_to_who_is_paged_meanwhile(
    database_url: str,
):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        await night.turn(minutes=6)
        for person in ("sara", "reza", "nina"):
            night.phone(person).drop()
        now = night.clock.now()

        def work(tx: Tx) -> None:
            view = night.service.house.view(tx, now)
            set_severity(tx, view, number, Severity.CRITICAL, "", now)
            pass_on(tx, view, number, None, now)

        await night.service.database.write(work)
        await night.settle()
        await night.phone("nina").expect_sms("critical #128")
        (chat,) = night.phone("omid").unread()
        assert "خبر بد" not in chat
        for person in night.service.config.people:
            night.phone(person).drop()
