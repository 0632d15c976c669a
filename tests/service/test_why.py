"""Every page that was sent and every page that was not can be explained afterwards."""

from datetime import timedelta

import pytest

from oncall.actions import why
from oncall.actions.why import Entry, Event, Left, Message, Untold
from oncall.cli.why_text import Sentences
from oncall.errors import NotFound
from oncall.model import PageState, Via
from support.api import TOLD
from support.leaving import leaves
from support.night import FRIDAY_22_12, Night
from support.provider_server import Fault


def entries(night: Night, subject: int | str, *, ago: timedelta | None = None):
    """Return what `oncall why` would explain."""
    at = night.clock.now() - (ago or timedelta())
    explain = why.of_issue if isinstance(subject, int) else why.of_person
    house = night.service.house
    return night.service.database.read_now(
        lambda tx: explain(tx, house.view(tx, at), subject, at)
    )


def said(night: Night, found: list[Entry]) -> str:
    """Return the sentences of entries, a line each."""
    now = night.clock.now()
    house = night.service.house
    view = night.service.database.read_now(lambda tx: house.view(tx, now))
    return "\n".join(filter(None, map(Sentences(view).say, found)))


def messages(found: list[Entry], person: str) -> dict[Via, Message]:
    """Return a person's messages by their method."""
    mine = (each for each in found if isinstance(each, Message))
    return {each.via: each for each in mine if each.person == person}


def untold(found: list[Entry]) -> dict[str, Untold]:
    """Return those who were told nothing."""
    return {each.person: each for each in found if isinstance(each, Untold)}


async def quiet(night: Night) -> None:
    """Let tests of explanations not care what exactly was said."""
    for person in night.service.config.people:
        night.phone(person).drop()


async def test_what_was_sent_is_explained_with_its_level_and_what_became_of_it(
    database_url: str,
):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        await quiet(night)
        found = entries(night, number)
        page = messages(found, "sara")[Via.TELEGRAM]
        assert (page.sent, page.state) == (True, PageState.ACCEPTED)
        assert (page.because, page.level, page.round) == ("level_reached", 1, 1)
        assert (
            "sent: page to Sara Ahmadi by telegram about #128, since it was their turn"
            " (level 1, round 1); the provider took it"
        ) in said(night, found)


async def test_what_was_called_off_names_who_took_the_issue_and_when(
    database_url: str,
):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        await night.turn(seconds=30)
        await night.post(f"/api/v1/issues/{number}/acknowledge", {"person": "mina"})
        await quiet(night)
        found = entries(night, number)
        text = messages(found, "sara")[Via.SMS]
        assert (text.sent, text.state) == (False, PageState.CANCELLED)
        assert text.stopped is not None
        assert text.stopped.person == "mina"
        assert "called off: Mina Haddad took the issue at" in said(night, found)


async def test_a_provider_that_fails_is_why_a_page_waits(database_url: str):
    async with Night(database_url) as night:
        night.telegram.fail(*[Fault(status=500)] * 2)
        number = await night.report("friday-night")
        await quiet(night)
        page = messages(entries(night, number), "sara")[Via.TELEGRAM]
        assert (page.sent, page.state, page.attempts) == (False, PageState.PLANNED, 1)
        assert page.due_at is not None
        assert page.detail
        assert "tried 1 times" in said(night, [page])


async def test_who_was_told_nothing_is_named_with_the_reason(database_url: str):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        await night.post(f"/api/v1/issues/{number}/acknowledge", {"person": "sara"})
        await quiet(night)
        found = entries(night, number)
        left = {person: each.because for person, each in untold(found).items()}
        assert left == {
            "reza": Left.LEVEL_NOT_REACHED,
            "mina": Left.NOT_ON_CALL,
            "nina": Left.LEVEL_NOT_REACHED,
            "omid": Left.LEVEL_NOT_REACHED,
        }
        assert untold(found)["omid"].level == 3
        sentences = said(night, found)
        assert "not told: Omid Rahimi of #128, since level 3 was not reached" in (
            sentences
        )
        assert "level 3 was not reached: Sara Ahmadi took the issue at" in sentences


async def test_somebody_whom_nothing_reaches_is_said_to_be_so(database_url: str):
    async with Night(database_url) as night:
        night.telegram.blocked.add(123456789)
        night.twilio.refuses["+989121234567"] = 21610
        number = await night.report("friday-night")
        await night.turn(minutes=1)
        await quiet(night)
        found = entries(night, number)
        texts = messages(found, "sara")
        assert {each.state for each in texts.values()} >= {PageState.FAILED}
        assert "it was refused for good" in said(night, found)


async def test_a_method_that_failed_before_is_why_it_was_not_even_tried(
    database_url: str,
):
    async with Night(database_url) as night:
        night.telegram.blocked.add(123456789)
        await night.report("friday-night")
        await quiet(night)
        number = await night.report("prize")
        await quiet(night)
        found = entries(night, number)
        assert Via.TELEGRAM not in messages(found, "sara")
        left_out = (
            f"not sent: telegram to Sara Ahmadi about #{number}, since that failed"
            " before: Telegram: the person has blocked the bot"
        )
        assert left_out in said(night, found)
        assert left_out in said(night, entries(night, "sara"))
        assert left_out not in said(night, entries(night, "nina"))


def only_weekends(text: str) -> str:
    """Page nobody on the other days before the leaders."""
    return text.replace(', "rotation:workdays"', "")


