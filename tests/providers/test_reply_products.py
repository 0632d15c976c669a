"""Answers to customers through each product's API, against fakes on loopback."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from integrations.contract import Lookup, OutboundMessage
from integrations.errors import ChannelError, Rejected, Unavailable, Uncertain
from integrations.intake.reply import Account, segment
from integrations.reply.channel import ProductReplies, replies
from integrations.reply.kinds import APIS
from oncall.config.answers import TERMS
from support.fake_products import TOKEN, FakeProducts
from support.provider_server import Fault, bad_gateway, drop, hang

NOW = datetime(2026, 11, 20, 21, 12, tzinfo=UTC)
TO = {
    "zendesk": "35436",
    "intercom": "391",
    "chatwoot": "1/10",
    "zammad": "17/email/mina@example.com",
    "telegram": "77",
    "whatsapp": "106540352242922/966500000001",
}
TEXT = "سلام مینا،\nthe prize is paid: 5 * 10 = 50."
every_product = pytest.mark.parametrize("kind", TO)
askable = pytest.mark.parametrize("kind", [k for k in TO if APIS[k].look])


def channel(kind: str, url: str, **more: float) -> ProductReplies:
    account = Account(url=url, user=user(kind), token=TOKEN)
    return replies(APIS[kind], account, **more)


def user(kind: str) -> str:
    return {"zendesk": "sara@example.com", "intercom": "814860"}.get(kind, "")


def message(kind: str, text: str = TEXT) -> OutboundMessage:
    return OutboundMessage(reference="page-1", to=TO[kind], text=text)


async def refused(kind: str, *faults: Fault) -> ChannelError:
    """Return what comes of an answer that the product does not take."""
    async with FakeProducts() as fake:
        fake.fail(*faults)
        # Only silence is waited out; anything else may come late on a busy machine.
        patience = 0.3 if hang() in faults else 60
        way = channel(kind, fake.url, timeout_s=patience)
        try:
            with pytest.raises(ChannelError) as caught:
                await way.send(message(kind))
        finally:
            await way.close()
    assert TOKEN not in str(caught.value)
    assert "prize" not in str(caught.value)
    return caught.value


def test_the_configuration_knows_exactly_these_products_and_who_can_be_asked():
    assert set(APIS) == set(TERMS) == set(TO)
    for kind, api in APIS.items():
        assert TERMS[kind].askable == (api.look is not None)
        assert ("api_url" in TERMS[kind].needs) == (not api.home)


@every_product
async def test_the_words_arrive_as_they_were_written(kind: str):
    async with FakeProducts() as fake:
        way = channel(kind, fake.url)
        receipt = await way.send(message(kind))
        await way.close()
    (answer,) = fake.answers
    shown = answer.text.replace("<br>", "\n") if kind == "intercom" else answer.text
    assert (answer.product, answer.to, shown) == (kind, TO[kind], TEXT)
    assert (receipt.provider_id, receipt.delivered) == (answer.id, False)


async def test_what_intercom_would_read_as_html_is_written_out():
    async with FakeProducts() as fake:
        way = channel("intercom", fake.url)
        await way.send(message("intercom", "a < b & <b>c</b>"))
        await way.close()
    assert fake.answers[0].text == "a &lt; b &amp; &lt;b&gt;c&lt;/b&gt;"


async def test_whatsapp_carries_our_mark_to_give_it_back():
    async with FakeProducts() as fake:
        way = channel("whatsapp", fake.url)
        await way.send(message("whatsapp"))
        await way.close()
    assert fake.answers[0].mark == "page-1"


async def test_what_zammad_would_not_send_by_mail_goes_by_its_own_kind():
    async with FakeProducts() as fake:
        way = channel("zammad", fake.url)
        to = OutboundMessage(reference="p", to="17/whatsapp message/", text="hi")
        await way.send(to)
        await way.close()
    assert fake.answers[0].to == "17/whatsapp message/"


@every_product
async def test_silence_and_broken_servers_leave_it_in_doubt(kind: str):
    for fault in (hang(), drop(), bad_gateway(), Fault(status=500)):
        assert isinstance(await refused(kind, fault), Uncertain)


@every_product
async def test_a_wish_to_wait_is_told(kind: str):
    body = {"ok": False, "parameters": {"retry_after": 7}}
    haste = Fault(status=429, body=body, headers={"Retry-After": "7"})
    error = await refused(kind, haste)
    assert isinstance(error, Unavailable)
    assert not isinstance(error, Uncertain)
    assert error.retry_after == timedelta(seconds=7)


@every_product
async def test_a_wrong_token_is_mended_by_people_and_tried_again(kind: str):
    error = await refused(kind, Fault(status=401, body={"error": "no"}))
    assert isinstance(error, Unavailable)
    assert "api_token" in error.detail


@every_product
async def test_nobody_there_is_surely_not_taken(kind: str):
    async with FakeProducts() as fake:
        gone = fake.url
    way = channel(kind, gone)
    with pytest.raises(Unavailable) as caught:
        await way.send(message(kind))
    await way.close()
    assert not isinstance(caught.value, Uncertain)


@pytest.mark.parametrize("url", ["nowhere", "ftp://example.com", "http://[", "http://"])
async def test_an_address_that_is_none_names_the_key_to_mend(url: str):
    way = channel("zendesk", url)
    with pytest.raises(Unavailable, match="api_url"):
        await way.send(message("zendesk"))
    await way.close()


async def test_a_token_that_no_header_holds_names_the_key_to_mend():
    token = f"\N{ZERO WIDTH NO-BREAK SPACE}{TOKEN}"
    account = Account(url="http://127.0.0.1:1", token=token)
    way = replies(APIS["intercom"], account)
    with pytest.raises(Unavailable, match="api_token") as caught:
        await way.send(message("intercom"))
    await way.close()
    assert not isinstance(caught.value, Uncertain)


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ("zendesk", 404, {"error": "RecordNotFound"}),
        ("zendesk", 422, {"error": "RecordInvalid", "description": "closed"}),
        ("telegram", 403, {"description": "Forbidden: bot was blocked by the user"}),
        ("telegram", 400, {"description": "Bad Request: chat not found"}),
        ("telegram", 400, {"description": "Bad Request: message is too long"}),
        ("whatsapp", 400, {"error": {"code": 131047}}),
        ("whatsapp", 400, {"error": {"code": 131026}}),
    ],
)
async def test_what_will_never_work_is_refused_for_good(
    kind: str, status: int, body: dict[str, object]
):
    assert isinstance(await refused(kind, Fault(status=status, body=body)), Rejected)


@pytest.mark.parametrize("status", [408, 409, 423, 425, 503])
async def test_what_passes_by_itself_is_tried_again(status: int):
    error = await refused("zendesk", Fault(status=status, body={}))
    assert isinstance(error, Unavailable)
    assert not isinstance(error, Uncertain)


@pytest.mark.parametrize("code", [130429, 131056, 131016, 190])
async def test_whatsapp_s_own_codes_of_haste_and_of_old_tokens_pass(code: int):
    fault = Fault(status=400, body={"error": {"code": code}})
    error = await refused("whatsapp", fault)
    assert isinstance(error, Unavailable)
    assert not isinstance(error, Uncertain)
    assert error.ill == (code != 131056), "that one is about a single customer"


@every_product
async def test_an_answer_that_says_no_id_leaves_it_in_doubt(kind: str):
    odd = Fault(status=200, body="<html>welcome</html>", taken=True)
    assert isinstance(await refused(kind, odd), Uncertain)


@askable
async def test_an_answer_that_was_taken_is_found_again(kind: str):
    async with FakeProducts() as fake:
        way = channel(kind, fake.url, timeout_s=60)
        assert isinstance(way, Lookup)
        to, text = TO[kind], "the prize is paid"
        assert await way.lookup(to=to, since=NOW, text=text) is None
        fake.fail(drop(taken=True))
        with pytest.raises(Uncertain):
            await way.send(message(kind, text))
        found = await way.lookup(to=to, since=NOW, text=text)
        assert found is not None
        assert found.provider_id == fake.answers[0].id
        assert await way.lookup(to=to, since=NOW, text="other words") is None
        later = NOW + timedelta(hours=1)
        assert await way.lookup(to=to, since=later, text=text) is None
        await way.close()


@pytest.mark.parametrize("kind", ["telegram", "whatsapp"])
def test_who_cannot_be_asked_does_not_claim_it(kind: str):
    assert not isinstance(channel(kind, "http://127.0.0.1"), Lookup)


@pytest.mark.parametrize("written", ["..", "../../users", "1/../../2", "a?b#c", "."])
def test_an_id_leads_nowhere_but_to_its_conversation(written: str):
    part = segment(written)
    assert part
    assert not set(part) & set("/?#")
    assert part.strip(".")


async def test_the_bot_s_token_is_in_no_error_and_no_cause(
    caplog: pytest.LogCaptureFixture,
):
    caplog.set_level(logging.ERROR)
    error = await refused("telegram", drop())
    assert error.__cause__ is None
    assert TOKEN not in caplog.text
