"""One update goes out where each customer of a storm wrote, and is followed there."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from support.fake_products import TOKEN, FakeProducts
from support.intake import SECRET
from support.intake_service import IntakeApi, events
from support.provider_server import Fault

NEWS = {"en": "We are on it.", "fa": "پیگیر هستیم."}
REFUSED = Fault(status=403, body={"ok": False, "description": "Forbidden: blocked"})


class Stormy(IntakeApi):
    """The service with a bot and an account that customers write to."""

    products: FakeProducts

    async def told(self) -> dict[str, Any]:
        """Join the issues 1 to 3, tell their customers, and return how far that is."""
        sent = {"title": "Payments fail", "issues": [1, 2, 3]}
        path = f"/incidents/{(await self.post('/incidents', sent)).json()['id']}"
        await self.post(f"{path}/acknowledge", {"person": "sara"})
        await self.post(f"{path}/updates", {"text": NEWS, "author": "sara"})
        await self.settle()
        (update,) = (await self.get(f"{path}/updates")).json()["items"]
        return dict(update)


def tables(products: FakeProducts) -> str:
    account = f'api_url = "{products.url}"\napi_token = "{TOKEN}"\n'
    return "".join(
        f'[integrations.intake.{kind}]\nkind = "{kind}"\nsecret = "{SECRET}"\n{account}'
        for kind in ("telegram", "whatsapp")
    )


@pytest.fixture
async def api(database_url: str) -> AsyncIterator[Stormy]:
    async with FakeProducts() as products:
        api = Stormy(database_url, kinds=(), rules=tables(products))
        api.products = products
        async with api:
            await api.telegram("payment error 502")
            await api.whatsapp("cannot pay, error 502")
            await api.opened(subject="payment error", customer={"name": "Web"})
            yield api


def states(update: Mapping[str, Any]) -> dict[int, str]:
    return {copy["issue"]: copy["state"] for copy in update["copies"]}


async def test_each_copy_goes_by_its_customer_s_own_way(api: Stormy):
    update = await api.told()
    assert sorted((a.product, a.text) for a in api.products.answers) == [
        ("telegram", NEWS["en"]),
        ("whatsapp", NEWS["en"]),
    ]
    assert states(update) == {1: "sent", 2: "sent", 3: "not_sendable"}
    assert (await api.issue(3))["messages"][-1]["text"] == NEWS["en"]


async def test_what_a_product_refuses_has_failed_and_what_may_pass_waits(api: Stormy):
    api.products.fail(REFUSED, REFUSED)
    update = await api.told()
    # To Telegram it is a customer who blocked the bot, to WhatsApp our own login.
    assert states(update) == {1: "failed", 2: "queued", 3: "not_sendable"}
    assert update["customers"]["failed"] == 1
    (failed,) = [copy for copy in update["copies"] if copy["issue"] == 1]
    assert "blocked" in failed["detail"]


async def test_one_who_may_not_be_written_to_any_more_keeps_nobody_waiting(api: Stormy):
    api.clock.turn(timedelta(hours=25))
    update = await api.told()
    assert states(update) == {1: "sent", 2: "not_sendable", 3: "not_sendable"}
    (late,) = [copy for copy in update["copies"] if copy["issue"] == 2]
    assert "24 hours" in late["detail"]


async def test_news_that_was_taken_answers_all_that_its_reader_has_there(api: Stormy):
    one, other = await api.customer_of("77"), await api.customer_of("+989121110000")
    await api.post(f"/customers/{one['id']}/merge", {"into": other["id"]})
    assert states(await api.told()) == {2: "sent", 3: "not_sendable"}
    first, second, third = [await api.issue(number) for number in (1, 2, 3)]
    assert (first["waiting_since"], second["waiting_since"]) == (None, None)
    assert third["waiting_since"], "nobody has told them yet"
    line = next(e for e in first["timeline"] if e["event"] == "answered_customer")
    assert (line["reason"], line["detail"]) == ("incident_update", "with #2")
    assert "answered_customer" not in events(third)


async def test_news_that_nobody_took_answers_nothing(api: Stormy):
    api.products.fail(*[Fault(status=503)] * 50)
    await api.told()
    for number in (1, 2, 3):
        assert (await api.issue(number))["waiting_since"]


async def test_after_the_news_the_owner_is_not_paged_for_every_thank_you(api: Stormy):
    await api.told()
    api.clock.turn(timedelta(minutes=1))
    await api.telegram("And when?")

    async def reminders(**span: float) -> int:
        api.clock.turn(timedelta(**span))
        await api.settle()
        pages = (await api.issue(1))["pages"]
        return sum(page["because"] == "no_reply" for page in pages)

    assert await reminders(minutes=43) == 0
    assert await reminders(minutes=2) > 0