async def test_an_empty_level_is_explained_in_the_words_of_the_timeline(
    database_url: str,
):
    monday = FRIDAY_22_12 + timedelta(days=2, hours=12)
    async with Night(database_url, now=monday, change=only_weekends) as night:
        number = await night.report("friday-night")
        await quiet(night)
        found = entries(night, number)
        (note,) = [
            each
            for each in found
            if isinstance(each, Event)
            and "rotation:weekend" in each.detail
            and "backup" not in each.detail
        ]
        assert note.because == "level_empty"
        assert "level empty: nobody is on call: rotation:weekend" in said(night, found)


async def test_what_came_later_is_not_known_before(database_url: str):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        await night.turn(minutes=6)
        await quiet(night)
        before = entries(night, number, ago=timedelta(minutes=3))
        assert "reza" not in messages(before, "reza")
        assert set(messages(before, "sara")) == {Via.TELEGRAM, Via.SMS, Via.VOICE}
        assert untold(before)["reza"].because is Left.LEVEL_NOT_REACHED
        assert messages(entries(night, number), "reza")


async def test_a_persons_day_holds_what_they_got_and_what_they_were_spared(
    database_url: str,
):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        await night.post(f"/api/v1/issues/{number}/acknowledge", {"person": "sara"})
        await night.report("prize")
        await quiet(night)
        found = entries(night, "omid")
        news = messages(found, "omid")[Via.TELEGRAM]
        assert (news.issue, news.because, news.sent) == (129, "severity", True)
        (spared,) = untold(found).values()
        assert (spared.issue, spared.because) == (number, Left.LEVEL_NOT_REACHED)
        await night.turn(hours=25)
        await quiet(night)
        assert not [each for each in entries(night, "sara") if each.issue == number]


async def test_an_issue_or_a_person_that_is_not_there_is_said_to_be_so(
    database_url: str,
):
    async with Night(database_url) as night:
        with pytest.raises(NotFound, match="there is no issue #7"):
            entries(night, 7)
        with pytest.raises(NotFound, match="'zed'"):
            entries(night, "zed")


async def test_who_was_on_call_is_asked_for_the_moment_at_which_the_levels_stopped(
    database_url: str,
):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        await night.post(f"/api/v1/issues/{number}/acknowledge", {"person": "sara"})
        said_out = TOLD | {"text": "It is paid.", "author": "sara"}
        await night.post(f"/api/v1/issues/{number}/messages", said_out)
        await night.turn(days=3)
        await quiet(night)
        reza = untold(entries(night, number))["reza"]
        assert (reza.because, reza.level) == (Left.LEVEL_NOT_REACHED, 2)


async def test_who_let_go_of_an_issue_is_not_why_a_level_is_not_reached(
    database_url: str,
):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        sara = night.phone("sara")
        await sara.expect_telegram("#128").write("1").expect_telegram("128")
        await sara.writes("128 2").expect_telegram("128")
        await quiet(night)
        found = entries(night, number)
        assert untold(found)["omid"].stopped is None
        assert "of #128, since level 3 was not reached yet" in said(night, found)


async def test_a_snooze_that_is_over_is_not_why_a_level_is_not_reached(
    database_url: str,
):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        await night.post(f"/api/v1/issues/{number}/snooze", {"for": "15m"})
        assert untold(entries(night, number))["omid"].stopped is not None
        await night.turn(minutes=16)
        await quiet(night)
        found = entries(night, number)
        assert messages(found, "reza")
        assert untold(found)["omid"].stopped is None


async def test_bad_news_is_not_said_to_be_called_off_by_who_took_the_issue(
    database_url: str,
):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        sara = night.phone("sara")
        await sara.expect_telegram("#128").write("1").expect_telegram("128")
        await sara.writes("128 9").expect_telegram("128")
        (sent,) = night.twilio.messages
        await night.twilio.send_status(sent, "delivered")
        await quiet(night)
        news = messages(entries(night, number), "nina")[Via.VOICE]
        assert (news.state, news.detail) == (PageState.CANCELLED, "not needed")
        assert news.stopped is None


async def test_who_has_left_the_file_can_be_asked_about(database_url: str):
    async with Night(database_url) as night:
        await night.report("friday-night")
        leaves(night, "sara")
        await night.turn(minutes=1)
        await quiet(night)
        found = entries(night, "sara")
        assert messages(found, "sara")[Via.TELEGRAM].sent
        assert "not sent: page to sara by sms about #128" in said(night, found)
        assert "it was called off: no longer on call" in said(night, found)


async def test_a_provider_that_is_left_alone_is_why_a_page_was_not_even_tried(
    database_url: str,
):
    async with Night(database_url) as night:
        night.telegram.fail(*[Fault(status=500)] * 40)
        for _ in range(6):
            await night.report("friday-night")
        number = await night.report("friday-night")
        await quiet(night)
        page = messages(entries(night, number), "sara")[Via.TELEGRAM]
        assert (page.state, page.attempts) == (PageState.PLANNED, 0)
        assert page.detail == "its provider is failing"


@pytest.mark.parametrize("whom", ["issue", "person"])
async def test_what_was_sent_before_the_clock_went_back_is_explained_too(
    database_url: str, whom: str
):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        await quiet(night)
        night.clock.turn_to(night.clock.now() - timedelta(hours=1))
        now, subject = night.clock.now(), number if whom == "issue" else "sara"
        assert not messages(entries(night, subject), "sara")
        until = night.service.database.read_now(lambda tx: why.by_now(tx, subject, now))
        assert messages(entries(night, subject, ago=now - until), "sara")
