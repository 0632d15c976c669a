"""The way back to customers: each source for itself."""

import asyncio
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import pytest

from integrations.contract import OutboundMessage, Receipt
from integrations.errors import Rejected, Unavailable, Uncertain
from oncall.clock import TurnedClock
from oncall.engine.breaker import FAILURES
from oncall.engine.to_customers import ToCustomers

NOW = datetime(2026, 11, 20, 21, 12, tzinfo=UTC)


class Way:
    """A channel that a test lets fail."""

    name = "way"

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.asked: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def send(self, message: OutboundMessage) -> Receipt:
        self.asked.append(message.to)
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return Receipt(provider_id="1")

    async def close(self) -> None:
        self.asked.append("closed")


class AskableWay(Way):
    async def lookup(
        self, *, to: str, since: datetime, text: str, but: Collection[str] = ()
    ) -> Receipt | None:
        self.asked.append(f"{to} {text}")
        return Receipt(provider_id="2") if since == NOW and "2" not in but else None


def to(address: str) -> OutboundMessage:
    return OutboundMessage(reference="r", to=address, text="hi")


def ways() -> tuple[ToCustomers, Way, AskableWay, TurnedClock]:
    clock, desk, mail = TurnedClock(NOW), Way(), AskableWay()
    return ToCustomers({"desk": desk, "mail": mail}, now=clock.now), desk, mail, clock


async def make_ill(channel: ToCustomers, desk: Way) -> None:
    desk.error = Uncertain("no answer")
    for _ in range(FAILURES):
        with pytest.raises(Uncertain):
            await channel.send(to("desk/1"))


async def test_the_address_names_the_source_and_the_rest_is_its_own():
    channel, desk, mail, _ = ways()
    await channel.send(to("desk/17/email/m@example.com"))
    assert (desk.asked, mail.asked) == (["17/email/m@example.com"], [])
    await channel.close()
    assert (desk.asked[-1], mail.asked) == ("closed", ["closed"])


async def test_only_a_source_that_can_be_asked_is_asked():
    channel, desk, mail, _ = ways()
    found = await channel.lookup(to="mail/m", since=NOW, text="hi")
    assert found == Receipt(provider_id="2")
    assert await channel.lookup(to="desk/1", since=NOW, text="hi") is None
    assert (desk.asked, mail.asked) == ([], ["m hi"])


async def test_a_source_without_an_account_may_get_one():
    channel, *_ = ways()
    with pytest.raises(Unavailable, match="gone has no account"):
        await channel.send(to("gone/1"))


async def test_an_ill_source_is_left_alone_and_no_other_waits_for_it():
    channel, desk, mail, _ = ways()
    await make_ill(channel, desk)
    with pytest.raises(Unavailable) as caught:
        await channel.send(to("desk/1"))
    assert not isinstance(caught.value, Uncertain)
    assert caught.value.retry_after is not None
    assert len(desk.asked) == FAILURES
    assert (await channel.send(to("mail/m"))).provider_id == "1"
    assert mail.asked == ["m"]


async def test_one_customer_who_may_get_no_more_just_now_makes_no_source_ill():
    channel, desk, _, _ = ways()
    desk.error = Unavailable("no more to this customer", ill=False)
    for _ in range(2 * FAILURES):
        with pytest.raises(Unavailable, match="no more to this customer"):
            await channel.send(to("desk/1"))
    assert len(desk.asked) == 2 * FAILURES


async def test_one_answer_tries_whether_a_source_is_well_again():
    channel, desk, _, clock = ways()
    await make_ill(channel, desk)
    clock.turn(timedelta(minutes=1))
    desk.error = None
    desk.gate.clear()
    first = asyncio.create_task(channel.send(to("desk/1")))
    while len(desk.asked) == FAILURES:
        await asyncio.wait([first], timeout=0)
    with pytest.raises(Unavailable):
        await channel.send(to("desk/2"))
    desk.gate.set()
    await first
    await channel.send(to("desk/2"))
    assert desk.asked[FAILURES:] == ["1", "2"]


async def test_refusals_do_not_make_a_source_ill():
    channel, desk, _, _ = ways()
    desk.error = Rejected("blocked")
    for _ in range(FAILURES + 1):
        with pytest.raises(Rejected):
            await channel.send(to("desk/1"))
