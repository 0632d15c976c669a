"""What a webhook only points at is asked for; a product that is silent delays little."""

from datetime import timedelta
from typing import Any

import pytest

from integrations.asking.kinds import ASKINGS
from integrations.intake.reply import Account
from oncall.actions import deliveries
from oncall.engine.turning import turn
from support.asked_products import TOKEN, USER, AskedProducts
from support.intake import SECRET, edited, only, request_of
from support.intake_service import IntakeApi, events, words
from support.provider_server import Fault, drop

HUBSPOT, ZENDESK = "hubspot_new_messages", "zendesk_event_ticket_created"
MESSAGE = (
    "/conversations/v3/conversations/threads/4489012/messages/"
    "b5cc14e9d0ba4f5cbf7e2e7a1b8b3a10"
)
TICKET = "/api/v2/tickets/35436.json?include=users"
SAID: dict[str, Any] = {
    "id": "b5cc14e9d0ba4f5cbf7e2e7a1b8b3a10",
    "type": "MESSAGE",
    "createdAt": "2026-11-20T19:42:11Z",
    "direction": "INCOMING",
    "text": "My prize was not paid",
    "senders": [
        {
            "actorId": "V-1",
            "name": "Mina R",
            "deliveryIdentifier": {"type": "HS_EMAIL_ADDRESS", "value": "mina@x.y"},
        }
    ],
}
PEOPLE: dict[str, Any] = {
    "ticket": {"id": 35436, "requester_id": 7, "priority": "low"},
    "users": [
        {"id": 6, "name": "Agent"},
        {"id": 7, "name": "Nader", "email": "nader@x.y", "phone": "+989121110000"},
    ],
}


def tables(url: str, token: str = TOKEN) -> str:
    return "".join(
        f'[integrations.intake.{kind}]\nkind = "{kind}"\nsecret = "{SECRET}"\n'
        f'api_url = "{url}"\napi_user = "{USER}"\napi_token = "{token}"\n'
        for kind in ("hubspot", "zendesk")
    )


async def delivered(api: IntakeApi, fixture: str) -> None:
    """Have a fixture's request delivered, verified, and read."""
    now = api.clock.now()
    source = api.service.app.state.parts.sources[fixture.partition("_")[0]]
    request = request_of(fixture)
    await api.service.database.write(
        lambda tx: deliveries.keep(tx, source.arrival(request), now)
    )
    await api.settle()


async def wait(api: IntakeApi, seconds: float) -> None:
    await turn(api.service.engine, api.clock, timedelta(seconds=seconds))


async def test_hubspots_message_is_asked_for_before_it_opens(database_url: str):
    async with (
        AskedProducts(**{MESSAGE: SAID}) as product,
        IntakeApi(database_url, rules=tables(product.url)) as api,
    ):
        await delivered(api, HUBSPOT)
        issue = await api.issue(1)
        assert (issue["subject"], issue["severity"]) == (SAID["text"], "critical")
        assert issue["customer"]["email"] == "mina@x.y"
        assert words(issue) == [("in", SAID["text"])]
        assert product.asked == [MESSAGE]
        assert "not_asked" not in events(issue)
        assert "live-messages/776/inbox/4489012" in issue["link"]


async def test_zendesks_event_learns_who_asks(database_url: str):
    async with (
        AskedProducts(**{TICKET: PEOPLE}) as product,
        IntakeApi(database_url, rules=tables(product.url)) as api,
    ):
        await delivered(api, ZENDESK)
        issue = await api.issue(1)
        assert issue["customer"]["name"] == "Nader"
        assert issue["customer"]["phone"] == "+989121110000"
        assert issue["link"] == f"{product.url}/agent/tickets/35436"


async def test_our_own_answer_in_hubspot_opens_nothing(database_url: str):
    ours = SAID | {"direction": "OUTGOING"}
    async with (
        AskedProducts(**{MESSAGE: ours}) as product,
        IntakeApi(database_url, rules=tables(product.url)) as api,
    ):
        await delivered(api, HUBSPOT)
        assert (await api.get("/issues")).json()["items"] == []


async def test_a_product_that_fails_is_asked_again(database_url: str):
    async with (
        AskedProducts(**{MESSAGE: SAID}) as product,
        IntakeApi(database_url, rules=tables(product.url)) as api,
    ):
        product.fail(drop(taken=False), Fault(status=502))
        await delivered(api, HUBSPOT)
        assert (await api.get("/issues")).json()["items"] == []
        await wait(api, 2)
        assert len(product.asked) == 2
        await wait(api, 10)
        assert words(await api.issue(1)) == [("in", SAID["text"])]


