"""Simulated phones."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from integrations.console.phones import ConsolePhones
from integrations.contract import Button, Channel, OutboundMessage

NIGHT = datetime(2026, 11, 20, 19, 42, 11, tzinfo=UTC)
SARA = "+989121234567"
BUTTONS = ((Button(label="take", data="1"), Button(label="pass", data="2")),)


def page(text: str = "critical #128", to: str = SARA) -> OutboundMessage:
    return OutboundMessage(reference="9f3", to=to, text=text, buttons=BUTTONS)


@pytest.fixture
def phones() -> ConsolePhones:
    return ConsolePhones(now=lambda: NIGHT, keep=3)


async def test_what_is_sent_is_on_the_phone_and_delivered(
    phones: ConsolePhones,
) -> None:
    channel: Channel = phones.channel("sms")
    receipt = await channel.send(page())
    await channel.close()
    (shown,) = phones.messages(SARA)
    assert receipt.delivered
    assert receipt.provider_id == str(shown.id)
    assert (shown.via, shown.text, shown.at) == ("sms", "critical #128", NIGHT)
    assert (shown.buttons, shown.reference) == (BUTTONS, "9f3")
    assert not shown.answer


async def test_each_contact_method_is_a_conversation_of_its_own(
    phones: ConsolePhones,
) -> None:
    await phones.channel("sms").send(page("by sms"))
    await phones.channel("telegram").send(page("by telegram"))
    await phones.channel("sms").send(page("to another", to="+15550199"))
    texts = [m.text for m in phones.messages()]
    assert texts == ["by sms", "by telegram", "to another"]
    assert [m.text for m in phones.messages(SARA)] == ["by sms", "by telegram"]
    assert [m.text for m in phones.messages(via="sms")] == ["by sms", "to another"]
    assert [m.text for m in phones.messages(SARA, via="telegram")] == ["by telegram"]


async def test_only_the_last_messages_are_kept(phones: ConsolePhones) -> None:
    for number in range(5):
        await phones.channel("sms").send(page(str(number)))
    assert [m.text for m in phones.messages(SARA)] == ["2", "3", "4"]
    assert [m.id for m in phones.messages(SARA)] == [3, 4, 5]


async def test_an_answer_stands_in_the_conversation(phones: ConsolePhones) -> None:
    await phones.channel("sms").send(page())
    phones.record_answer(via="sms", address=SARA, text="128 1")
    assert [(m.text, m.answer) for m in phones.messages(SARA)] == [
        ("critical #128", False),
        ("128 1", True),
    ]


async def test_a_message_is_edited_in_place() -> None:
    instants = iter([NIGHT, NIGHT + timedelta(minutes=2)])
    phones = ConsolePhones(now=lambda: next(instants))
    channel = phones.channel("telegram")
    receipt = await channel.send(page())
    await channel.edit(chat=SARA, message_id=receipt.provider_id, text="taken")
    (shown,) = phones.messages(SARA)
    assert (shown.text, shown.buttons) == ("taken", ())
    assert (shown.at, shown.edited_at) == (NIGHT, NIGHT + timedelta(minutes=2))


@pytest.mark.parametrize("message_id", ["77", "", "x"])
async def test_an_edit_of_what_is_gone_changes_nothing(
    phones: ConsolePhones, message_id: str
) -> None:
    await phones.channel("telegram").send(page())
    await phones.channel("telegram").edit(chat=SARA, message_id=message_id, text="x")
    assert [m.text for m in phones.messages(SARA)] == ["critical #128"]
    assert phones.version == 1


async def test_an_edit_says_whether_there_was_something(phones: ConsolePhones) -> None:
    await phones.channel("telegram").send(page())
    assert phones.edit(1, "taken")
    assert not phones.edit(2, "taken")


async def test_each_message_is_one_line_on_a_terminal() -> None:
    lines: list[str] = []
    phones = ConsolePhones(now=lambda: NIGHT, write=lines.append)
    receipt = await phones.channel("telegram").send(page("critical #128\nReply 1"))
    phones.record_answer(via="telegram", address=SARA, text="1")
    phones.edit(int(receipt.provider_id), "taken")
    assert lines == [
        f"19:42:11 telegram -> {SARA}: critical #128 / Reply 1 [take] [pass]",
        f"19:42:11 telegram <- {SARA}: 1",
        f"19:42:11 telegram -> {SARA} (edited): taken",
    ]


async def test_a_subscriber_hears_of_each_change(phones: ConsolePhones) -> None:
    versions = phones.subscribe()
    assert await anext(versions) == 0
    waiting = asyncio.ensure_future(anext(versions))
    phones.record_answer(via="sms", address=SARA, text="1")
    assert await waiting == 1


async def test_changes_while_nobody_listened_come_as_one(
    phones: ConsolePhones,
) -> None:
    versions = phones.subscribe()
    assert await anext(versions) == 0
    for _ in range(3):
        phones.record_answer(via="sms", address=SARA, text="1")
    async with asyncio.timeout(1):
        assert await anext(versions) == 3
