"""A stranger who writes to our number is a customer; a bare command opens nothing."""

from typing import Any

import pytest

from integrations.intake.contract import Verdict
from integrations.intake.kinds import TEXTS
from oncall.actions import sources
from oncall.actions.intake import BARE
from oncall.config import sources as config_sources
from support.intake import only, post
from support.night import Night, said_in_twiml

MINA = "+4915199900078"
WORDS = "My prize was not paid"
CARRIERS_WORDS = (
    *("STOP", "stopall", "Unsubscribe", "cancel", "end", "Quit"),
    *("Start", "yes", "unstop", "HELP", "info"),
)


def quiet(text: str) -> str:
    """Let whoever is on call have time."""
    return text.replace('wait = "5m"', 'wait = "3d"')


def whatsapp(text: str) -> str:
    """Let us write by WhatsApp, too."""
    sender = 'TWILIO_AUTH_TOKEN"\nfrom = "+15550100"'
    return quiet(text).replace(sender, f'{sender}\nwhatsapp_from = "+15550100"')


async def texts(night: Night, text: str, sender: str = MINA, **more: str) -> list[str]:
    """Let somebody text us; return what Twilio is asked to send back."""
    response = await night.twilio.send_sms(sender, text, **more)
    assert response.status_code == 200, response.text
    await night.settle()
    return said_in_twiml(response.text)


def drop_all(night: Night) -> None:
    """Let whatever people of ours were told be."""
    for person in ("sara", "reza", "mina", "nina", "omid"):
        night.phone(person).drop()


async def issues(night: Night) -> list[dict[str, Any]]:
    response = await night.client.get("/api/v1/issues")
    return list(response.json()["items"])


async def last_delivery(night: Night) -> dict[str, Any]:
    response = await night.client.get("/api/v1/deliveries")
    return dict(response.json()["items"][0])


async def test_a_strangers_text_opens_an_issue_and_is_not_answered(database_url: str):
    async with Night(database_url, change=quiet) as night:
        assert await texts(night, WORDS) == []
        await night.phone("sara").expect_telegram("#128")
        await night.phone("nina").expect_sms("Bad news #128")
        issue = await night.issue(128)
        assert (issue["source"], issue["subject"]) == ("sms", WORDS)
        assert issue["severity"] == "critical", "the rules judge it as any other"
        assert issue["customer"]["phone"] == MINA
        owner = await night.client.get("/api/v1/customers", params={"handle": MINA})
        whole = await night.client.get(
            f"/api/v1/customers/{owner.json()['items'][0]['id']}"
        )
        handle = {"kind": "phone", "value": MINA, "verified": True}
        assert handle in whole.json()["handles"]
        night.phone("omid").drop()


async def test_a_text_is_kept_raw_and_taken_once(database_url: str):
    async with Night(database_url, change=quiet) as night:
        for _ in range(3):
            assert await texts(night, "Help, it broke", sid="SM7") == []
        await night.phone("sara").expect_telegram("#128")
        assert len((await night.issue(128))["messages"]) == 1
        listed = (await night.client.get("/api/v1/deliveries")).json()["items"]
        assert [each["verdict"] for each in listed] == [
            "duplicate",
            "duplicate",
            "accepted",
        ]
        first = listed[-1]
        assert (first["source"], first["delivery_id"]) == ("sms", "SM7")
        one = await night.client.get(f"/api/v1/deliveries/{first['id']}")
        assert "Body=Help%2C+it+broke" in one.json()["body"]


async def test_the_same_sender_goes_on_in_the_same_issue(database_url: str):
    async with Night(database_url, change=quiet) as night:
        await texts(night, "Where is my order?")
        await texts(night, "It is number 77")
        await texts(night, "Mine too", sender="+4915199900079")
        await night.phone("sara").expect_telegram("#128").expect_telegram("#129")
        words = [each["text"] for each in (await night.issue(128))["messages"]]
        assert words == ["Where is my order?", "It is number 77"]
        assert len(await issues(night)) == 2


@pytest.mark.parametrize("command", ["1", "128 1", "ok", "۱۲۸ ۱", "128 5"])
async def test_a_bare_command_of_a_stranger_opens_nothing(
    database_url: str, command: str
):
    async with Night(database_url) as night:
        (answer,) = await texts(night, command)
        assert answer == "This line is only for our care team."
        assert await issues(night) == []
        assert (await night.client.get("/api/v1/deliveries")).json()["items"] == []


async def test_a_carriers_word_is_kept_and_opens_nothing_of_a_stranger(
    database_url: str,
):
    words = ("STOP", "help", " Start ", "UNSUBSCRIBE", "yes", "End.", "\u200fstop")
    async with Night(database_url) as night:
        for word in words:
            assert await texts(night, word) == []
            assert await issues(night) == []
            delivery = await last_delivery(night)
            (outcome,) = delivery["outcomes"]
            assert outcome == {"outcome": "ignored", "issue": None}
            assert delivery["detail"] == BARE


async def test_what_the_carrier_took_for_opting_out_opens_nothing(database_url: str):
    async with Night(database_url) as night:
        assert await texts(night, "لغو اشتراک من", OptOutType="STOP") == []
        assert await issues(night) == []
        assert (await last_delivery(night))["detail"] == BARE


async def test_a_stranger_who_goes_on_after_a_carriers_word_is_heard(
    database_url: str,
):
    async with Night(database_url, change=quiet) as night:
        await texts(night, "help")
        await texts(night, "my order is lost")
        await night.phone("sara").expect_telegram("#128", "my order is lost")


