"""The fake's calls are honest: Twilio reports only what was asked, and takes no key more."""

from collections.abc import AsyncIterator

import httpx
import pytest

from support.fake_twilio import ACCOUNT_SID, AUTH_TOKEN, CALLS, FakeTwilio
from support.published import TwilioApi

HERE = CALLS.format(AccountSid=ACCOUNT_SID)
GOOD = {
    "To": "+989121234567",
    "From": "+15550100",
    "Url": "https://care.example.test/twilio/voice?page=1",
    "StatusCallback": "https://care.example.test/twilio/status?page=1",
}


def hanging_up(request: httpx.Request) -> httpx.Response:
    assert "X-Twilio-Signature" in request.headers
    return httpx.Response(200, text="<Response><Say>bye</Say><Hangup/></Response>")


@pytest.fixture
async def twilio() -> AsyncIterator[FakeTwilio]:
    transport = httpx.MockTransport(hanging_up)
    async with FakeTwilio(transport=transport) as fake:
        yield fake


async def place(twilio: FakeTwilio, form: dict[str, str]) -> httpx.Response:
    async with httpx.AsyncClient(auth=(ACCOUNT_SID, AUTH_TOKEN)) as client:
        return await client.post(f"{twilio.url}{HERE}", data=form)


async def test_a_call_is_answered_as_published(twilio: FakeTwilio) -> None:
    answer = await place(twilio, GOOD)
    assert answer.status_code == 201
    assert TwilioApi().answer_problems("api.v2010.account.call", answer.json()) == []
    assert answer.json()["status"] == "queued"


@pytest.mark.parametrize(
    ("change", "violation"),
    [
        ({"Url": "nowhere"}, "Url is not an address"),
        ({"Timeout": "soon"}, "Timeout is not a whole number"),
        ({"Body": "x"}, "Body is not a parameter"),
    ],
)
async def test_a_faulty_call_is_refused_and_kept_in_mind(
    twilio: FakeTwilio, change: dict[str, str], violation: str
) -> None:
    assert (await place(twilio, GOOD | change)).status_code == 400
    assert [v[: len(violation)] for v in twilio.violations] == [violation]
    assert not twilio.calls
    twilio.violations.clear()


async def test_a_call_without_words_is_refused(twilio: FakeTwilio) -> None:
    wordless = {name: value for name, value in GOOD.items() if name != "Url"}
    answer = await place(twilio, wordless)
    assert (answer.status_code, answer.json()["code"]) == (400, 21205)
    twilio.violations.clear()


async def test_only_the_end_is_reported_when_nothing_else_is_asked(
    twilio: FakeTwilio,
) -> None:
    await place(twilio, GOOD)
    (call,) = twilio.calls
    assert await call.report("in-progress") is None
    assert await call.report("completed") is not None


async def test_no_key_can_be_pressed_that_nobody_waits_for(twilio: FakeTwilio) -> None:
    await place(twilio, GOOD)
    call = await twilio.calls[0].pick_up()
    assert call.heard == ["bye"]
    with pytest.raises(AssertionError, match="no key is waited for"):
        await call.press("1")
