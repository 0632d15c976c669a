"""The fake is honest: it refuses what Twilio refuses, and signs as Twilio signs."""

from collections.abc import AsyncIterator
from urllib.parse import parse_qsl

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from integrations.twilio.signature import HEADER, signed_address, verify
from support.fake_twilio import ACCOUNT_SID, AUTH_TOKEN, MESSAGES, FakeTwilio
from support.published import TwilioApi

PUBLIC = "https://care.example.test"
HERE = MESSAGES.format(AccountSid=ACCOUNT_SID)
GOOD = {"To": "+989121234567", "From": "+15550100", "Body": "critical #128"}


class Service:
    """What a service does with a callback: checks its signature and keeps its form."""

    def __init__(self) -> None:
        self.forms: list[dict[str, str]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        raw = (await request.body()).decode()
        form = parse_qsl(raw, keep_blank_values=True)
        url = signed_address(PUBLIC, request.url.path, request.url.query)
        given = request.headers[HEADER]
        if verify(secret=AUTH_TOKEN, url=url, form=form, signature=given):
            self.forms.append(dict(form))
        await PlainTextResponse("")(scope, receive, send)


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
async def twilio(service: Service) -> AsyncIterator[FakeTwilio]:
    transport = httpx.ASGITransport(service)
    async with FakeTwilio(public_url=PUBLIC, transport=transport) as fake:
        yield fake


async def post(twilio: FakeTwilio, form: dict[str, str]) -> httpx.Response:
    async with httpx.AsyncClient(auth=(ACCOUNT_SID, AUTH_TOKEN)) as client:
        return await client.post(f"{twilio.url}{HERE}", data=form)


@pytest.mark.parametrize(
    ("change", "violation"),
    [
        ({"Boddy": "x"}, "Boddy is not a parameter"),
        ({"StatusCallback": "nowhere"}, "StatusCallback is not an address"),
        ({"ValidityPeriod": "5 minutes"}, "ValidityPeriod is not a whole number"),
        ({"ValidityPeriod": "36001"}, "A parameter is not valid"),
        ({"RiskCheck": "maybe"}, "RiskCheck is not one of enable, disable"),
        ({"SmartEncoded": "yes"}, "SmartEncoded is neither true nor false"),
        ({"SendAt": "tomorrow"}, "SendAt is not a date-time"),
        ({"MessagingServiceSid": "MG1"}, "MessagingServiceSid does not match"),
        ({"Body": ""}, "Message body is required."),
        ({"Body": "x" * 1601}, "The concatenated message body exceeds"),
        ({"From": ""}, "A 'From' phone number is required."),
    ],
)
async def test_a_faulty_message_is_refused_and_kept_in_mind(
    twilio: FakeTwilio, change: dict[str, str], violation: str
) -> None:
    answer = await post(twilio, GOOD | change)
    assert answer.status_code == 400
    assert answer.json()["status"] == 400
    assert [v[: len(violation)] for v in twilio.violations] == [violation]
    assert not twilio.messages
    twilio.violations.clear()


async def test_a_message_without_a_number_is_refused(twilio: FakeTwilio) -> None:
    assert (await post(twilio, {"Body": "x"})).status_code == 400
    assert twilio.violations == ["To is missing"]
    twilio.violations.clear()


async def test_an_unknown_address_is_refused(twilio: FakeTwilio) -> None:
    async with httpx.AsyncClient(auth=(ACCOUNT_SID, AUTH_TOKEN)) as client:
        answer = await client.post(f"{twilio.url}/2010-04-01/Nonsense.json")
    assert answer.status_code == 404
    assert twilio.violations == ["unknown address /2010-04-01/Nonsense.json"]
    twilio.violations.clear()


async def test_leaving_with_a_violation_fails_the_test() -> None:
    fake = FakeTwilio()
    with pytest.raises(AssertionError, match="Boddy"):
        async with fake:
            await post(fake, GOOD | {"Boddy": "x"})


async def test_a_number_that_is_none_has_twilios_code(twilio: FakeTwilio) -> None:
    answer = await post(twilio, GOOD | {"To": "0912"})
    assert answer.status_code == 400
    assert answer.json()["code"] == 21211


async def test_a_message_is_answered_as_published(twilio: FakeTwilio) -> None:
    answer = await post(twilio, GOOD)
    assert answer.status_code == 201
    problems = TwilioApi().answer_problems("api.v2010.account.message", answer.json())
    assert problems == []
    assert answer.json()["status"] == "queued"


async def test_the_list_has_the_newest_first_in_pages(twilio: FakeTwilio) -> None:
    for text in ("one", "two", "three"):
        await post(twilio, GOOD | {"Body": text})
    async with httpx.AsyncClient(auth=(ACCOUNT_SID, AUTH_TOKEN)) as client:
        query = {"To": GOOD["To"], "PageSize": "2"}
        first = (await client.get(f"{twilio.url}{HERE}", params=query)).json()
        second = (await client.get(twilio.url + first["next_page_uri"])).json()
    assert [m["body"] for m in first["messages"]] == ["three", "two"]
    assert [m["body"] for m in second["messages"]] == ["one"]
    assert second["next_page_uri"] is None


async def test_a_status_is_reported_signed_to_the_messages_own_address(
    twilio: FakeTwilio, service: Service
) -> None:
    callback = f"{PUBLIC}/twilio/status?page=9f3"
    await post(twilio, GOOD | {"StatusCallback": callback})
    await twilio.send_status(twilio.messages[0], "undelivered", error_code=30003)
    (form,) = service.forms
    assert form["MessageStatus"] == "undelivered"
    assert form["ErrorCode"] == "30003"
    assert form["MessageSid"] == twilio.messages[0].sid


async def test_a_text_comes_signed_and_can_come_again(
    twilio: FakeTwilio, service: Service
) -> None:
    await twilio.send_sms(GOOD["To"], "۱۲۸ ۱")
    await twilio.send_sms(GOOD["To"], "۱۲۸ ۱", sid=service.forms[0]["MessageSid"])
    assert [form["Body"] for form in service.forms] == ["۱۲۸ ۱", "۱۲۸ ۱"]
    assert len({form["MessageSid"] for form in service.forms}) == 1


async def test_waiting_for_messages_ends_in_time(twilio: FakeTwilio) -> None:
    with pytest.raises(TimeoutError):
        await twilio.messages.wait_for(1, within=0.01)
    await post(twilio, GOOD)
    (taken,) = await twilio.messages.wait_for(1)
    assert taken.body == GOOD["Body"]
