"""What a stranger sends costs little: it is refused unread, or read within bounds."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from integrations.contract import WebhookRequest
from integrations.intake.contract import IntakeRequest
from integrations.intake.form import MOST_PARTS, read_form
from integrations.intake.kinds import KINDS, source
from integrations.telegram.webhook import TelegramWebhook
from integrations.twilio.webhooks import SmsWebhook, StatusWebhook, VoiceWebhook
from oncall.web.limits import LARGEST_BODY, MOST_HELD, SMALL, BodyLimit
from support.api import FRIDAY_NIGHT, assert_problem
from support.intake import SECRET
from support.intake_service import IntakeApi

UNSIGNED = sorted({*KINDS} - {"mailgun"})
"""Mailgun signs within its form."""


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[IntakeApi]:
    kinds = ("zendesk", "mailgun", "sendgrid")
    async with IntakeApi(f"sqlite:///{tmp_path}/oncall.db", kinds=kinds) as running:
        yield running


def asked(path: str, *headers: tuple[bytes, bytes], query: bytes = b"") -> Any:  # noqa: ANN401
    return {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "headers": [(b"host", b"localhost"), *headers],
    }


class Unread:
    """A caller whose body must not be read, and what they are answered."""

    def __init__(self) -> None:
        self.status = 0

    async def receive(self) -> Any:  # noqa: ANN401
        pytest.fail("the body is read")

    async def send(self, message: Any) -> None:  # noqa: ANN401
        self.status = message.get("status", self.status)


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/api/v1/issues", [], 401),
        ("/api/v1/issues", [(b"authorization", b"Bearer another")], 401),
        ("/api/v1/issues/1/notes", [], 401),
        ("/intake/bank", [], 401),
        ("/intake/zendesk", [(b"x-zendesk-webhook-signature", b"x")], 401),
        ("/intake/sendgrid", [(b"x-oncall-token", b"another")], 401),
        ("/intake/nowhere", [], 404),
        ("/new", [(b"content-type", b"multipart/form-data; boundary=x")], 415),
        ("/intake/mailgun", [(b"content-length", b"99999999")], 413),
    ],
)
async def test_nothing_of_a_stranger_is_read(
    api: IntakeApi, path: str, headers: list[tuple[bytes, bytes]], status: int
):
    caller = Unread()
    await api.service.app(asked(path, *headers), caller.receive, caller.send)
    assert caller.status == status


@pytest.mark.parametrize("kind", UNSIGNED)
def test_a_source_refuses_what_bears_neither_signature_nor_secret(kind: str):
    bare = IntakeRequest(
        url="http://x/intake/a",
        method="POST",
        query={},
        headers={"content-type": "application/json"},
        body=b"",
        received_at=FRIDAY_NIGHT,
    )
    product = source(kind, name="a", mapping={})
    assert not product.plausible(bare, SECRET, FRIDAY_NIGHT)


@pytest.mark.parametrize(
    "webhook",
    [
        SmsWebhook(auth_token="t"),
        StatusWebhook(auth_token="t"),
        VoiceWebhook(auth_token="t", url="http://x/twilio/voice"),
        TelegramWebhook(token="1:t"),
    ],
    ids=lambda webhook: type(webhook).__name__,
)
def test_a_webhook_refuses_what_is_not_signed(webhook: Any):  # noqa: ANN401
    bare = WebhookRequest(url="http://x/telegram/y", query="", headers={}, body=b"")
    assert not webhook.plausible(bare)


def test_a_text_with_more_fields_than_twilio_sends_is_not_even_parsed():
    form = "&".join(f"f{number}=" for number in range(40_000)).encode()
    headers = {"x-twilio-signature": "x"}
    call = WebhookRequest(
        url="http://x/twilio/sms", query="", headers=headers, body=form
    )
    webhook = SmsWebhook(auth_token="t")
    tracemalloc.start()
    try:
        assert not webhook.verify(call)
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("path", ["/new", "/intake/mailgun", "/simulator/reply"])
async def test_a_form_with_thousands_of_fields_is_refused(api: IntakeApi, path: str):
    fields = {f"f{number}": "" for number in range(300)}
    assert_problem(await api.client.post(path, data=fields), 413)


async def test_an_address_with_thousands_of_parameters_is_refused(api: IntakeApi):
    query = "&".join(f"p{number}=" for number in range(300))
    assert_problem(await api.client.get(f"/api/v1/issues?{query}"), 400)


async def test_hundreds_of_headers_are_refused(api: IntakeApi):
    headers = [(f"X-{number}", "") for number in range(200)]
    assert_problem(await api.client.get("/docs", headers=headers), 431)


async def test_a_body_that_stands_still_is_given_up(api: IntakeApi):
    async def never(*_: object) -> None:
        pytest.fail("half a body is acted on")

    async def receive() -> Any:  # noqa: ANN401
        if sent:
            await asyncio.Event().wait()
        sent.append(b"x")
        return {"type": "http.request", "body": b"x", "more_body": True}

    sent: list[bytes] = []
    caller = Unread()
    limit = BodyLimit(never, api.service.app.state.parts, pause_s=0.01)
    await limit(asked("/new"), receive, caller.send)
    assert caller.status == 408


async def test_strangers_bodies_together_have_a_bound_and_small_ones_pass(
    api: IntakeApi,
):
    open_ended = asyncio.Event()

    async def held(*_: object) -> None:
        await open_ended.wait()

    async def sends(size: int) -> int:
        async def receive() -> Any:  # noqa: ANN401
            return {"type": "http.request", "body": b"x" * size}

        caller = Unread()
        await limit(asked("/new"), receive, caller.send)
        return caller.status

    limit = BodyLimit(held, api.service.app.state.parts)
    many = MOST_HELD // (LARGEST_BODY - SMALL)
    async with asyncio.TaskGroup() as waiting:
        for _ in range(many):
            waiting.create_task(sends(LARGEST_BODY))
        await asyncio.sleep(0)  # noqa: TID251 (lets them come that far)
        assert await sends(LARGEST_BODY) == 503
        small = waiting.create_task(sends(SMALL))
        await asyncio.sleep(0)  # noqa: TID251
        assert not small.done(), "it is held, not refused"
        open_ended.set()
    assert await sends(LARGEST_BODY) == 0, "what was let go of can be had again"


def test_a_large_form_is_looked_through_in_place():
    mark = b"--x\r\nContent-Disposition: form-data; "
    field = b'name="%s"\r\n\r\n%s\r\n'
    body = b"".join(
        (
            mark + field % (b"body-plain", b";name=" * 700_000),
            mark + field % (b"token", b"abc"),
            mark + b';name="' * 700_000,  # a head without an end
            b"\r\n--x--\r\n",
        )
    )
    request = IntakeRequest(
        url="http://x/intake/mailgun",
        method="POST",
        query={},
        headers={"content-type": "multipart/form-data; boundary=x"},
        body=body,
        received_at=FRIDAY_NIGHT,
    )
    tracemalloc.start()
    try:
        assert read_form(request, only={"token"}).fields == {"token": b"abc"}
        assert tracemalloc.get_traced_memory()[1] < 100_000
        fields = read_form(request).fields
        assert len(fields["body-plain"]) == 6 * 700_000
    finally:
        tracemalloc.stop()


def test_a_form_of_ever_so_many_fields_is_read_up_to_a_bound():
    body = b"&".join(b"f%d=" % number for number in range(40_000))
    request = IntakeRequest(
        url="http://x/intake/a",
        method="POST",
        query={},
        headers={},
        body=body,
        received_at=FRIDAY_NIGHT,
    )
    assert len(read_form(request).fields) == MOST_PARTS