async def test_every_word_of_a_customer_is_a_message(database_url: str):
    async with Night(database_url, change=quiet) as night:
        await texts(night, "Shall we send it again?")
        await night.phone("sara").expect_telegram("#128")
        for word in CARRIERS_WORDS:
            assert await texts(night, word) == []
        issue = await night.issue(128)
        assert [each["text"] for each in issue["messages"]][1:] == [*CARRIERS_WORDS]
        assert issue["status"] == "open", "a customer's word is no command"


async def test_a_number_that_wrote_stop_is_not_texted_until_it_writes_start(
    database_url: str,
):
    said = {"direction": "out", "text": "It is on its way", "author": "sara"}
    async with Night(database_url, change=quiet) as night:
        await texts(night, "Where is my order?")
        await texts(night, "STOP")
        await night.phone("sara").expect_telegram("#128")
        answering = (await night.issue(128))["answering"]
        assert answering["possible"] is False
        assert "wrote STOP" in answering["why_not"]
        refused = await night.client.post("/api/v1/issues/128/messages", json=said)
        assert refused.status_code == 409
        assert "call, or answer there" in refused.json()["detail"]
        issue = await night.issue(128)
        assert issue["waiting_since"], "an answer that reaches nobody stops no clock"
        elsewhere = {**said, "send": False, "where": "phone"}
        told = await night.client.post("/api/v1/issues/128/messages", json=elsewhere)
        assert told.status_code == 201
        await texts(night, "and now?")
        assert not (await night.issue(128))["answering"]["possible"], (
            "a word is no START"
        )
        await texts(night, "yes")
        assert (await night.issue(128))["answering"]["possible"]
        drop_all(night)


async def test_a_first_stop_is_remembered_when_more_is_written(database_url: str):
    async with Night(database_url, change=quiet) as night:
        await texts(night, "STOP")
        await texts(night, "and give me my money back")
        await night.phone("sara").expect_telegram("#128")
        assert not (await night.issue(128))["answering"]["possible"]


async def test_on_whatsapp_there_are_no_carriers_words(database_url: str):
    async with Night(database_url, change=whatsapp) as night:
        await texts(night, "STOP", sender=f"whatsapp:{MINA}", OptOutType="STOP")
        await night.phone("sara").expect_telegram("#128", "STOP")
        assert (await night.issue(128))["answering"]["possible"]


async def test_a_customer_whom_we_talk_to_may_say_ok(database_url: str):
    async with Night(database_url, change=quiet) as night:
        await texts(night, "Where is my order?")
        assert await texts(night, "ok") == []
        await night.phone("sara").expect_telegram("#128")
        issue = await night.issue(128)
        assert [each["text"] for each in issue["messages"]][1:] == ["ok"]
        assert issue["status"] == "open"


async def test_a_picture_is_noted_with_its_address(database_url: str):
    async with Night(database_url, change=quiet) as night:
        picture = {
            "NumMedia": "1",
            "MediaUrl0": "https://media.example/1",
            "MediaContentType0": "image/jpeg",
        }
        await texts(night, "Look", **picture)
        await night.phone("sara").expect_telegram("#128", "Look")
        (message,) = (await night.issue(128))["messages"]
        assert message["text"] == "Look\n[image/jpeg] https://media.example/1"


@pytest.mark.parametrize("sender", ["MyBank", "72345"])
async def test_a_sender_that_nobody_can_answer_is_a_machine(
    database_url: str, sender: str
):
    async with Night(database_url) as night:
        assert await texts(night, "Your code is 4711", sender=sender) == []
        assert await issues(night) == []
        (outcome,) = (await last_delivery(night))["outcomes"]
        assert outcome["outcome"] == "automatic"


async def test_whatsapp_to_our_twilio_number_is_a_source_of_its_own(database_url: str):
    async with Night(database_url, change=quiet) as night:
        sender = f"whatsapp:{MINA}"
        assert await texts(night, "Hello?", sender=sender, ProfileName="Mina R") == []
        await night.phone("sara").expect_telegram("#128", "Mina R")
        issue = await night.issue(128)
        assert (issue["source"], issue["customer"]["phone"]) == (
            "twilio-whatsapp",
            MINA,
        )


async def test_a_person_of_ours_keeps_the_grammar(database_url: str):
    async with Night(database_url) as night:
        await night.phone("sara").sends_sms("My prize was not paid").expect_sms()
        assert await issues(night) == []


async def test_nobody_posts_texts_past_twilios_signature(database_url: str):
    async with Night(database_url) as night:
        form = {"MessageSid": "SM1", "From": MINA, "Body": WORDS}
        for name in TEXTS:
            response = await night.client.post(f"/intake/{name}", data=form)
            assert response.status_code == 404


def test_texts_have_one_name_everywhere():
    names = set(TEXTS)
    assert names == set(sources.TEXTS.values()) == set(config_sources.TEXTS)


@pytest.mark.parametrize("kind", sorted(TEXTS))
def test_a_text_has_no_signature_of_its_own(kind: str):
    request = post(b"MessageSid=SM1&From=%2B4915112345678&Body=x")
    assert TEXTS[kind].judge(request, "", request.received_at) is Verdict.BAD_SIGNATURE
    assert only(TEXTS[kind].parse(request)).text == "x"
