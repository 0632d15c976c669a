"""Answers to a page, by whatever way they come: understood, done, and answered once."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest

from oncall.actions.link import code_in, new_code
from oncall.store import Tx
from support.fake_telegram import SentMessage, refusal
from support.night import Night, said_in_twiml
from support.provider_server import drop

SARA, REZA = 123456789, 123456790
SARAS_PHONE = "+989121234567"
Way = Callable[[Night, int, str], Awaitable[str]]


def in_english(text: str) -> str:
    """Let everybody read English, and nobody be texted beside the chat."""
    for language in ("fa", "ar"):
        text = text.replace(f'language = "{language}"', 'language = "en"')
    return text


def by_chat_alone(text: str) -> str:
    """Let Sara be reached by chat only, so that no text message comes between."""
    return in_english(text).replace(
        '{via = "telegram"}, {via = "sms", after = "1m"}, {via = "voice", after = "3m"}',
        '{via = "telegram"}',
    )


async def by_sms(night: Night, number: int, verb: str) -> str:
    said = await night.phone("sara").sends_sms(f"{number} {verb}").expect_sms()
    return str(said)


async def by_chat(night: Night, number: int, verb: str) -> str:
    said = await night.phone("sara").writes(f"{number} {verb}").expect_telegram()
    return str(said.text)


async def by_button(night: Night, number: int, verb: str) -> str:
    page = next(m for m in night.telegram.messages if f"#{number}" in m.text)
    take = page.buttons[0][0][1]
    assert take.startswith("p:1:")
    data = take.replace(":1:", f":{verb}:")
    await night.telegram.user_presses(SARA, data, message=page)
    await night.settle()
    return night.telegram.answers[-1][1]


WAYS: tuple[Way, ...] = (by_sms, by_chat, by_button)
RESULTS = {
    "1": ("acknowledged", "sara", "You own #{}"),
    "2": ("open", None, "#{} is passed on"),
    "4": ("open", None, "#{} is snoozed until 00:57"),
    "5": ("resolved", "sara", "#{} is resolved"),
    "6": ("acknowledged", "sara", "#{}"),
    "9": ("open", None, "Leadership is being told of #{}"),
}


@pytest.mark.parametrize("verb", RESULTS)
async def test_a_verb_does_and_says_the_same_by_every_way(database_url: str, verb: str):
    status, owner, said = RESULTS[verb]
    outcomes: list[Any] = []
    async with Night(database_url, change=by_chat_alone) as night:
        for way in WAYS:
            number = await night.report("friday-night")
            await night.phone("sara").expect_telegram(f"#{number}")
            answer = await way(night, number, verb)
            assert said.format(number) in answer, way.__name__
            issue = await night.issue(number)
            assert (issue["status"], issue["owner"]) == (status, owner), way.__name__
            told = [p["person"] for p in issue["pages"] if p["kind"] == "bad_news"]
            paged = [p["person"] for p in issue["pages"] if p["kind"] == "page"]
            events = [line["event"] for line in issue["timeline"]]
            outcomes.append((sorted(told), sorted(paged), events))
            take_everything(night)
    assert outcomes == [outcomes[0]] * len(WAYS)
    told, paged, _ = outcomes[0]
    assert bool(told) == (verb == "9")
    assert ("reza" in paged) == (verb == "2")


def take_everything(night: Night) -> None:
    """Read all messages, where a test is about something else."""
    for person in night.service.config.people:
        for via in ("sms", "telegram"):
            with suppress(AssertionError):
                while True:
                    night.phone(person).next(via)


async def test_the_api_does_what_a_page_does(database_url: str):
    async with Night(database_url, change=by_chat_alone) as night:
        for number, (action, body, status, owner) in enumerate(
            (
                ("acknowledge", {"person": "sara"}, "acknowledged", "sara"),
                ("escalate", {"person": "sara"}, "open", None),
                ("snooze", {"for": "15m", "person": "sara"}, "open", None),
                ("resolve", {"result": "yes", "person": "sara"}, "resolved", "sara"),
            ),
            start=128,
        ):
            assert await night.report("friday-night") == number
            after = await night.post(f"/api/v1/issues/{number}/{action}", body)
            assert after.status_code == 200
            issue = await night.issue(number)
            assert (issue["status"], issue["owner"]) == (status, owner), action
            take_everything(night)


@pytest.mark.parametrize(
    "text",
    [
        "ack",
        "OK",
        "Take!",
        "128 take",
        "#128 1",
        "take 128",
        "«قبول»",
        "استلام",
        "۱۲۸ قبول",
        "١٢٨ ١",
        "१२८ १",
        "1\u200f",
        " 128\u00a01\u2069 ",
        "１２８ １",
    ],
)
async def test_a_page_is_taken_in_any_script_and_spelling(database_url: str, text: str):
    async with Night(database_url, change=by_chat_alone) as night:
        number = await night.report("friday-night")
        sara = night.phone("sara")
        await sara.expect_telegram("#128").write(text).expect_telegram("You own #128")
        assert (await night.issue(number))["owner"] == "sara"


async def test_the_carriers_words_are_never_an_action_and_get_no_answer(
    database_url: str,
):
    async with Night(database_url, change=by_chat_alone) as night:
        number = await night.report("friday-night")
        await night.phone("sara").expect_telegram("#128")
        before = (await night.issue(number))["timeline"]
        words = "STOP STOPALL UNSUBSCRIBE CANCEL END QUIT START YES UNSTOP HELP INFO"
        for word in words.split():
            await night.phone("sara").sends_sms(f" {word.lower()}. ").write(word)
            await night.twilio.send_sms("+15550199", word)
        issue = await night.issue(number)
        assert issue["timeline"] == before
        assert issue["status"] == "open"


async def test_a_bare_verb_means_the_one_page_that_waits_and_else_shows_the_choices(
    database_url: str,
):
    async with Night(database_url, change=by_chat_alone) as night:
        sara = night.phone("sara")
        await sara.writes("1").expect_telegram("Nothing is waiting")
        await night.report("friday-night")
        await night.report("flowers", severity="high")
        await sara.expect_telegram("#128").expect_telegram("#129")
        await sara.writes("1").expect_telegram(
            "Which one?", "128 1", "129 1", "Dana W."
        )
        assert (await night.issue(128))["status"] == "open"
        await sara.writes("129 1").expect_telegram("You own #129")
        await sara.writes("1").expect_telegram("You own #128")
        await sara.writes("5").expect_telegram("Which one?", "128 5", "129 5")
        await sara.writes("nonsense").expect_telegram("Not understood")


async def test_a_bare_verb_means_a_page_that_arrived_though_that_is_not_known(
    database_url: str,
):
    def texts_first(text: str) -> str:
        return text.replace(
            'contact = [{via = "telegram"}, {via = "sms", after = "1m"}',
            'contact = [{via = "sms"}, {via = "telegram", after = "1m"}',
        )

    async with Night(database_url, change=texts_first) as night:
        night.twilio.fail(drop(taken=True))
        number = await night.report("friday-night")
        await night.phone("sara").expect_sms("#128").reply("1").expect_sms("128")
        assert (await night.issue(number))["owner"] == "sara"
        await night.turn(minutes=4)
        night.expect_silence()


async def test_a_bare_verb_does_not_mean_one_of_the_issues_in_a_bundle(
    database_url: str,
):
    async with Night(database_url, change=by_chat_alone) as night:
        sara = night.phone("sara")
        for name in "abcde":
            body = {"source": "web", "customer": {"name": name}, "subject": "flowers"}
            await night.client.post("/api/v1/issues", json=body)
        await night.settle()
        alone = [(await sara.expect_telegram()).text.split()[1] for _ in range(3)]
        await sara.expect_telegram("2 issues")
        for number in alone:
            await sara.writes(f"{number} 1").expect_telegram("You own")
        first, second = sorted({f"#{n}" for n in range(128, 133)}.difference(alone))
        await sara.writes("5").expect_telegram(f"{first[1:]} 5", f"{second[1:]} 5")
        assert (await night.issue(int(first[1:])))["status"] == "open"


async def test_a_page_older_than_half_an_hour_is_not_meant_by_a_bare_verb(
    database_url: str,
):
    def once(text: str) -> str:
        return by_chat_alone(text).replace("rounds = 2", "rounds = 1")

    async with Night(database_url, change=once) as night:
        await night.report("friday-night")
        await night.turn(minutes=30)
        take_everything(night)
        sara = night.phone("sara")
        await sara.writes("1").expect_telegram("Nothing is waiting")
        assert (await night.issue(128))["status"] == "open"
        await sara.writes("128 1").expect_telegram("You own #128")
        await night.phone("nina").expect_sms("Sara Ahmadi has had #128")


async def test_the_second_to_acknowledge_hears_who_owns_it_and_helps(
    database_url: str,
):
    async with Night(database_url, change=in_english) as night:
        number = await night.report("friday-night")
        await night.phone("sara").expect_telegram("#128")
        await night.turn(minutes=1)
        await night.phone("sara").expect_sms("#128")
        await night.turn(minutes=4)
        reza = night.phone("reza")
        await reza.expect_telegram("#128").write("1").expect_telegram("You own #128")
        await night.turn(minutes=2)
        sara = night.phone("sara")
        await sara.sends_sms("who has it?").expect_sms("Not understood")
        await sara.sends_sms("1").expect_sms("already taken by Reza Karimi", "00:47")
        issue = await night.issue(number)
        assert (issue["owner"], issue["helpers"]) == ("reza", ["sara"])
        await sara.writes("128 6").expect_telegram("helping", "Reza Karimi")
        assert (await night.issue(number))["helpers"] == ["sara"]


async def test_who_helps_is_not_texted_and_called_any_more(database_url: str):
    async with Night(database_url, change=in_english) as night:
        number = await night.report("friday-night")
        sara, reza = night.phone("sara"), night.phone("reza")
        await sara.expect_telegram("#128").write("1").expect_telegram("You own #128")
        await night.turn(minutes=15)
        await sara.expect_telegram("#128")  # the customer still waits
        await night.turn(minutes=15)
        await sara.expect_sms("#128")
        await reza.expect_telegram("#128").write("6").expect_telegram("helping")
        await night.turn(minutes=4)
        night.expect_silence()
        assert reza.person.phone not in {call.to for call in night.twilio.calls}
        issue = await night.issue(number)
        assert (issue["owner"], issue["helpers"]) == ("sara", ["reza"])


async def test_a_late_pass_changes_nothing_for_who_has_it_or_is_being_paged(
    database_url: str,
):
    async with Night(database_url, change=in_english) as night:
        number = await night.report("friday-night")
        await night.turn(minutes=5)
        sara, reza = night.phone("sara"), night.phone("reza")
        await sara.expect_telegram("#128").expect_sms("#128")
        await reza.expect_telegram("#128")
        await sara.writes("2").expect_telegram("passed on")
        night.expect_silence()  # Reza is being paged already
        await night.turn(minutes=1)
        await reza.expect_sms("#128").reply("1").expect_sms("You own #128")
        await sara.writes("128 2").expect_telegram("already taken", "Reza Karimi")
        issue = await night.issue(number)
        assert (issue["status"], issue["owner"]) == ("acknowledged", "reza")


async def test_an_owner_who_passes_lets_go_and_the_next_level_is_paged_at_once(
    database_url: str,
):
    async with Night(database_url, change=by_chat_alone) as night:
        number = await night.report("friday-night")
        sara = night.phone("sara")
        await sara.expect_telegram("#128").write("1").expect_telegram("You own")
        await sara.writes("128 2").expect_telegram("passed on")
        await night.phone("reza").expect_telegram("#128")
        issue = await night.issue(number)
        assert (issue["status"], issue["owner"]) == ("open", None)


async def test_what_is_closed_unknown_or_not_for_you_is_told_and_nothing_is_done(
    database_url: str,
):
    async with Night(database_url, change=by_chat_alone) as night:
        number = await night.report("friday-night")
        sara, mina = night.phone("sara"), night.phone("mina")
        await sara.expect_telegram("#128")
        await mina.sends_sms("128 1").expect_sms("#128 was not sent to you")
        for unknown in ("127", "9999999999", "2147483648"):
            await sara.sends_sms(f"{unknown} 1").expect_sms(
                f"There is no issue #{unknown}"
            )
        await sara.sends_sms("128000000000 1").expect_sms("Not understood")
        answer = await night.twilio.send_sms("+15550199", "128 1")
        assert said_in_twiml(answer.text) != []
        assert "128" not in answer.text, "a stranger learns nothing of issues"
        assert (await night.issue(number))["status"] == "open"
        await night.post(f"/api/v1/issues/{number}/resolve", {"result": "yes"})
        for verb in "124569":
            await sara.writes(f"128 {verb}").expect_telegram("already closed")
        assert (await night.issue(number))["owner"] is None


async def test_another_persons_button_does_nothing(database_url: str):
    async with Night(database_url, change=in_english) as night:
        number = await night.report("friday-night")
        page = await night.phone("sara").expect_telegram("#128")
        data = page.buttons[0][0][1]
        for other in (REZA, 999):
            await night.telegram.user_presses(other, data, message=page)
            await night.settle()
            assert night.telegram.answers[-1][1] != ""
        for forged in ("p:1:nothing", "p:7:x", "", "p:1:" + "x" * 60):
            await night.telegram.user_presses(REZA, forged, message=page)
            await night.settle()
        issue = await night.issue(number)
        assert (issue["status"], issue["helpers"]) == ("open", [])
        assert night.telegram.edits == []


async def test_a_press_is_answered_first_and_then_the_page_is_changed_in_place(
    database_url: str,
):
    async with Night(database_url, change=in_english, webhook=True) as night:
        await night.report("friday-night")
        sara = night.phone("sara")
        page: SentMessage = await sara.expect_telegram("#128")
        expired = "Bad Request: query is too old and response timeout expired"
        night.telegram.fail(refusal(400, expired))  # it meets the first call
        await night.telegram.user_presses(SARA, page.buttons[0][0][1])
        await night.settle()
        assert night.telegram.answers == [], "the first call was to answer the press"
        assert night.telegram.edits == [page]
        assert page.buttons == []
        assert "#128" in page.text
        assert "Sara Ahmadi" in page.text


async def test_a_late_press_shows_on_the_page_who_has_it(database_url: str):
    async with Night(database_url, change=by_chat_alone) as night:
        await night.report("friday-night")
        page = await night.phone("sara").expect_telegram("#128")
        body = {"person": "nina"}
        await night.post("/api/v1/issues/128/acknowledge", body)
        data = next(d for row in page.buttons for _, d in row if d.startswith("p:2:"))
        await night.telegram.user_presses(SARA, data)
        await night.settle()
        assert "Nina Berger" in night.telegram.answers[-1][1]
        assert "Nina Berger" in page.text
        assert (await night.issue(128))["owner"] == "nina"


async def test_a_message_delivered_twice_is_done_once_and_answered_the_same(
    database_url: str,
):
    async with Night(database_url, change=in_english) as night:
        number = await night.report("friday-night")
        await night.phone("sara").expect_telegram("#128")
        sid = "SM" + "7" * 32
        first = await night.twilio.send_sms(SARAS_PHONE, "128 1", sid=sid)
        assert "You own #128" in first.text
        before = (await night.issue(number))["timeline"]
        for _ in range(2):
            again = await night.twilio.send_sms(SARAS_PHONE, "128 1", sid=sid)
            assert (again.status_code, again.text) == (200, first.text)
        assert (await night.issue(number))["timeline"] == before
        fresh = await night.twilio.send_sms(SARAS_PHONE, "128 1")
        assert "already taken by Sara Ahmadi" in fresh.text


async def test_the_code_alone_links_an_account(database_url: str):
    async with Night(database_url, change=by_chat_alone) as night:
        for account, form in enumerate(("{}", " {}\n", "/start {}"), 555):
            code = await link_code(night, "sara")
            await night.telegram.user_sends(account, form.format(in_persian(code)))
            await night.settle()
            last = night.telegram.messages[-1]
            assert (last.chat, "Sara Ahmadi" in last.text) == (account, True)
        await night.telegram.user_sends(9, code)
        await night.settle()
        assert "Sara Ahmadi" not in night.telegram.messages[-1].text


async def test_words_as_long_as_a_code_are_still_an_answer(database_url: str):
    async with Night(database_url, change=by_chat_alone) as night:
        words = "please call him about the order back ok"
        assert code_in(words), "as long as a code"
        await night.phone("sara").writes(words).expect_telegram("Not understood")


async def link_code(night: Night, person: str) -> str:
    def made(tx: Tx) -> str:
        now = night.clock.now()
        return new_code(tx, night.service.house.view(tx, now), person, now)

    return await night.service.database.write(made)


def in_persian(code: str) -> str:
    return code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))


async def test_an_account_is_linked_once_with_a_code_and_pages_go_there(
    database_url: str,
):
    async with Night(database_url, change=by_chat_alone) as night:
        code = await link_code(night, "sara")
        for wrong in ("nonsense", "a\0b", code[:-1]):
            await night.telegram.user_sends(555, f"/start {wrong}")
        await night.settle()
        await night.telegram.user_sends(555, f"/start {code}")
        await night.telegram.user_sends(556, f"/start {code}")
        await night.settle()
        said = {c: m.text for m in night.telegram.messages for c in [m.chat]}
        assert "Sara Ahmadi" in said[555]
        assert "Sara Ahmadi" not in said[556]
        await night.report("friday-night")
        assert "#128" in night.telegram.messages[-1].text
        assert night.telegram.messages[-1].chat == 555
        await night.telegram.user_sends(SARA, "128 1")
        await night.settle()
        assert (await night.issue(128))["owner"] is None, (
            "the old account is a stranger"
        )
        await night.telegram.user_sends(555, "1")
        await night.settle()
        assert (await night.issue(128))["owner"] == "sara"
        take_everything(night)


async def test_whoever_told_the_customer_says_so_and_the_clock_stops(database_url: str):
    async with Night(database_url) as night:
        number = await night.report("friday-night")
        sara = night.phone("sara")
        await sara.expect_telegram("#128").write("128 3").expect_telegram("128")
        issue = await night.issue(number)
        assert (issue["owner"], issue["waiting_since"]) == ("sara", None)
        line = next(e for e in issue["timeline"] if e["event"] == "answered_customer")
        assert (line["person"], line["reason"]) == ("sara", "told")
        await night.turn(hours=3)
        assert not [page for page in night.unread() if "#128" in page]
        night.phone("nina").drop()
        night.phone("omid").drop()
