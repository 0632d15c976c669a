"""A provider is away for minutes: the ladder goes on, and what waits is sent after it."""

from support.night import Night
from support.provider_server import Fault, bad_gateway

MANY = 500
SARA = 123456789
SARAS_PHONE = "+989121234567"


def chats(night: Night, account: int) -> list[str]:
    """Return what a person got by chat about the first issue."""
    sent = night.telegram.messages
    return [each.text for each in sent if each.chat == account and "#128" in each.text]


def texts(night: Night, phone: str) -> list[str]:
    """Return what a person got by text about the first issue."""
    sent = night.twilio.messages
    return [each.body for each in sent if each.to == phone and "#128" in each.body]


def read_everything(night: Night) -> None:
    """Let no message that this test does not look at fail it."""
    for person in night.service.config.people:
        phone = night.phone(person)
        phone._read = {via: len(phone._received(via)) for via in phone._read}  # noqa: SLF001 (all of it is read)


async def test_while_chats_are_down_people_get_texts_and_the_levels_go_on(
    database_url: str,
):
    async with Night(database_url) as night:
        night.telegram.fail(*[bad_gateway()] * MANY)
        number = await night.report("friday-night")
        await night.turn(minutes=6)
        assert (len(chats(night, SARA)), len(texts(night, SARAS_PHONE))) == (0, 1)
        reza = [p for p in (await night.issue(number))["pages"] if p["level"] == 2]
        assert {page["person"] for page in reza} == {"reza"}
        night.telegram.recover()
        await night.turn(minutes=6)
        assert (len(chats(night, SARA)), len(texts(night, SARAS_PHONE))) == (1, 1)
        read_everything(night)


async def test_while_chats_are_down_a_text_that_arrived_has_its_time_before_a_call(
    database_url: str,
):
    async with Night(database_url) as night:
        night.telegram.fail(*[bad_gateway()] * MANY)
        await night.report("friday-night")
        await night.turn(minutes=1)
        await night.phone("sara").expect_sms("#128")
        await night.twilio.send_status(night.twilio.messages[0], "delivered")
        await night.turn(minutes=1, seconds=59)
        assert night.twilio.calls == []
        await night.turn(seconds=1)
        assert len(night.twilio.calls) == 1
        read_everything(night)


async def test_when_all_providers_are_down_every_page_is_sent_once_after_it(
    database_url: str,
):
    async with Night(database_url) as night:
        night.telegram.fail(*[Fault(status=502)] * MANY)
        night.twilio.fail(*[Fault(status=500)] * MANY)
        number = await night.report("friday-night")
        await night.turn(minutes=8)
        night.expect_silence()
        night.telegram.recover()
        night.twilio.recover()
        await night.turn(minutes=6)
        assert (len(chats(night, SARA)), len(texts(night, SARAS_PHONE))) == (1, 1)
        sent = [p for p in (await night.issue(number))["pages"] if p["kind"] == "page"]
        early = [page for page in sent if page["level"] in (1, 2)]
        assert {page["state"] for page in early if page["via"] != "voice"} <= {
            "accepted",
            "delivered",
        }
        read_everything(night)


async def test_what_was_joined_to_a_page_that_came_to_nothing_is_sent_after_all(
    database_url: str,
):
    async with Night(database_url) as night:
        for place in range(3):
            await night.report("flowers", external_id=f"flowers-{place}")
        night.telegram.fail(bad_gateway())
        for subject in ("No parcel", "No letter"):
            said = {"source": "web", "customer": {"name": "Dana"}, "subject": subject}
            await night.client.post("/api/v1/issues", json=said)
        await night.settle()
        states = {number: await telegram_state(night, number) for number in (131, 132)}
        assert set(states.values()) == {"planned", "superseded"}
        (carrier,) = (number for number in states if states[number] == "planned")
        (joined,) = (number for number in states if number != carrier)
        await night.post(f"/api/v1/issues/{carrier}/acknowledge", {"person": "reza"})
        assert await telegram_state(night, carrier) == "cancelled"
        await night.turn(minutes=1)  # two bundles to a phone are so far apart
        assert await telegram_state(night, joined) == "accepted"
        read_everything(night)


async def telegram_state(night: Night, number: int) -> str:
    """Return how the page by chat stands that an issue began with."""
    pages = (await night.issue(number))["pages"]
    return str(next(page["state"] for page in pages if page["via"] == "telegram"))