async def test_a_product_is_left_alone_for_as_long_as_it_wishes(database_url: str):
    async with (
        AskedProducts(**{MESSAGE: SAID}) as product,
        IntakeApi(database_url, rules=tables(product.url)) as api,
    ):
        product.fail(Fault(status=429, headers={"Retry-After": "40"}))
        await delivered(api, HUBSPOT)
        await wait(api, 39)
        assert len(product.asked) == 1
        await wait(api, 1)
        assert len(product.asked) == 2
        assert words(await api.issue(1)) == [("in", SAID["text"])]


async def test_a_product_is_asked_at_once_after_the_clock_was_set_back(
    database_url: str,
):
    async with (
        AskedProducts(**{MESSAGE: SAID}) as product,
        IntakeApi(database_url, rules=tables(product.url)) as api,
    ):
        product.fail(Fault(status=503))
        await delivered(api, HUBSPOT)
        api.clock.turn_to(api.clock.now() - timedelta(hours=2))
        await api.settle()
        assert words(await api.issue(1)) == [("in", SAID["text"])]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=404),
        Fault(status=200, body="<html>"),
        Fault(status=429, headers={"Retry-After": "600"}),
    ],
)
async def test_an_issue_is_opened_with_what_is_known_and_says_so(
    database_url: str, fault: Fault
):
    async with (
        AskedProducts() as product,
        IntakeApi(database_url, rules=tables(product.url)) as api,
    ):
        product.fail(fault)
        await delivered(api, HUBSPOT)
        issue = await api.issue(1)
        assert "open the link" in issue["subject"]
        assert "776" in issue["link"]
        (line,) = (each for each in issue["timeline"] if each["event"] == "not_asked")
        assert line["detail"].startswith("hubspot was asked for the rest: it")


async def test_a_silent_product_delays_an_issue_by_two_minutes_at_most(
    database_url: str,
):
    async with (
        AskedProducts() as product,
        IntakeApi(database_url, rules=tables(product.url)) as api,
    ):
        product.fail(*[drop(taken=False)] * 20)
        await delivered(api, HUBSPOT)
        await wait(api, 121)
        assert "not_asked" in events(await api.issue(1))
        product.recover()
        product.pages[MESSAGE] = SAID
        assert (await api.post("/deliveries/1/replay")).status_code == 202
        await api.settle()
        assert words(await api.issue(1))[1:] == [("in", SAID["text"])]


async def test_a_silent_product_delays_no_issue_for_longer_when_the_clock_is_set_back(
    database_url: str,
):
    async with (
        AskedProducts() as product,
        IntakeApi(database_url, rules=tables(product.url)) as api,
    ):
        product.fail(*[drop(taken=False)] * 200)
        await delivered(api, HUBSPOT)
        api.clock.turn_to(api.clock.now() - timedelta(hours=2))
        await wait(api, 121)
        assert "not_asked" in events(await api.issue(1))


async def test_a_wrong_token_is_told_without_being_shown(database_url: str):
    async with (
        AskedProducts(**{MESSAGE: SAID}) as product,
        IntakeApi(database_url, rules=tables(product.url, "another-one")) as api,
    ):
        await delivered(api, HUBSPOT)
        told = (await api.get("/issues/1")).text
        assert "check api_user and api_token" in told
        assert "another-one" not in told


async def test_a_token_that_no_header_holds_is_told_and_ends_nothing(
    database_url: str,
):
    token = f"\N{ZERO WIDTH NO-BREAK SPACE}{TOKEN}"
    async with (
        AskedProducts(**{MESSAGE: SAID}) as product,
        IntakeApi(database_url, rules=tables(product.url, token)) as api,
    ):
        await delivered(api, HUBSPOT)
        assert "check api_token" in (await api.get("/issues/1")).text


async def test_without_a_token_nobody_is_asked(database_url: str):
    async with IntakeApi(database_url, kinds=("hubspot",)) as api:
        await delivered(api, HUBSPOT)
        issue = await api.issue(1)
        (line,) = (each for each in issue["timeline"] if each["event"] == "not_asked")
        assert "no api_token" in line["detail"]


def test_fronts_preview_is_completed():
    place = ("payload", "target", "data")
    preview = only(
        edited("front_inbound_received", (place, {"id": "msg_1", "blurb": "I canc"}))
    )
    account = Account(url="https://api2.frontapp.com", token=TOKEN)
    said = {
        "id": "msg_1",
        "is_inbound": True,
        "text": "I cancel my order",
        "recipients": [{"role": "from", "handle": "mina@x.y", "name": "Mina"}],
    }
    front = ASKINGS["front"]
    assert front.call(account, preview).path == "/messages/msg_1"
    whole = front.complete(account, preview, said)
    assert (whole.text, whole.customer.email) == ("I cancel my order", "mina@x.y")
    assert not whole.needs_fetch
